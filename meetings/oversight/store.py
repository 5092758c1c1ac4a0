"""Rows of oversight: figures per cell and month, frozen quarters. Reads lower storeys' tables, writes none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.convening.store.meetings import MeetingRow
from meetings.db.types import WITHOUT_ROWID, JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, Quarter
from meetings.ledger.store import LedgerEntryRow
from meetings.minutes.store import InkRow, MinutesRow, MinutesSignatureRow
from meetings.oversight.figures import SittingFigures, from_json, to_json

_ENDED = ("closed", "minuted", "signed")


class CellMonthRow(SQLModel, table=True):
    """What was counted of one cell's ended sittings in one month, by sitting. Can be counted anew at any time."""

    __tablename__ = "cell_month"
    __table_args__ = (WITHOUT_ROWID,)
    cell_id: str = Field(primary_key=True, max_length=36)
    month: str = Field(primary_key=True, max_length=7)
    figures: Any = Field(sa_type=JsonText)
    counted_at: datetime = Field(sa_type=UtcDateTime)


class QuarterSnapshotRow(SQLModel, table=True):
    """Append-only (guards): a quarter's report as it was when frozen. `report` is canonical JSON, `hash` its
    SHA-256."""

    __tablename__ = "quarter_snapshot"
    __table_args__ = (
        UniqueConstraint("org_id", "quarter", name="uq_quarter_snapshot_quarter"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    org_id: str = Field(max_length=36)
    quarter: str = Field(max_length=7)
    report: str = Field(sa_type=Text)
    hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A frozen quarter."""

    id: Id
    org: Id
    quarter: Quarter
    report: str
    hash: str
    at: datetime
    by: Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Paperwork:
    """How far a sitting's minutes are. Signatures: (role, time); times None where it has not happened."""

    approved_at: datetime | None
    pdf_sha256: str | None
    signatures: tuple[tuple[str, datetime], ...]
    ink_at: datetime | None
    scan_sha256: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLine:
    """One entry of a cell's ledger, without personal values. `leaf` is its canonical JSON."""

    seq: int
    hash: str
    at: datetime
    act: str
    actor: Id | None
    meeting: Id | None
    leaf: str


async def keep_month(
    session: AsyncSession, cell: Id, month: Month, figures: Mapping[Id, SittingFigures], at: datetime
) -> None:
    """Write the figures of a month over what stands there. Writing the same again changes nothing."""
    said = {meeting: to_json(one) for meeting, one in figures.items()}
    known = await session.get(CellMonthRow, (cell, str(month)), populate_existing=True)
    if known is not None and known.figures == said:
        return
    values = {"cell_id": cell, "month": str(month), "figures": said, "counted_at": at}
    new = {"figures": said, "counted_at": at}
    keys = ["cell_id", "month"]
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            postgresql.insert(CellMonthRow)
            .values(values)
            .on_conflict_do_update(index_elements=keys, set_=new)
        )
    else:
        await session.execute(
            sqlite.insert(CellMonthRow).values(values).on_conflict_do_update(index_elements=keys, set_=new)
        )


async def kept_months(
    session: AsyncSession, cells: Sequence[Id], months: Sequence[Month]
) -> dict[tuple[Id, Month], dict[Id, SittingFigures]]:
    """The figures kept for these cells and months; a month that was never counted is missing."""
    row = CellMonthRow
    columns = select(col(row.cell_id), col(row.month), col(row.figures))
    wanted = (col(row.cell_id).in_(cells), col(row.month).in_([str(month) for month in months]))
    found = await session.execute(columns.where(*wanted))
    return {
        (cell, Month.parse(month)): {meeting: from_json(one) for meeting, one in figures.items()}
        for cell, month, figures in found
    }


async def held_months(session: AsyncSession, cells: Sequence[Id] | None) -> list[tuple[Id, Month]]:
    """Every cell (of these, or all) and month with an ended sitting, in order."""
    row = MeetingRow
    statement = select(col(row.cell_id), col(row.month)).where(
        col(row.state).in_(_ENDED), col(row.standing) != "none"
    )
    if cells is not None:
        statement = statement.where(col(row.cell_id).in_(cells))
    found = await session.execute(statement.distinct().order_by(col(row.cell_id), col(row.month)))
    return [(cell, Month.parse(month)) for cell, month in found]


async def add_snapshot(session: AsyncSession, made: Snapshot) -> None:
    """Insert a frozen quarter."""
    row = {name: getattr(made, name) for name in ("id", "report", "hash", "at")}
    row |= {"org_id": made.org, "quarter": str(made.quarter), "by_id": made.by}
    await session.execute(insert(QuarterSnapshotRow), [row])


async def snapshot(session: AsyncSession, org: Id, quarter: Quarter) -> Snapshot | None:
    """The frozen report of that quarter, if there is one."""
    row = QuarterSnapshotRow
    statement = select(row).where(col(row.org_id) == org, col(row.quarter) == str(quarter))
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        return None
    return Snapshot(
        id=found.id,
        org=found.org_id,
        quarter=Quarter.parse(found.quarter),
        report=found.report,
        hash=found.hash,
        at=found.at,
        by=found.by_id,
    )


async def paperwork(session: AsyncSession, meeting: Id) -> Paperwork:
    """How far the minutes of that sitting are."""
    return (await paperworks(session, [meeting]))[meeting]


async def paperworks(session: AsyncSession, meetings: Sequence[Id]) -> dict[Id, Paperwork]:
    """How far the minutes of each of these sittings are, in three queries."""
    about, signed, ink = MinutesRow, MinutesSignatureRow, InkRow
    columns = select(col(about.meeting_id), col(about.approved_at), col(about.pdf))
    minutes = {
        row[0]: row for row in await session.execute(columns.where(col(about.meeting_id).in_(meetings)))
    }
    columns = select(col(ink.about_id), col(ink.at), col(ink.scan)).where(col(ink.about_id).in_(meetings))
    inks = {row[0]: row for row in await session.execute(columns)}
    asked = select(col(signed.meeting_id), col(signed.role), col(signed.at))
    found = await session.execute(asked.where(col(signed.meeting_id).in_(meetings)).order_by(col(signed.at)))
    signatures: dict[Id, list[tuple[str, datetime]]] = {}
    for meeting, role, at in found:
        signatures.setdefault(meeting, []).append((role, at))
    nothing = (None, None, None)
    return {
        one: Paperwork(
            approved_at=minutes.get(one, nothing)[1],
            pdf_sha256=minutes.get(one, nothing)[2],
            signatures=tuple(signatures.get(one, ())),
            ink_at=inks.get(one, nothing)[1],
            scan_sha256=inks.get(one, nothing)[2],
        )
        for one in meetings
    }


async def ledger_lines(
    session: AsyncSession, cell: Id, *, meeting: Id | None = None, after: int = 0, most: int = 1_000
) -> list[LedgerLine]:
    """Entries of a cell after that number, in order; those of one sitting, if asked."""
    row = LedgerEntryRow
    statement = select(row).where(col(row.cell_id) == cell, col(row.seq) > after)
    if meeting is not None:
        statement = statement.where(col(row.meeting_id) == meeting)
    found = await session.execute(statement.order_by(col(row.seq)).limit(most))
    return [
        LedgerLine(
            seq=one.seq,
            hash=one.hash,
            at=one.at,
            act=one.act,
            actor=one.actor_id,
            meeting=one.meeting_id,
            leaf=one.leaf,
        )
        for one in found.scalars()
    ]
