"""Rows of obligations: one a cell and month, one a cell and quarter; guards (db/guards.py) hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    UniqueConstraint,
    exists,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import WITHOUT_ROWID
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


async def ensure_months(session: AsyncSession, owed: Sequence[tuple[Id, Month]]) -> None:
    """Make sure that every one of these cells owes its month. Writing it again changes nothing."""
    for cell, month in owed:
        await _owe(session, ObligationRow, {"cell_id": cell, "month": str(month)})


async def ensure_quarters(session: AsyncSession, owed: Sequence[tuple[Id, Quarter]]) -> None:
    """The same for the thematic sitting of the quarter."""
    for cell, quarter in owed:
        await _owe(session, ThematicObligationRow, {"cell_id": cell, "quarter": str(quarter)})


async def _owe(
    session: AsyncSession, row: type[ObligationRow | ThematicObligationRow], key: dict[str, str]
) -> None:
    there = exists().where(*(getattr(row, name) == value for name, value in key.items()))
    flag = "fulfils" if row is ObligationRow else "fulfils_theme"
    values = select(*(literal(value) for value in key.values()), literal(1)).where(~there)
    make: Any = insert
    if session.get_bind().dialect.name == "postgresql":
        make = postgresql.insert  # two writers may come at once; on SQLite they come one by one
        statement = make(row).from_select([*key, flag], values).on_conflict_do_nothing()
    else:
        statement = make(row).from_select([*key, flag], values)
    await session.execute(statement)


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
