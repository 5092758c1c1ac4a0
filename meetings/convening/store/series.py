"""Rows of a cell's monthly series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import CheckConstraint, Text, UniqueConstraint, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.rules import Span
from meetings.convening.calendar import Rollover, Series
from meetings.convening.rules import Kind, Mode
from meetings.kernel.ids import Id, derived_id


class SeriesRow(SQLModel, table=True):
    """A cell's fixed day from `since` on. `local_time` as HH:MM in `zone`."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("cell_id", "since", name="uq_series_since"),
        CheckConstraint("until IS NULL OR until >= since", name="ck_series_span"),
        CheckConstraint("day_of_month BETWEEN 1 AND 31", name="ck_series_day"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36, index=True)
    since: date
    until: date | None = None
    day_of_month: int
    local_time: str = Field(max_length=5)
    place: str = Field(sa_type=Text)
    rollover: str = Field(max_length=20)
    kind: str = Field(max_length=30)
    mode: str = Field(max_length=12)
    planned_minutes: int
    minimum_minutes: int
    zone: str = Field(max_length=60)


_SAME = ("day_of_month", "place", "planned_minutes", "minimum_minutes", "zone")


async def add(session: AsyncSession, series: Series) -> None:
    """Insert a series; the caller ended the one before."""
    row: dict[str, Any] = {name: getattr(series, name) for name in _SAME}
    row |= {
        "id": derived_id("series", series.cell, series.span.since.isoformat()),
        "cell_id": series.cell,
        "since": series.span.since,
        "until": series.span.until,
        "local_time": series.local_time.strftime("%H:%M"),
        "rollover": series.rollover.value,
        "kind": series.kind.value,
        "mode": series.mode.value,
    }
    await session.execute(insert(SeriesRow), [row])


async def end(session: AsyncSession, cell: Id, since: date, until: date) -> None:
    """Write the last day of the series that began then."""
    mine = (col(SeriesRow.cell_id) == cell, col(SeriesRow.since) == since)
    await session.execute(update(SeriesRow).where(*mine).values(until=until))


async def of_cells(session: AsyncSession, cells: Sequence[Id] | None = None) -> list[Series]:
    """The series of these cells (of all, without a choice), by cell and beginning."""
    statement = select(SeriesRow).order_by(col(SeriesRow.cell_id), col(SeriesRow.since))
    if cells is not None:
        statement = statement.where(col(SeriesRow.cell_id).in_(cells))
    return [_series(row) for row in (await session.execute(statement)).scalars()]


def _series(row: SeriesRow) -> Series:
    return Series(
        **{name: getattr(row, name) for name in _SAME},
        cell=row.cell_id,
        local_time=time.fromisoformat(row.local_time),
        span=Span(since=row.since, until=row.until),
        rollover=Rollover(row.rollover),
        kind=Kind(row.kind),
        mode=Mode(row.mode),
    )
