"""Work given, as the minutes state it: what this sitting found of earlier work, and what it gave."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.agenda import service as agenda
from meetings.agenda.tasking import TasksLook, tasks_of
from meetings.agenda.tasks import Followed, Outcome
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.text import date_text
from meetings.minutes.records import LookedBack, Task

_NOT_ASKED = "chưa kiểm điểm"


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Both tables."""

    looked_back: tuple[LookedBack, ...]
    given: tuple[Task, ...]


async def work_of(uow: UnitOfWork, sitting: AnySitting) -> Work:
    """Work that was on the agenda and that nobody asked after stands there as such."""
    look = await tasks_of(uow, sitting)
    listed = any(one.review for one in await agenda.items(uow, sitting.id))
    asked = [one for one in look.asked if listed or one.found_at(sitting.id)]
    return Work(
        looked_back=tuple(_looked_back(look, one, sitting.id) for one in asked),
        given=tuple(
            Task(title=one.task.title, assignee=look.names[one.task.member], due=date_text(one.task.due))
            for one in look.given
        ),
    )


def _looked_back(look: TasksLook, one: Followed, meeting: Id) -> LookedBack:
    told = one.found_at(meeting)
    found = told.outcome.text if told else _NOT_ASKED
    if told and told.due is not None:
        found = f"{found} đến {date_text(told.due)}"
    if told and told.outcome is Outcome.DONE and look.day > one.before(meeting).due:
        found = f"{found}, sau hạn"
    return LookedBack(
        title=one.task.title,
        assignee=look.names[one.task.member],
        due=date_text(one.before(meeting).due),
        found=found,
        note=told.note if told else "",
    )
