"""Rows of opinions that were reserved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.rows import RowsBy
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.voting.reserved import Reserved


class ReservedOpinionRow(SQLModel, table=True):
    """What was said; append-only."""

    __tablename__ = "reserved_opinion"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id", "sequence", name="uq_reserved_opinion_sequence"),
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    vote_id: str | None = Field(default=None, max_length=36)
    item_id: str | None = Field(default=None, max_length=36)
    member_id: str = Field(max_length=36)
    sequence: int
    words: str = Field(sa_type=Text)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def add(session: AsyncSession, one: Reserved) -> None:
    """Append it. Lock the sitting before."""
    row = {name: getattr(one, name) for name in ("id", "sequence", "words", "at")}
    places = {"meeting_id": one.meeting, "vote_id": one.vote, "item_id": one.item}
    await session.execute(
        insert(ReservedOpinionRow), [row | places | {"member_id": one.member, "by_id": one.by}]
    )


_OF_MEETING = RowsBy(ReservedOpinionRow, "meeting_id", order=("member_id", "sequence"))


async def of_meeting(session: AsyncSession, meeting: Id) -> list[Reserved]:
    """All that was said in it, each member's in order."""
    return [_reserved(row) for row in await _OF_MEETING(session, meeting)]


async def get(session: AsyncSession, opinion: Id) -> Reserved | None:
    """One."""
    statement = select(ReservedOpinionRow).where(col(ReservedOpinionRow.id) == opinion)
    row = (await session.execute(statement)).scalar_one_or_none()
    return _reserved(row) if row else None


def _reserved(row: ReservedOpinionRow) -> Reserved:
    return Reserved(
        id=row.id,
        meeting=row.meeting_id,
        member=row.member_id,
        sequence=row.sequence,
        words=row.words,
        by=row.by_id,
        at=row.at,
        vote=row.vote_id,
        item=row.item_id,
    )
