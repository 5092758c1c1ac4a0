"""Rows of archive stamps on signed minutes and other signed papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.powers import Part
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.paper_signatures import PaperSignatureRow
from meetings.minutes.store import MinutesRow, MinutesSignatureRow


class ArchiveStampRow(SQLModel, table=True):
    """A document time stamp that was added; append-only. `about_id`: the meeting whose minutes, or the issued paper;
    `over`: the file before, `pdf`: with the stamp."""

    __tablename__ = "archive_stamp"
    id: str = Field(primary_key=True, max_length=36)
    about_id: str = Field(max_length=36, index=True)
    over: str = Field(max_length=64)
    pdf: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """One of them; columns as there."""

    id: Id
    about: Id
    over: str
    pdf: str
    at: datetime


async def files_before(session: AsyncSession, meeting: Id) -> set[str]:
    """Every file that was the signed one before a stamp was added, and with it (SHA-256)."""
    columns = (col(ArchiveStampRow.over), col(ArchiveStampRow.pdf))
    rows = await session.execute(select(*columns).where(col(ArchiveStampRow.about_id) == meeting))
    return {file for row in rows for file in row}


async def newest_stamp(session: AsyncSession, about: Id) -> Stamp | None:
    """The last one on the minutes of a meeting, or on an issued paper."""
    row = ArchiveStampRow
    statement = select(row).where(col(row.about_id) == about).order_by(col(row.at).desc()).limit(1)
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        return None
    return Stamp(id=found.id, about=found.about_id, over=found.over, pdf=found.pdf, at=found.at)


async def is_signed(session: AsyncSession, meeting: Id) -> bool:
    """Whether both signed the minutes by keys."""
    mine = select(func.count()).where(col(MinutesSignatureRow.meeting_id) == meeting)
    return (await session.execute(mine)).scalar_one() == len(Part)


async def without_stamp_since(session: AsyncSession, since: datetime) -> list[Id]:
    """Meetings whose minutes are signed by keys, and papers signed in every place, that have no stamp after that
    moment."""
    fresh = select(col(ArchiveStampRow.about_id)).where(col(ArchiveStampRow.at) > since)
    meeting, paper = col(MinutesSignatureRow.meeting_id), col(PaperSignatureRow.paper_id)
    minutes = select(meeting).group_by(meeting).having(func.count() == len(Part))
    complete = col(PaperSignatureRow.sequence) == col(PaperSignatureRow.places)
    papers = select(paper).where(complete, paper.not_in(fresh)).order_by(paper)
    due = (minutes.where(meeting.not_in(fresh)).order_by(meeting), papers)
    return [one for asked in due for one in (await session.execute(asked)).scalars()]


async def add_stamp(session: AsyncSession, stamp: Stamp) -> None:
    """Keep a stamp; minutes point to their stamped file."""
    values = {
        "id": stamp.id,
        "about_id": stamp.about,
        "over": stamp.over,
        "pdf": stamp.pdf,
        "at": stamp.at,
    }
    await session.execute(insert(ArchiveStampRow), [values])
    mine = col(MinutesRow.meeting_id) == stamp.about
    await session.execute(update(MinutesRow).where(mine).values(pdf=stamp.pdf))
