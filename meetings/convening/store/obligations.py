"""Rows of obligations: one a cell and month, one a cell and quarter; guards (db/guards.py) hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    TextClause,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.batch import json_rows
from meetings.db.types import WITHOUT_ROWID, dump
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, Quarter


class ObligationRow(SQLModel, table=True):
    """One a cell and calendar month. Only a meeting with `fulfils` = 1 of that cell and month can fill it."""

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint("fulfils = 1", name="ck_obligation_fulfils"),
        UniqueConstraint("fulfilled_by", name="uq_obligation_fulfilled_by"),
        ForeignKeyConstraint(
            ["fulfilled_by", "cell_id", "month", "fulfils"],
            ["meeting.id", "meeting.cell_id", "meeting.month", "meeting.fulfils"],
            name="fk_obligation_meeting",
        ),
        WITHOUT_ROWID,
    )
    cell_id: str = Field(primary_key=True, max_length=36)
    month: str = Field(primary_key=True, max_length=7)
    fulfilled_by: str | None = Field(default=None, max_length=36)
    fulfils: int = 1


class ThematicObligationRow(SQLModel, table=True):
    """One a cell and quarter: a thematic sitting (42-HD/BTCTW of 28/10/2025)."""

    __tablename__ = "thematic_obligation"
    __table_args__ = (
        CheckConstraint("fulfils_theme = 1", name="ck_thematic_obligation_fulfils"),
        UniqueConstraint("fulfilled_by", name="uq_thematic_obligation_fulfilled_by"),
        ForeignKeyConstraint(
            ["fulfilled_by", "cell_id", "quarter", "fulfils_theme"],
            ["meeting.id", "meeting.cell_id", "meeting.quarter", "meeting.fulfils_theme"],
            name="fk_thematic_obligation_meeting",
        ),
        WITHOUT_ROWID,
    )
    cell_id: str = Field(primary_key=True, max_length=36)
    quarter: str = Field(primary_key=True, max_length=7)
    fulfilled_by: str | None = Field(default=None, max_length=36)
    fulfils_theme: int = 1


async def ensure_months(session: AsyncSession, owed: Iterable[tuple[Id, Month]]) -> None:
    """Make sure that every one of these cells owes its month. Writing it again changes nothing."""
    rows = [{"cell_id": cell, "period": str(month)} for cell, month in owed]
    await session.execute(_owing(_dialect(session), "obligation", "month", "fulfils"), {"rows": dump(rows)})


async def ensure_quarters(session: AsyncSession, owed: Iterable[tuple[Id, Quarter]]) -> None:
    """The same for the thematic sitting of the quarter."""
    rows = [{"cell_id": cell, "period": str(quarter)} for cell, quarter in owed]
    owing = _owing(_dialect(session), "thematic_obligation", "quarter", "fulfils_theme")
    await session.execute(owing, {"rows": dump(rows)})


@cache
def _owing(dialect: str, table: str, period: str, flag: str) -> TextClause:
    """One statement whatever the number of cells: a province's ballots wait while it runs."""
    rows = json_rows(dialect, {"cell_id": "text", "period": "text"})
    known = f"known.cell_id = b.cell_id AND known.{period} = b.period"
    return text(
        f"INSERT INTO {table} (cell_id, {period}, {flag}) SELECT b.cell_id, b.period, 1 FROM {rows}"  # noqa: S608  constants only
        f" WHERE NOT EXISTS (SELECT 1 FROM {table} AS known WHERE {known})"
        f" ORDER BY b.cell_id ON CONFLICT (cell_id, {period}) DO NOTHING"
    )


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


async def fulfil_month(session: AsyncSession, cell: Id, month: Month, meeting: Id) -> bool:
    """Fill the month's obligation with this meeting where it is still open; whether it was."""
    await ensure_months(session, [(cell, month)])
    free = (col(ObligationRow.cell_id) == cell, col(ObligationRow.month) == str(month))
    statement = update(ObligationRow).where(*free, col(ObligationRow.fulfilled_by).is_(None))
    done: Any = await session.execute(statement.values(fulfilled_by=meeting))
    return bool(done.rowcount)


async def fulfil_quarter(session: AsyncSession, cell: Id, quarter: Quarter, meeting: Id) -> bool:
    """The same for the quarter's thematic sitting."""
    row = ThematicObligationRow
    await ensure_quarters(session, [(cell, quarter)])
    free = (col(row.cell_id) == cell, col(row.quarter) == str(quarter), col(row.fulfilled_by).is_(None))
    done: Any = await session.execute(update(row).where(*free).values(fulfilled_by=meeting))
    return bool(done.rowcount)


async def months_fulfilled(
    session: AsyncSession, cells: Sequence[Id], months: Sequence[Month]
) -> dict[tuple[Id, Month], Id]:
    """The meeting that fulfils each (cell, month) that is fulfilled."""
    statement = select(ObligationRow).where(
        col(ObligationRow.cell_id).in_(cells),
        col(ObligationRow.month).in_([str(month) for month in months]),
        col(ObligationRow.fulfilled_by).is_not(None),
    )
    rows = (await session.execute(statement)).scalars()
    return {(row.cell_id, Month.parse(row.month)): str(row.fulfilled_by) for row in rows}


async def quarters_fulfilled(session: AsyncSession, cells: Sequence[Id], quarter: Quarter) -> dict[Id, Id]:
    """The meeting that fulfils the quarter's thematic obligation, for each cell that has one."""
    statement = select(ThematicObligationRow).where(
        col(ThematicObligationRow.cell_id).in_(cells),
        col(ThematicObligationRow.quarter) == str(quarter),
        col(ThematicObligationRow.fulfilled_by).is_not(None),
    )
    return {row.cell_id: str(row.fulfilled_by) for row in (await session.execute(statement)).scalars()}
