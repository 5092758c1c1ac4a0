"""Rows of archive stamps on signed minutes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.store import MinutesRow, MinutesSignatureRow

_SIGNERS = 2


class MinutesArchiveRow(SQLModel, table=True):
    """A document time stamp that was added; append-only. `over`: the file before, `pdf`: with the stamp."""

    __tablename__ = "minutes_archive"
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    over: str = Field(max_length=64)
    pdf: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


async def files_before(session: AsyncSession, meeting: Id) -> set[str]:
    """Every file that was the signed one before a stamp was added, and with it (SHA-256)."""
    columns = (col(MinutesArchiveRow.over), col(MinutesArchiveRow.pdf))
    rows = await session.execute(select(*columns).where(col(MinutesArchiveRow.meeting_id) == meeting))
    return {file for row in rows for file in row}


async def newest_stamp(session: AsyncSession, meeting: Id) -> datetime | None:
    """When the last stamp was added."""
    statement = select(col(MinutesArchiveRow.at)).where(col(MinutesArchiveRow.meeting_id) == meeting)
    newest = statement.order_by(col(MinutesArchiveRow.at).desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()


async def is_signed(session: AsyncSession, meeting: Id) -> bool:
    """Whether both signed by keys."""
    mine = select(func.count()).where(col(MinutesSignatureRow.meeting_id) == meeting)
    return (await session.execute(mine)).scalar_one() == _SIGNERS


async def without_stamp_since(session: AsyncSession, since: datetime) -> list[Id]:
    """Meetings whose minutes are signed by keys and have no stamp after that moment."""
    fresh = select(col(MinutesArchiveRow.meeting_id)).where(col(MinutesArchiveRow.at) > since)
    meeting = col(MinutesSignatureRow.meeting_id)
    signed = select(meeting).group_by(meeting).having(func.count() == _SIGNERS)
    return list((await session.execute(signed.where(meeting.not_in(fresh)).order_by(meeting))).scalars())


async def add_stamp(session: AsyncSession, stamp: Id, meeting: Id, over: str, pdf: str, at: datetime) -> None:
    """Keep a stamp and point to the stamped file."""
    values = {"id": stamp, "meeting_id": meeting, "over": over, "pdf": pdf, "at": at}
    await session.execute(insert(MinutesArchiveRow), [values])
    await session.execute(update(MinutesRow).where(col(MinutesRow.meeting_id) == meeting).values(pdf=pdf))
