"""Rows of what devices brought in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKeyConstraint, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """That a sitting was held without a network and brought in once. `sent_at`: the device's clock at sending;
    `at`: the receipt; `differences`: how many a person had to look at."""

    meeting: Id
    id: Id
    body_hash: str
    sent_at: datetime
    at: datetime
    by: Id
    differences: int


class OfflineRecordRow(SQLModel, table=True):
    """Append-only (guards): one record for a sitting, and one sitting for a record."""

    __tablename__ = "offline_record"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_offline_record_meeting"),
        UniqueConstraint("id", name="uq_offline_record_id"),
        WITHOUT_ROWID,
    )
    meeting_id: str = Field(primary_key=True, max_length=36)
    id: str = Field(max_length=36)
    body_hash: str = Field(max_length=64)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)
    differences: int


_SAME = ("id", "body_hash", "sent_at", "at", "differences")


async def add(session: AsyncSession, brought: Brought) -> None:
    """Insert it."""
    row = {name: value for name, value in asdict(brought).items() if name in _SAME}
    await session.execute(
        insert(OfflineRecordRow), [row | {"meeting_id": brought.meeting, "by_id": brought.by}]
    )


async def of_meeting(session: AsyncSession, meeting: Id) -> Brought | None:
    """What was brought in for that sitting."""
    return await _found(session, col(OfflineRecordRow.meeting_id) == meeting)


async def by_id(session: AsyncSession, record: Id) -> Brought | None:
    """What was brought in under that id, for whatever sitting."""
    return await _found(session, col(OfflineRecordRow.id) == record)


async def _found(session: AsyncSession, where: ColumnElement[bool]) -> Brought | None:
    row = (await session.execute(select(OfflineRecordRow).where(where))).scalar_one_or_none()
    if row is None:
        return None
    facts = {name: getattr(row, name) for name in _SAME}
    return Brought(**facts, meeting=row.meeting_id, by=row.by_id)
