"""Rows of the speakers' list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.agenda.speakers import Hand, HandState
from meetings.db.rows import RowsBy
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id

_UP = text("state IN ('waiting', 'speaking')")
_SPEAKING = text("state = 'speaking'")


class RaisedHandRow(SQLModel, table=True):
    """One wish to speak. Everybody has one hand up at most, and one has the floor. `guest`: `member_id` is of a
    guest."""

    __tablename__ = "raised_hand"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number", name="uq_raised_hand_number"),
        Index(
            "uq_raised_hand_up",
            "meeting_id",
            "member_id",
            unique=True,
            sqlite_where=_UP,
            postgresql_where=_UP,
        ),
        Index(
            "uq_raised_hand_floor",
            "meeting_id",
            unique=True,
            sqlite_where=_SPEAKING,
            postgresql_where=_SPEAKING,
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    number: int
    by_id: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=10)
    item_id: str | None = Field(default=None, max_length=36)
    called_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    guest: bool


_OF_MEETING = RowsBy(RaisedHandRow, "meeting_id", order=("number",))


async def of_meeting(session: AsyncSession, meeting: Id) -> list[Hand]:
    """In the order of asking."""
    return [_hand(row) for row in await _OF_MEETING(session, meeting)]


async def meeting_of(session: AsyncSession, hand: Id) -> Id | None:
    """The meeting to whose list the hand belongs."""
    statement = select(col(RaisedHandRow.meeting_id)).where(col(RaisedHandRow.id) == hand)
    return (await session.execute(statement)).scalar_one_or_none()


async def add(session: AsyncSession, hand: Hand) -> None:
    """Insert it. Lock the sitting before."""
    row = {"id": hand.id, "meeting_id": hand.meeting, "member_id": hand.member, "number": hand.number}
    await session.execute(
        insert(RaisedHandRow),
        [row | {"by_id": hand.by, "asked_at": hand.asked_at, "guest": hand.guest} | _standing(hand)],
    )


async def save(session: AsyncSession, hands: Iterable[Hand]) -> None:
    """Where these stand now, in this order."""
    for hand in hands:
        await session.execute(
            update(RaisedHandRow).where(col(RaisedHandRow.id) == hand.id).values(**_standing(hand))
        )


def _standing(hand: Hand) -> dict[str, object]:
    return {
        "state": hand.state.value,
        "item_id": hand.item,
        "called_at": hand.called_at,
        "ended_at": hand.ended_at,
    }


def _hand(row: RaisedHandRow) -> Hand:
    return Hand(
        id=row.id,
        meeting=row.meeting_id,
        member=row.member_id,
        number=row.number,
        by=row.by_id,
        asked_at=row.asked_at,
        state=HandState(row.state),
        item=row.item_id,
        called_at=row.called_at,
        ended_at=row.ended_at,
        guest=row.guest,
    )
