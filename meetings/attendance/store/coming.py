"""Who said that they will come to the hall: an answer to the call, never presence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id, new_id


class ComingRow(SQLModel, table=True):
    """Append-only: said once. A request for leave made afterwards stands over it."""

    __tablename__ = "coming"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id", name="uq_coming_member"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def add_coming(session: AsyncSession, meeting: Id, member: Id, at: datetime) -> None:
    """Insert. Lock the sitting before."""
    row = {"id": new_id(), "meeting_id": meeting, "member_id": member, "at": at}
    await session.execute(insert(ComingRow), [row])


async def who_comes(session: AsyncSession, meeting: Id) -> frozenset[Id]:
    """The members who said so."""
    found = await session.execute(
        select(col(ComingRow.member_id)).where(col(ComingRow.meeting_id) == meeting)
    )
    return frozenset(found.scalars())
