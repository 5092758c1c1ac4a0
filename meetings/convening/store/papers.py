"""Rows of what was told afterwards: a superior's decision, a sitting held on paper, a restatement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Text, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.convening.afterwards import PaperEntry, Restatement
from meetings.convening.obligations import Decision
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id
from meetings.kernel.months import Month


class MonthDecisionRow(SQLModel, table=True):
    """Append-only (guards): a superior's paper about a cell's month. It fulfils nothing."""

    __tablename__ = "month_decision"
    __table_args__ = (
        UniqueConstraint("cell_id", "month", "number", "issued_on", name="uq_month_decision_paper"),
        ForeignKeyConstraint(["scan_sha256"], ["stored_file.sha256"], name="fk_month_decision_scan"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    month: str = Field(max_length=7)
    number: str = Field(sa_type=Text)
    issued_on: date
    issuer: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    lifts_month: bool = True
    scan_sha256: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


class PaperEntryRow(SQLModel, table=True):
    """Append-only (guards): what the paper of a meeting held without any device says."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_paper_entry_meeting"),
        ForeignKeyConstraint(["photo_sha256"], ["stored_file.sha256"], name="fk_paper_entry_photo"),
        WITHOUT_ROWID,
    )
    meeting_id: str = Field(primary_key=True, max_length=36)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime = Field(sa_type=UtcDateTime)
    photo_sha256: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


class RestatementRow(SQLModel, table=True):
    """Append-only (guards): a dated correction of a closed sitting, seen by auditors."""

    __tablename__ = "restatement"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_restatement_meeting"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    what: str = Field(sa_type=Text)
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


_DECISION = ("id", "number", "issued_on", "issuer", "reason", "lifts_month", "scan_sha256")
_RESTATEMENT = ("id", "what", "before", "after", "reason", "at")
_PAPER = ("opened_at", "closed_at", "photo_sha256", "at")


async def add_decision(session: AsyncSession, decision: Decision, by: Id, at: datetime) -> None:
    """Insert a decision."""
    row = {name: getattr(decision, name) for name in _DECISION}
    row |= {"cell_id": decision.cell, "month": str(decision.month), "by_id": by, "at": at}
    await session.execute(insert(MonthDecisionRow), [row])


async def decisions(session: AsyncSession, cells: Sequence[Id], months: Sequence[Month]) -> list[Decision]:
    """The decisions about these months of these cells, by day of issue."""
    row, wanted = MonthDecisionRow, [str(month) for month in months]
    statement = select(row).where(col(row.cell_id).in_(cells), col(row.month).in_(wanted))
    rows = await session.execute(statement.order_by(col(row.issued_on), col(row.id)))
    return [_decision(found) for found in rows.scalars()]


def _decision(row: MonthDecisionRow) -> Decision:
    facts = {name: getattr(row, name) for name in _DECISION}
    return Decision(**facts, cell=row.cell_id, month=Month.parse(row.month))


async def add_paper(session: AsyncSession, paper: PaperEntry) -> None:
    """Insert what the paper says."""
    row = {name: getattr(paper, name) for name in _PAPER}
    await session.execute(insert(PaperEntryRow), [row | {"meeting_id": paper.meeting, "by_id": paper.by}])


async def paper(session: AsyncSession, meeting: Id) -> PaperEntry | None:
    """What the paper of that meeting says, if it was held on paper."""
    statement = select(PaperEntryRow).where(col(PaperEntryRow.meeting_id) == meeting)
    if (row := (await session.execute(statement)).scalar_one_or_none()) is None:
        return None
    return _paper(row)


def _paper(row: PaperEntryRow) -> PaperEntry:
    return PaperEntry(**{name: getattr(row, name) for name in _PAPER}, meeting=row.meeting_id, by=row.by_id)


async def papers_of(session: AsyncSession, meetings: Sequence[Id]) -> list[PaperEntry]:
    """What the papers of these sittings say, where they were held on paper."""
    rows = await session.execute(select(PaperEntryRow).where(col(PaperEntryRow.meeting_id).in_(meetings)))
    return [_paper(row) for row in rows.scalars()]


async def add_restatement(session: AsyncSession, one: Restatement) -> None:
    """Insert a restatement."""
    row = {name: getattr(one, name) for name in _RESTATEMENT}
    await session.execute(insert(RestatementRow), [row | {"meeting_id": one.meeting, "by_id": one.by}])


async def restatements(session: AsyncSession, meetings: Sequence[Id]) -> list[Restatement]:
    """The restatements of these sittings in order."""
    row = RestatementRow
    statement = select(row).where(col(row.meeting_id).in_(meetings)).order_by(col(row.at), col(row.id))
    return [_restatement(found) for found in (await session.execute(statement)).scalars()]


def _restatement(row: RestatementRow) -> Restatement:
    facts = {name: getattr(row, name) for name in _RESTATEMENT}
    return Restatement(**facts, meeting=row.meeting_id, by=row.by_id)
