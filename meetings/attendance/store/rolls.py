"""Rolls as they were sent in: the answer to a repeat, and who sent it through which pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id


class RollRow(SQLModel, table=True):
    """Append-only. The id is made by the client; a correction is a roll of one mark."""

    __tablename__ = "roll"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    body_hash: str = Field(max_length=64)
    by_id: str = Field(max_length=36)
    pass_id: str | None = Field(default=None, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    marks: int
    last_sequence: int
    confirmed: bool
    in_hall: int
    head_count: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Roll:
    """What one roll did: `in_hall` members marked there after it, of `head_count` people counted.

    `confirmed`: whether the sitting's roll stood confirmed after it. `held_pass`: the helper's pass.
    """

    id: Id
    meeting: Id
    body_hash: str
    by: Id
    held_pass: Id | None
    at: datetime
    marks: int
    last_sequence: int
    confirmed: bool
    in_hall: int
    head_count: int | None


async def add(session: AsyncSession, roll: Roll) -> None:
    """Insert."""
    row = {name: getattr(roll, name) for name in _SAME}
    row |= {"meeting_id": roll.meeting, "by_id": roll.by, "pass_id": roll.held_pass}
    await session.execute(insert(RollRow), [row])


async def get(session: AsyncSession, roll: Id) -> Roll | None:
    """The roll under that id."""
    row = await session.get(RollRow, roll)
    if row is None:
        return None
    return Roll(
        id=row.id,
        meeting=row.meeting_id,
        body_hash=row.body_hash,
        by=row.by_id,
        held_pass=row.pass_id,
        at=row.at,
        marks=row.marks,
        last_sequence=row.last_sequence,
        confirmed=row.confirmed,
        in_hall=row.in_hall,
        head_count=row.head_count,
    )


async def last_head_count(session: AsyncSession, meeting: Id) -> tuple[int, int] | None:
    """(members counted in the hall, members marked there then), as last written down; None where nobody counted."""
    table = RollRow
    mine = col(table.meeting_id) == meeting, col(table.head_count).is_not(None)
    newest = (col(table.at).desc(), col(table.last_sequence).desc())
    statement = select(table).where(*mine).order_by(*newest).limit(1)
    row = (await session.execute(statement)).scalar_one_or_none()
    return None if row is None or row.head_count is None else (row.head_count, row.in_hall)


_SAME = ("id", "body_hash", "at", "marks", "last_sequence", "confirmed", "in_hall", "head_count")
