"""Who said that they will come to the hall: an answer to the call, never presence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id, new_id


class ComingRow(SQLModel, table=True):
    """Append-only: said once for each start that the sitting was given. A request for leave stands over it."""

    __tablename__ = "coming"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id", "starts_at", name="uq_coming_member"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


async def add_coming(
    session: AsyncSession, meeting: Id, member: Id, *, starts_at: datetime, at: datetime
) -> None:
    """Insert. Lock the sitting before."""
    row = {"id": new_id(), "meeting_id": meeting, "member_id": member, "starts_at": starts_at, "at": at}
    await session.execute(insert(ComingRow), [row])


_OF_MEETING = RowsBy(ComingRow, "meeting_id", order=("at", "id"))


async def who_comes(session: AsyncSession, meeting: Id) -> list[tuple[Id, datetime]]:
    """Each member who said so with the start that it was said for, in the order of saying."""
    return [(row.member_id, row.starts_at) for row in await _OF_MEETING(session, meeting)]
