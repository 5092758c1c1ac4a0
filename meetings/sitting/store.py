"""What was said about fees at the opening of a sitting, and that its minutes were read out before its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.rows import RowsBy
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.sitting.rules import FeeLine


class OpeningBlockRow(SQLModel, table=True):
    """Typed at the opening; until the sitting is closed it may be mended (each time in the ledger)."""

    __tablename__ = "opening_block"
    meeting_id: str = Field(primary_key=True, max_length=36)
    fee_paid: int
    fee_of: int
    at: datetime = Field(sa_type=UtcDateTime)


async def put_fee_line(session: AsyncSession, meeting: Id, line: FeeLine, at: datetime) -> None:
    """Write the fee line."""
    values = {"fee_paid": line.paid, "fee_of": line.of, "at": at}
    if await session.get(OpeningBlockRow, meeting) is None:
        await session.execute(insert(OpeningBlockRow), [{"meeting_id": meeting, **values}])
    else:
        mine = col(OpeningBlockRow.meeting_id) == meeting
        await session.execute(update(OpeningBlockRow).where(mine).values(**values))


_OPENING = RowsBy(OpeningBlockRow, "meeting_id")


async def fee_line(session: AsyncSession, meeting: Id) -> FeeLine | None:
    """The fee line, if one was typed."""
    row = await _OPENING.one(session, meeting)
    return None if row is None else FeeLine(paid=row.fee_paid, of=row.fee_of)


class ReadOutRow(SQLModel, table=True):
    """When the minutes were read out in the sitting; until it is closed that may be mended (each time in the
    ledger)."""

    __tablename__ = "read_out"
    meeting_id: str = Field(primary_key=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime = Field(sa_type=UtcDateTime)


async def put_read_out(session: AsyncSession, meeting: Id, at: datetime, told_at: datetime) -> None:
    """Write the moment, and when it was told."""
    values = {"at": at, "told_at": told_at}
    if await session.get(ReadOutRow, meeting) is None:
        await session.execute(insert(ReadOutRow), [{"meeting_id": meeting, **values}])
    else:
        await session.execute(
            update(ReadOutRow).where(col(ReadOutRow.meeting_id) == meeting).values(**values)
        )


async def read_out(session: AsyncSession, meeting: Id) -> datetime | None:
    """When the minutes were read out in the sitting, if they were."""
    statement = select(col(ReadOutRow.at)).where(col(ReadOutRow.meeting_id) == meeting)
    return (await session.execute(statement)).scalar_one_or_none()
