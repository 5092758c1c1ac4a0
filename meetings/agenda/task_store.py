"""Rows of work given, and of what was found of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from meetings.agenda.tasks import Outcome, Report, Task
from meetings.db.once import once
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


@once
async def open_of_cell(session: AsyncSession, cell: Id) -> list[Task]:
    """What was given in the cell's real sittings and has not ended."""
    later = aliased(TaskReportRow)
    last = select(func.max(later.sequence)).where(col(later.task_id) == col(TaskReportRow.task_id))
    ended = select(col(TaskReportRow.task_id)).where(
        col(TaskReportRow.outcome).in_([one.value for one in Outcome if one.ends]),
        col(TaskReportRow.sequence) == last.scalar_subquery(),
    )
    mine = select(TaskRow).where(col(TaskRow.cell_id) == cell, col(TaskRow.practice).is_(False))
    rows = await session.execute(mine.where(col(TaskRow.id).not_in(ended)))
    return [_task(row) for row in rows.scalars()]


async def asked_at(session: AsyncSession, meeting: Id) -> list[Task]:
    """What that sitting asked after."""
    asked = select(col(TaskReportRow.task_id)).where(col(TaskReportRow.meeting_id) == meeting)
    rows = await session.execute(select(TaskRow).where(col(TaskRow.id).in_(asked)))
    return [_task(row) for row in rows.scalars()]


async def of_meeting(session: AsyncSession, meeting: Id) -> list[Task]:
    """What was given at that sitting, in order."""
    statement = select(TaskRow).where(col(TaskRow.meeting_id) == meeting)
    rows = await session.execute(statement.order_by(col(TaskRow.at), col(TaskRow.id)))
    return [_task(row) for row in rows.scalars()]


async def get(session: AsyncSession, task: Id) -> Task | None:
    """One."""
    row = (await session.execute(select(TaskRow).where(col(TaskRow.id) == task))).scalar_one_or_none()
    return _task(row) if row else None


@once
async def reports(session: AsyncSession, tasks: Sequence[Id]) -> list[Report]:
    """What was found of these, in order."""
    statement = select(TaskReportRow).where(col(TaskReportRow.task_id).in_(tasks))
    rows = await session.execute(statement.order_by(col(TaskReportRow.sequence)))
    return [_report(row) for row in rows.scalars()]


def _task(row: TaskRow) -> Task:
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
