"""Rows of work given, and of what was found of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Text, UniqueConstraint, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.agenda.tasks import Outcome, Report, Task
from meetings.db.once import once
from meetings.db.rows import RowsBy, table_of
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


class TaskRow(SQLModel, table=True):
    """A task as it was given; append-only."""

    __tablename__ = "task"
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36, index=True)
    meeting_id: str = Field(max_length=36, index=True)
    item_id: str | None = Field(default=None, max_length=36)
    member_id: str = Field(max_length=36)
    title: str = Field(sa_type=Text)
    due: date
    practice: bool
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class TaskReportRow(SQLModel, table=True):
    """What a sitting found; append-only, in the order of `sequence`."""

    __tablename__ = "task_report"
    __table_args__ = (UniqueConstraint("task_id", "sequence", name="uq_task_report_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    task_id: str = Field(max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    sequence: int
    outcome: str = Field(max_length=10)
    due: date | None = Field(default=None)
    note: str = Field(sa_type=Text)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def add(session: AsyncSession, task: Task) -> None:
    """Insert it."""
    row = {name: getattr(task, name) for name in ("id", "title", "due", "practice", "at")}
    places = {"cell_id": task.cell, "meeting_id": task.meeting, "item_id": task.item}
    people = {"member_id": task.member, "by_id": task.by}
    await session.execute(insert(TaskRow), [row | places | people])


async def add_report(session: AsyncSession, report: Report) -> None:
    """Append it. Lock the sitting before."""
    row = {name: getattr(report, name) for name in ("id", "sequence", "due", "note", "at")}
    about = {"task_id": report.task, "meeting_id": report.meeting, "by_id": report.by}
    await session.execute(insert(TaskReportRow), [row | about | {"outcome": report.outcome.value}])


_TASKS, _REPORTS = table_of(TaskRow), table_of(TaskReportRow)


def _open() -> Select[Any]:
    later = _REPORTS.alias()
    last = select(func.max(later.c.sequence)).where(later.c.task_id == _REPORTS.c.task_id).scalar_subquery()
    ends = _REPORTS.c.outcome.in_([one.value for one in Outcome if one.ends])
    ended = select(_REPORTS.c.task_id).where(ends, _REPORTS.c.sequence == last)
    mine = (_TASKS.c.cell_id == bindparam("cell"), _TASKS.c.practice.is_(False))
    return select(_TASKS).where(*mine, _TASKS.c.id.not_in(ended))


_OPEN = _open()


@once
async def open_of_cell(session: AsyncSession, cell: Id) -> list[Task]:
    """What was given in the cell's real sittings and has not ended."""
    return [_task(row) for row in await session.execute(_OPEN, {"cell": cell})]


_ASKED = RowsBy(TaskReportRow, "meeting_id")


async def asked_at(session: AsyncSession, meeting: Id) -> list[Task]:
    """What that sitting asked after."""
    asked = await _ASKED(session, meeting)
    if not asked:
        return []  # most sittings ask after none
    wanted = select(TaskRow).where(col(TaskRow.id).in_({row.task_id for row in asked}))
    return [_task(row) for row in (await session.execute(wanted)).scalars()]


_OF_MEETING = RowsBy(TaskRow, "meeting_id", order=("at", "id"))


async def of_meeting(session: AsyncSession, meeting: Id) -> list[Task]:
    """What was given at that sitting, in order."""
    return [_task(row) for row in await _OF_MEETING(session, meeting)]


async def get(session: AsyncSession, task: Id) -> Task | None:
    """One."""
    row = (await session.execute(select(TaskRow).where(col(TaskRow.id) == task))).scalar_one_or_none()
    return _task(row) if row else None


@once
async def reports(session: AsyncSession, tasks: Sequence[Id]) -> list[Report]:
    """What was found of these, in order."""
    if not tasks:
        return []
    statement = select(TaskReportRow).where(col(TaskReportRow.task_id).in_(tasks))
    rows = await session.execute(statement.order_by(col(TaskReportRow.sequence)))
    return [_report(row) for row in rows.scalars()]


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        cell=row.cell_id,
        meeting=row.meeting_id,
        item=row.item_id,
        member=row.member_id,
        title=row.title,
        due=row.due,
        practice=row.practice,
        by=row.by_id,
        at=row.at,
    )


def _report(row: TaskReportRow) -> Report:
    return Report(
        id=row.id,
        task=row.task_id,
        meeting=row.meeting_id,
        sequence=row.sequence,
        outcome=Outcome(row.outcome),
        due=row.due,
        note=row.note,
        by=row.by_id,
        at=row.at,
    )
