"""Rows of what committees entered about days off and days of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Text, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.convening.holidays import DayDecision
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


class HolidayDecisionRow(SQLModel, table=True):
    """Append-only (guards): one day of one paper. Of two about the same day the later entry holds."""

    __tablename__ = "holiday_decision"
    id: str = Field(primary_key=True, max_length=36)
    org_id: str = Field(max_length=36, index=True)
    org_name: str = Field(sa_type=Text)
    day: date
    off: bool
    name: str = Field(sa_type=Text)
    citation: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


_SAME = ("id", "org_name", "day", "off", "name", "citation", "at")


async def add(session: AsyncSession, decisions: Sequence[DayDecision], by: Id) -> None:
    """Insert them."""
    rows = [{name: getattr(one, name) for name in _SAME} for one in decisions]
    values = [row | {"org_id": one.org, "by_id": by} for row, one in zip(rows, decisions, strict=True)]
    await session.execute(insert(HolidayDecisionRow), values)


async def of_orgs(session: AsyncSession, orgs: Sequence[Id]) -> list[DayDecision]:
    """Everything that these organisations entered."""
    statement = select(HolidayDecisionRow).where(col(HolidayDecisionRow.org_id).in_(orgs))
    rows = (await session.execute(statement)).scalars()
    return [DayDecision(**{name: getattr(row, name) for name in _SAME}, org=row.org_id) for row in rows]
