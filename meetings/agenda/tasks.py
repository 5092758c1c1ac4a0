"""Pure words of work given at a sitting: to whom, until when, and what the next sittings found of it.

42-HD/BTCTW (28/10/2025) asks that work be given with a term (domain.md 1.4); what is found of it stands in the next
sitting's record (the table of the month's resolution, domain.md 4.2). Reports are only added, never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from meetings.agenda.rules import Item
from meetings.convening.rules import Kind
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id

MOST_TASKS = 200  # given at one sitting
MOST_AHEAD_YEARS = 6  # a term of five years, and a little
REVIEW_TITLE = "Kiểm điểm việc đã giao"
REVIEW_MINUTES = 5
# Sittings that look back at work given: the others (a ceremony, a congress, an online supplement) have their own.
LOOKING_BACK = frozenset({Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC, Kind.THEMATIC, Kind.COMMITTEE})


class Outcome(StrEnum):
    """What a sitting found of a task."""

    DONE = "done"
    LATE = "late"
    EXTENDED = "extended"
    DROPPED = "dropped"

    @property
    def text(self) -> str:
        """In Vietnamese."""
        return _OUTCOMES[self]

    @property
    def ends(self) -> bool:
        """Whether nobody asks after the task any more."""
        return self in {Outcome.DONE, Outcome.DROPPED}


_OUTCOMES = {
    Outcome.DONE: "đã xong",
    Outcome.LATE: "chậm, chưa xong",
    Outcome.EXTENDED: "gia hạn",
    Outcome.DROPPED: "thôi giao",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Work given to a member at a sitting. `due`: the last day, as first said. Rehearsed ones stay in theirs."""

    id: Id
    cell: Id
    meeting: Id
    member: Id
    title: str
    due: date
    by: Id
    at: datetime
    item: Id | None = None
    practice: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was found of a task at a later sitting. `sequence` counts from 1; the last one of a sitting holds.
    `due`: the new last day, where it was extended."""

    id: Id
    task: Id
    meeting: Id
    sequence: int
    outcome: Outcome
    by: Id
    at: datetime
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A task with everything that was found of it, in order."""

    task: Task
    reports: tuple[Report, ...] = ()

    @property
    def due(self) -> date:
        """The last day now: as last extended."""
        found = [one.due for one in self.reports if one.due is not None]
        return found[-1] if found else self.task.due

    @property
    def outcome(self) -> Outcome | None:
        """As found last; None: nobody has asked yet."""
        return self.reports[-1].outcome if self.reports else None

    @property
    def open(self) -> bool:
        """Whether the next sitting asks after it."""
        return self.outcome is None or not self.outcome.ends

    def overdue(self, day: date) -> bool:
        """Whether it is open after its last day."""
        return self.open and day > self.due

    def found_at(self, meeting: Id) -> Report | None:
        """What holds of what that sitting found."""
        return next((one for one in reversed(self.reports) if one.meeting == meeting), None)

    def before(self, meeting: Id) -> Followed:
        """The task as that sitting came to it: without what it found, and what was found since."""
        kept: list[Report] = []
        for one in self.reports:
            if one.meeting == meeting:
                break
            kept.append(one)
        return Followed(task=self.task, reports=tuple(kept))


class NoSuchTask(NotFound):
    """Not a task that this sitting may ask after."""

    code = "no-such-task"
    message = "Không tìm thấy việc này."


class BadDue(Invalid):
    """The last day lies before the sitting, or absurdly far ahead."""

    code = "bad-due"
    message = "Hạn phải từ ngày họp trở đi và không quá {years} năm."


class DueNeeded(Invalid):
    """An extension says until when, and nothing else does."""

    code = "due-needed"
    message = "Gia hạn thì cần ghi hạn mới; ngoài gia hạn thì không ghi."


class NoteNeeded(Invalid):
    """Work is dropped for a reason that is written down."""

    code = "note-needed"
    message = "Thôi giao việc thì cần ghi lý do."


class TaskEnded(Conflict):
    """A sitting before this one found it done, or dropped it."""

    code = "task-ended"
    message = "Việc này đã xong hoặc đã thôi giao từ buổi trước."


class TaskOfThisSitting(Conflict):
    """Work given here is asked after at the next sitting."""

    code = "task-of-this-sitting"
    message = "Việc vừa giao ở buổi này sẽ được kiểm điểm ở buổi sau."


class TooManyTasks(Conflict):
    """More than one sitting gives."""

    code = "too-many-tasks"
    message = "Một buổi họp chỉ giao được {most} việc."


def check_due(due: date, day: date) -> None:
    """Raises BadDue. `day`: the sitting's."""
    if not day <= due <= day.replace(year=day.year + MOST_AHEAD_YEARS, day=1):
        raise BadDue(years=MOST_AHEAD_YEARS)


def may_report(task: Followed, report: Report, day: date) -> None:
    """Raises TaskOfThisSitting, TaskEnded, DueNeeded, BadDue, NoteNeeded. `day`: the sitting's."""
    if task.task.meeting == report.meeting:
        raise TaskOfThisSitting
    if task.reports and task.reports[-1].meeting != report.meeting and not task.open:
        raise TaskEnded
    if (report.due is None) == (report.outcome is Outcome.EXTENDED):
        raise DueNeeded
    if report.due is not None:
        check_due(report.due, day)
    if report.outcome is Outcome.DROPPED and not report.note:
        raise NoteNeeded


def follow(tasks: Iterable[Task], reports: Iterable[Report]) -> tuple[Followed, ...]:
    """Each task with its reports; the next to fall due first."""
    by_task: dict[Id, list[Report]] = {}
    for report in sorted(reports, key=lambda one: one.sequence):
        by_task.setdefault(report.task, []).append(report)
    found = [Followed(task=one, reports=tuple(by_task.get(one.id, ()))) for one in tasks]
    return tuple(sorted(found, key=lambda one: (one.due, one.task.at, one.task.id)))


def with_review(items: Sequence[Item], review: Item) -> tuple[Item, ...]:
    """The agenda with the item that looks back, after the opening item, but behind everything that has begun."""
    begun = max((place for place, one in enumerate(items, 1) if one.started_at is not None), default=0)
    place = max(begun, min(1, len(items)))
    return (*items[:place], review, *items[place:])
