"""Work is given at a sitting, and the next one asks after it by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meetings.agenda.rules import NoSuchItem
from meetings.agenda.service import AgendaService, items
from meetings.agenda.tasking import Found, TasksLook, WantedTask
from meetings.agenda.tasks import NoSuchTask, Outcome, TaskEnded, TaskOfThisSitting
from meetings.committees.powers import NoPower
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import NotOpen
from meetings.convening.verdict import VerdictInSupplement
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, World

DUE, MUCH_LATER = date(2026, 12, 15), date(2027, 6, 15)


def wanted(world: World, title: str = "Rà soát hộ nghèo", label: str = MEMBER) -> WantedTask:
    due = DUE if world.clock.now().date() <= DUE else MUCH_LATER
    return WantedTask(title=title, member=world.member(label), due=due)


async def given(world: World, agenda: AgendaService, sitting: AnySitting, title: str = "Rà soát") -> Id:
    followed = await agenda.tasks.give(world.asks(SECRETARY), sitting.id, wanted(world, title))
    return followed.task.id


async def later(world: World, days: int = 30, **more: object) -> AnySitting:
    """The next sitting, so many days on."""
    world.clock.move(timedelta(days=days))
    return await world.meeting(**more)  # type: ignore[arg-type]  # what meeting takes


async def look(world: World, agenda: AgendaService, meeting: Id) -> TasksLook:
    return await agenda.tasks.look(world.asks(MEMBER), meeting)


async def test_work_is_given_followed_extended_and_ended(world: World, agenda: AgendaService) -> None:
    november, secretary = await world.meeting(), world.asks(SECRETARY)
    task = await given(world, agenda, november)
    here = await look(world, agenda, november.id)
    assert ([one.task.id for one in here.given], here.asked) == ([task], ())
    december = await later(world)
    asked = await look(world, agenda, december.id)
    assert [one.task.id for one in asked.asked] == [task]
    assert asked.asked[0].overdue(asked.day)
    longer = Found(outcome=Outcome.EXTENDED, due=date(2027, 1, 20), note="Chờ xã")
    followed = await agenda.tasks.report(secretary, december.id, task, longer)
    assert (followed.due, followed.open) == (date(2027, 1, 20), True)
    january = await later(world, 25)
    await agenda.tasks.report(secretary, january.id, task, Found(outcome=Outcome.DONE))
    february = await later(world)
    assert (await look(world, agenda, february.id)).asked == ()
    with pytest.raises(TaskEnded):
        await agenda.tasks.report(secretary, february.id, task, Found(outcome=Outcome.LATE))
    assert (await agenda.tasks.of_cell(secretary, november.cell)).asked == ()
    for sitting, outcome in ((december, Outcome.EXTENDED), (january, Outcome.DONE)):
        [then] = (await look(world, agenda, sitting.id)).asked
        told = then.found_at(sitting.id)
        assert told is not None
        assert told.outcome is outcome


async def test_every_act_is_in_the_ledger_without_names(world: World, agenda: AgendaService) -> None:
    november = await world.meeting()
    task = await given(world, agenda, november, "Thăm hỏi gia đình")
    december = await later(world)
    late = Found(outcome=Outcome.LATE, note="Ốm")
    await agenda.tasks.report(world.asks(SECRETARY), december.id, task, late)
    async with world.units.read() as uow:
        leaves = [
            entry.leaf
            for sitting in (november, december)
            for entry in await of_meeting(uow, november.cell, sitting.id)
        ]
    assert ["give_task" in leaves[0], "report_task" in leaves[1], len(leaves)] == [True, True, 2]
    assert not any("Thăm hỏi" in leaf or "Ốm" in leaf or world.member(MEMBER) in leaf for leaf in leaves)


async def test_the_next_agenda_looks_back_by_itself(world: World, agenda: AgendaService) -> None:
    november, secretary = await world.meeting(), world.asks(SECRETARY)
    await agenda.plan(secretary, november.id, [], None)
    await given(world, agenda, november)
    async with world.units.read() as uow:
        assert not any(one.review for one in await items(uow, november.id)), "not where it was given"
    december = await later(world, state=State.CONVENED)
    planned = (await agenda.plan(secretary, december.id, [], None)).items
    assert [(one.review, one.position) for one in planned] == [(True, 1)]


async def test_who_leads_only_gives_and_reports(world: World, agenda: AgendaService) -> None:
    november, tasks = await world.meeting(), agenda.tasks
    task = await given(world, agenda, november)
    december = await later(world)
    done = Found(outcome=Outcome.DONE)
    for label, why in ((MEMBER, NoPower), (STRANGER, NoSuchMeeting)):
        with pytest.raises(why):
            await tasks.give(world.asks(label), december.id, wanted(world))
        with pytest.raises(why):
            await tasks.report(world.asks(label), december.id, task, done)
    with pytest.raises(NoSuchMeeting):
        await tasks.look(world.asks(STRANGER), december.id)
    with pytest.raises(NoPower):
        await tasks.of_cell(world.asks(STRANGER), december.cell)


async def test_what_cannot_be_is_refused(world: World, agenda: AgendaService) -> None:
    november, secretary, tasks = await world.meeting(), world.asks(SECRETARY), agenda.tasks
    task = await given(world, agenda, november)
    done = Found(outcome=Outcome.DONE)
    with pytest.raises(TaskOfThisSitting):
        await tasks.report(secretary, november.id, task, done)
    with pytest.raises(NoSuchMember):
        await tasks.give(secretary, november.id, wanted(world, label="f1"))
    with pytest.raises(NoSuchItem):
        stray = WantedTask(title="Việc", member=world.member(MEMBER), due=DUE, item=new_id())
        await tasks.give(secretary, november.id, stray)
    theirs = await world.meeting(cell="T")
    for meeting in (theirs.id, november.id):
        asker = world.asks("f1") if meeting == theirs.id else secretary
        with pytest.raises(NoSuchTask):
            await tasks.report(asker, meeting, task if meeting == theirs.id else new_id(), done)
    planned = await world.meeting(state=State.CONVENED)
    with pytest.raises(NotOpen):
        await given(world, agenda, planned)


async def test_nobody_asks_after_what_was_given_later(world: World, agenda: AgendaService) -> None:
    october = await world.close(await world.meeting())
    november = await later(world)
    task = await given(world, agenda, november)
    assert (await look(world, agenda, october.id)).asked == ()
    with pytest.raises(NoSuchTask):
        await agenda.tasks.report(world.asks(SECRETARY), october.id, task, Found(outcome=Outcome.DONE))


async def test_a_rehearsal_and_real_work_keep_apart(world: World, agenda: AgendaService) -> None:
    november, secretary = await world.meeting(), world.asks(SECRETARY)
    real = await given(world, agenda, november)
    practice = await later(world, mode=Mode.IN_PERSON, kind=Kind.PRACTICE)
    await given(world, agenda, practice, "Việc tập")
    rehearsed = await look(world, agenda, practice.id)
    assert (rehearsed.asked, len(rehearsed.given)) == ((), 1)
    with pytest.raises(NoSuchTask):
        await agenda.tasks.report(secretary, practice.id, real, Found(outcome=Outcome.DONE))
    december = await later(world, 1)
    assert [one.task.id for one in (await look(world, agenda, december.id)).asked] == [real]


async def test_a_supplement_says_nothing_of_verdicts(world: World, agenda: AgendaService) -> None:
    online = await world.meeting(mode=Mode.ONLINE)
    with pytest.raises(VerdictInSupplement):
        await given(world, agenda, online, "Thông qua quy chế")
