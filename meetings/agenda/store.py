"""Rows of the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.agenda.rules import Item, ItemState
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id

_LIVE = text("state = 'live'")


class AgendaItemRow(SQLModel, table=True):
    """One item; at most one of a meeting is live."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position", name="uq_agenda_item_position"),
        Index("uq_agenda_item_live", "meeting_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    position: int
    title: str = Field(max_length=300)
    planned_minutes: int
    presenter_id: str | None = Field(default=None, max_length=36)
    state: str = Field(max_length=10)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    conclusion: str = Field(sa_type=Text)
    review: bool


_OF_MEETING = RowsBy(AgendaItemRow, "meeting_id", order=("position",))


@once
async def of_meeting(session: AsyncSession, meeting: Id) -> list[Item]:
    """By position."""
    return [_item(row) for row in await _OF_MEETING(session, meeting)]


async def meeting_of(session: AsyncSession, item: Id) -> Id | None:
    """The meeting to which the item belongs."""
    statement = select(col(AgendaItemRow.meeting_id)).where(col(AgendaItemRow.id) == item)
    return (await session.execute(statement)).scalar_one_or_none()


async def put(session: AsyncSession, meeting: Id, items: Sequence[Item]) -> None:
    """These and no others. Lock the sitting before."""
    await session.execute(delete(AgendaItemRow).where(col(AgendaItemRow.meeting_id) == meeting))
    rows = [
        {name: getattr(item, name) for name in _SAME}
        | {"meeting_id": item.meeting, "presenter_id": item.presenter, "state": item.state.value}
        for item in items
    ]
    if rows:
        await session.execute(insert(AgendaItemRow), rows)


_SAME = ("id", "position", "title", "planned_minutes", "started_at", "ended_at", "conclusion", "review")


def _item(row: AgendaItemRow) -> Item:
    return Item(
        id=row.id,
        meeting=row.meeting_id,
        position=row.position,
        title=row.title,
        planned_minutes=row.planned_minutes,
        presenter=row.presenter_id,
        state=ItemState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        conclusion=row.conclusion,
        review=row.review,
    )
