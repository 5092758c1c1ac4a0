"""Work is given to members with a last day, and every later sitting asks what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from meetings.agenda import store, task_store
from meetings.agenda.rules import NoSuchItem
from meetings.agenda.tasks import (
    MOST_TASKS,
    Followed,
    NoSuchTask,
    Outcome,
    Report,
    Task,
    TooManyTasks,
    check_due,
    follow,
    may_report,
)
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting, Meeting, State
from meetings.convening.service import allow_in, roster_of
from meetings.convening.states import NotOpen
from meetings.convening.verdict import may_say
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record

_WRITING = frozenset({State.OPEN, State.CLOSED})  # until the minutes are approved
_OVER = frozenset({State.MINUTED, State.SIGNED, State.CANCELLED})


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedTask:
    """Work as the chair gives it. `member`: a membership; `item`: of this sitting's agenda."""

    title: str
    member: Id
    due: date
    item: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the sitting found. `due`: the new last day of an extension, and of nothing else."""

    outcome: Outcome
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TasksLook:
    """The work of a sitting: `asked` was given before it, `given` at it. `day`: the sitting's, or today."""

    meeting: Id
    asked: tuple[Followed, ...]
    given: tuple[Followed, ...]
    names: Mapping[Id, str]
    day: date


async def tasks_of(uow: UnitOfWork, sitting: AnySitting) -> TasksLook:
    """For storeys above, inside their unit. A sitting whose minutes are approved asks after nothing more."""
    given = await task_store.of_meeting(uow.session, sitting.id)
    asked = {one.id: one for one in await task_store.asked_at(uow.session, sitting.id)}
    if isinstance(sitting, Meeting) and sitting.state not in _OVER:
        until = sitting.closed_at or uow.now
        found = await task_store.open_of_cell(uow.session, sitting.cell)
        asked |= {one.id: one for one in found if one.meeting != sitting.id and one.at <= until}
    mine, theirs = await _followed(uow, given), await _followed(uow, asked.values())
    return TasksLook(
        meeting=sitting.id,
        asked=theirs,
        given=mine,
        names=await _names(uow, sitting.cell, day_of(sitting), [*mine, *theirs]),
        day=day_of(sitting),
    )


async def task_of(uow: UnitOfWork, sitting: AnySitting, task: Id) -> Followed:
    """One that the sitting may know of, inside the unit of who asks: a rehearsal asks after nothing real, nothing real
    after what was rehearsed, and nobody after what was given later. Raises NoSuchTask."""
    found = await task_store.get(uow.session, task)
    real = isinstance(sitting, Meeting)
    if found is None or found.cell != sitting.cell or found.practice or not real:
        raise NoSuchTask
    if found.meeting != sitting.id and found.at > (sitting.closed_at or uow.now):
        raise NoSuchTask
    [followed] = await _followed(uow, [found])
    return followed


async def tasks_of_member(uow: UnitOfWork, cell: Id, member: Id) -> TasksLook:
    """A member's own open work as of today, for pages that show them theirs."""
    day = await committees.today_in(uow, cell)
    mine = [one for one in await task_store.open_of_cell(uow.session, cell) if one.member == member]
    found = await _followed(uow, mine)
    return TasksLook(meeting="", asked=found, given=(), names=await _names(uow, cell, day, found), day=day)


class TasksService:
    """Every act is in the ledger; who was given what stands there as a personal fact."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def look(self, asker: Asker, meeting: Id) -> TasksLook:
        """For whoever may view the cell."""
        async with self._units.read() as uow:
            sitting, _ = await allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await tasks_of(uow, sitting)

    async def of_cell(self, asker: Asker, cell: Id) -> TasksLook:
        """All the open work of a cell as of today, for whoever may view it."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Power.VIEW_CELL, cell)
            day = await committees.today_in(uow, cell)
            found = await _followed(uow, await task_store.open_of_cell(uow.session, cell))
            names = await _names(uow, cell, day, found)
            return TasksLook(meeting="", asked=found, given=(), names=names, day=day)

    async def give(self, asker: Asker, meeting: Id, wanted: WantedTask) -> Followed:
        """Give work to a member, while the sitting is open or its minutes are written.

        Raises NotOpen, NoSuchMember, NoSuchItem, BadDue, TooManyTasks, VerdictInSupplement, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await _written(uow, asker, meeting)
            may_say(sitting, [wanted.title])
            check_due(wanted.due, day_of(sitting))
            await _check_places(uow, sitting, wanted)
            task = _task(sitting, actor, wanted, uow)
            await task_store.add(uow.session, task)
            facts = {"title": task.title, "member": task.member, "due": task.due.isoformat()}
            await record(uow, _act("give_task", sitting, actor.person, task.id, {}, facts))
            return Followed(task=task)

    async def report(self, asker: Asker, meeting: Id, task: Id, found: Found) -> Followed:
        """Write down what the sitting found of a task given before; said again, the last word holds.

        Raises NoSuchTask, TaskOfThisSitting, TaskEnded, DueNeeded, BadDue, NoteNeeded, VerdictInSupplement,
        NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await _written(uow, asker, meeting)
            known = await task_of(uow, sitting, task)
            may_say(sitting, [known.task.title, found.note])
            report = _report(sitting, actor, known, found, uow)
            may_report(known, report, day_of(sitting))
            await task_store.add_report(uow.session, report)
            public = {"outcome": report.outcome.value, "due": report.due.isoformat() if report.due else None}
            facts = {"member": known.task.member, "note": report.note}
            await record(uow, _act("report_task", sitting, actor.person, task, public, facts))
            return Followed(task=known.task, reports=(*known.reports, report))


async def _written(uow: UnitOfWork, asker: Asker, meeting: Id) -> tuple[AnySitting, Actor]:
    sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
    if sitting.state not in _WRITING:
        raise NotOpen
    return sitting, actor


async def _check_places(uow: UnitOfWork, sitting: AnySitting, wanted: WantedTask) -> None:
    people = await roster_of(uow, sitting)
    if wanted.member not in {one.id for one in people}:
        raise NoSuchMember
    items = await store.of_meeting(uow.session, sitting.id)
    if wanted.item is not None and wanted.item not in {one.id for one in items}:
        raise NoSuchItem
    if len(await task_store.of_meeting(uow.session, sitting.id)) >= MOST_TASKS:
        raise TooManyTasks(most=MOST_TASKS)


async def _followed(uow: UnitOfWork, tasks: Iterable[Task]) -> tuple[Followed, ...]:
    known = list(tasks)
    return follow(known, await task_store.reports(uow.session, [one.id for one in known]))


async def _names(uow: UnitOfWork, cell: Id, day: date, tasks: Iterable[Followed]) -> dict[Id, str]:
    """By membership, also of somebody who has left the cell."""
    names = {one.id: one.full_name for one in await committees.roster(uow, cell, day)}
    for one in tasks:
        if one.task.member not in names:
            names[one.task.member] = (await committees.member_ever(uow, one.task.member)).full_name
    return names


def _task(sitting: AnySitting, actor: Actor, wanted: WantedTask, uow: UnitOfWork) -> Task:
    return Task(
        id=new_id(),
        cell=sitting.cell,
        meeting=sitting.id,
        item=wanted.item,
        member=wanted.member,
        title=wanted.title,
        due=wanted.due,
        practice=not isinstance(sitting, Meeting),
        by=actor.person,
        at=uow.now,
    )


def _report(sitting: AnySitting, actor: Actor, known: Followed, found: Found, uow: UnitOfWork) -> Report:
    return Report(
        id=new_id(),
        task=known.task.id,
        meeting=sitting.id,
        sequence=len(known.reports) + 1,
        outcome=found.outcome,
        due=found.due,
        note=found.note,
        by=actor.person,
        at=uow.now,
    )


def _act(
    name: str,
    sitting: AnySitting,
    person: Id,
    task: Id,
    public: Mapping[str, str | None],
    personal: Mapping[str, str],
) -> Act:
    return Act(
        cell=sitting.cell,
        name=f"agenda.{name}",
        actor=person,
        meeting=sitting.id,
        subject=task,
        public=public,
        personal=personal,
    )
