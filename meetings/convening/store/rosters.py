"""Rows of who belongs to a sitting that has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from meetings.committees.members import CountsAs
from meetings.committees.rules import Category
from meetings.convening.rosters import RosterEntry
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id

_CATEGORIES = ", ".join(repr(one.value) for one in Category)


class RosterEntryRow(SQLModel, table=True):
    """Append-only (guards): sequence 0 is written while the sitting closes, corrections after it."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        CheckConstraint(f"category IS NULL OR category IN ({_CATEGORIES})", name="ck_roster_entry_category"),
        CheckConstraint("(category IS NULL) = (official IS NULL)", name="ck_roster_entry_counts"),
        CheckConstraint("sequence > 0 OR category IS NOT NULL", name="ck_roster_entry_kept"),
        CheckConstraint(
            "(sequence > 0) = (reason IS NOT NULL AND by_id IS NOT NULL AND at IS NOT NULL)",
            name="ck_roster_entry_said",
        ),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_roster_entry_meeting"),
        ForeignKeyConstraint(["member_id"], ["membership.id"], name="fk_roster_entry_member"),
        WITHOUT_ROWID,
    )
    meeting_id: str = Field(primary_key=True, max_length=36)
    member_id: str = Field(primary_key=True, max_length=36)
    sequence: int = Field(primary_key=True)
    category: str | None = Field(default=None, max_length=20)
    official: bool | None = None
    reason: str | None = Field(default=None, sa_type=Text)
    by_id: str | None = Field(default=None, max_length=36)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def add(session: AsyncSession, meeting: Id, entries: Sequence[RosterEntry]) -> None:
    """Insert."""
    rows = [
        {
            "meeting_id": meeting,
            "member_id": one.member,
            "sequence": one.sequence,
            "category": one.counts.category.value if one.counts else None,
            "official": one.counts.official if one.counts else None,
            "reason": one.reason,
            "by_id": one.by,
            "at": one.at,
        }
        for one in entries
    ]
    if rows:
        await session.execute(insert(RosterEntryRow), rows)


_ENTRIES = RowsBy(RosterEntryRow, "meeting_id")


async def entries(session: AsyncSession, meeting: Id) -> list[RosterEntry]:
    """What was kept at the close and corrected since, in no order; nothing of a sitting that has not ended."""
    return [_entry(row) for row in await _ENTRIES(session, meeting)]


def _entry(row: RosterEntryRow) -> RosterEntry:
    counts = None
    if row.category is not None:
        counts = CountsAs(category=Category(row.category), official=bool(row.official))
    return RosterEntry(
        member=row.member_id, sequence=row.sequence, counts=counts, reason=row.reason, by=row.by_id, at=row.at
    )
