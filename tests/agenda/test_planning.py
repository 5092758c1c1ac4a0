"""The item that looks back comes by itself, once, and stays while work is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meetings.agenda.planning import bring_review
from meetings.agenda.rules import Item
from meetings.agenda.service import AgendaService, Wanted, items
from meetings.agenda.tasking import Found, WantedTask
from meetings.agenda.tasks import REVIEW_TITLE, Outcome
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.ledger.service import of_meeting
from tests.attendance.world import MEMBER, SECRETARY, World

PLAN = [Wanted(title="Khai mạc", planned_minutes=5), Wanted(title="Thảo luận", planned_minutes=40)]
BOTH = ["Khai mạc", REVIEW_TITLE, "Thảo luận"]


async def work_given(world: World, agenda: AgendaService) -> WantedTask:
    """Work given at a sitting, a month before now."""
    before = await world.meeting()
    wanted = WantedTask(title="Việc", member=world.member(MEMBER), due=date(2026, 12, 15))
    await agenda.tasks.give(world.asks(SECRETARY), before.id, wanted)
    world.clock.move(timedelta(days=30))
    return wanted


async def agenda_of(world: World, sitting: AnySitting) -> list[Item]:
    async with world.units.read() as uow:
        return await items(uow, sitting.id)


def again(planned: list[Item], *, review: bool) -> list[Wanted]:
    return [
        Wanted(id=one.id, title=one.title, planned_minutes=one.planned_minutes)
        for one in planned
        if review or not one.review
    ]


async def test_planning_brings_it_and_cannot_lose_it(world: World, agenda: AgendaService) -> None:
    await work_given(world, agenda)
    sitting, secretary = await world.meeting(state=State.CONVENED), world.asks(SECRETARY)
    planned = (await agenda.plan(secretary, sitting.id, PLAN, None)).items
    assert [one.title for one in planned] == BOTH
    assert [one.position for one in planned] == [1, 2, 3]
    without = (await agenda.plan(secretary, sitting.id, again([*planned], review=False), None)).items
    assert without == planned, "the same item, in its place"
    moved = again([*planned], review=True)
    kept = (await agenda.plan(secretary, sitting.id, [moved[0], moved[2], moved[1]], None)).items
    assert [one.review for one in kept] == [False, False, True], "it may be moved"


async def test_opening_brings_it_to_an_agenda_planned_before_the_work_was_given(
    world: World, agenda: AgendaService
) -> None:
    sitting, secretary = await world.meeting(state=State.OPEN), world.asks(SECRETARY)
    await agenda.plan(secretary, sitting.id, PLAN, None)
    await work_given(world, agenda)
    for _again in range(2):
        async with world.units.begin() as uow:
            await bring_review(uow, sitting, secretary.person)
    assert [one.title for one in await agenda_of(world, sitting)] == BOTH
    async with world.units.read() as uow:
        assert len(await of_meeting(uow, sitting.cell, sitting.id)) == 2, "planned, and brought once"


async def test_what_has_begun_keeps_its_place(world: World, agenda: AgendaService) -> None:
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    planned = (await agenda.plan(secretary, sitting.id, PLAN, None)).items
    for one in planned:
        await agenda.start(secretary, one.id)
        await agenda.stop(secretary, one.id, "")
    await work_given(world, agenda)
    found = (await agenda.plan(secretary, sitting.id, again([*planned], review=True), None)).items
    assert [one.review for one in found] == [False, False, True]


async def test_nothing_open_brings_nothing(world: World, agenda: AgendaService) -> None:
    await work_given(world, agenda)
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    [asked] = (await agenda.tasks.look(secretary, sitting.id)).asked
    await agenda.tasks.report(secretary, sitting.id, asked.task.id, Found(outcome=Outcome.DONE))
    following = await world.meeting(state=State.CONVENED)
    planned = (await agenda.plan(secretary, following.id, PLAN, None)).items
    assert [one.title for one in planned] == ["Khai mạc", "Thảo luận"]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [(Mode.ONLINE, Kind.ONLINE_SESSION), (Mode.IN_PERSON, Kind.CEREMONY), (Mode.IN_PERSON, Kind.PRACTICE)],
)
async def test_sittings_with_another_purpose_do_not_look_back(
    world: World, agenda: AgendaService, mode: Mode, kind: Kind
) -> None:
    await work_given(world, agenda)
    sitting = await world.meeting(mode=mode, kind=kind, state=State.CONVENED)
    planned = (await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)).items
    assert not any(one.review for one in planned)
