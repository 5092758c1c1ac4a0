"""Planning, starting and stopping items, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.agenda.rules import (
    AnotherItemLive,
    BadItem,
    BadOrder,
    ItemFixed,
    ItemNotLive,
    ItemState,
    NoSuchItem,
)
from meetings.agenda.service import AgendaOver, AgendaService, Wanted, items, titles
from meetings.committees.powers import NoPower
from meetings.committees.rules import CellType
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import Kind, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import NotOpen
from meetings.convening.verdict import VerdictInSupplement
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, World

PLAN = [Wanted(title="Thời sự", planned_minutes=20), Wanted(title="Thảo luận", planned_minutes=40)]


async def test_an_empty_agenda_suggests_the_usual_lines_and_takes_them_over(
    world: World, agenda: AgendaService
) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    secretary = world.asks(SECRETARY)
    empty = await agenda.look(secretary, sitting.id, CellType.RESIDENTIAL)
    taken = await agenda.plan(secretary, sitting.id, [], CellType.RESIDENTIAL)
    assert not empty.items
    assert [item.title for item in taken.items] == [line.title for line in empty.suggested]
    assert taken.planned_minutes == 90
    async with world.units.read() as uow:
        assert await titles(uow, sitting.id) == [item.title for item in taken.items]


async def test_an_item_runs_from_start_to_conclusion(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    secretary = world.asks(SECRETARY)
    first, second = (await agenda.plan(secretary, sitting.id, PLAN, None)).items
    began = world.clock.now()
    await agenda.start(secretary, first.id)
    with pytest.raises(AnotherItemLive):
        await agenda.start(secretary, second.id)
    assert (await agenda.look(world.asks(MEMBER), sitting.id, CellType.AGENCY)).live is not None
    world.clock.move(timedelta(minutes=17))
    done = await agenda.stop(secretary, first.id, "Nhất trí.")
    assert (done.state, done.started_at, done.conclusion) == (ItemState.DONE, began, "Nhất trí.")
    assert done.ended_at == began + timedelta(minutes=17)
    async with world.units.read() as uow:
        assert await items(uow, sitting.id) == [done, second]
        acts = [entry.leaf for entry in await of_meeting(uow, sitting.cell, sitting.id)]
    assert [name in leaf for name, leaf in zip(("plan", "start", "stop"), acts, strict=True)] == [True] * 3
    assert not any("Nhất trí" in leaf or "Thời sự" in leaf for leaf in acts)


async def test_starting_again_changes_nothing(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    first, _ = (await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)).items
    once = await agenda.start(world.asks(SECRETARY), first.id)
    world.clock.move(timedelta(minutes=1))
    assert await agenda.start(world.asks(SECRETARY), first.id) == once
    async with world.units.read() as uow:
        assert len(await of_meeting(uow, sitting.cell, sitting.id)) == 2


async def test_planning_again_moves_what_has_not_begun(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    secretary = world.asks(SECRETARY)
    first, second = (await agenda.plan(secretary, sitting.id, PLAN, None)).items
    swapped = [
        Wanted(id=second.id, title="Thảo luận sâu", planned_minutes=50),
        Wanted(id=first.id, title=first.title, planned_minutes=20, presenter=world.member(MEMBER)),
    ]
    changed = await agenda.plan(secretary, sitting.id, swapped, None)
    assert [(item.id, item.position) for item in changed.items] == [(second.id, 1), (first.id, 2)]
    await agenda.start(secretary, second.id)
    for wrong in (list(reversed(swapped)), swapped[1:], []):
        with pytest.raises(ItemFixed):
            await agenda.plan(secretary, sitting.id, wrong, None)
    async with world.units.read() as uow:
        assert [item.id for item in await items(uow, sitting.id)] == [second.id, first.id]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ([Wanted(title="Dài quá", planned_minutes=601)], BadItem),
        ([Wanted(title="Lạ", planned_minutes=5, id=new_id())], NoSuchItem),
        ([Wanted(title="Ai", planned_minutes=5, presenter=new_id())], NoSuchMember),
    ],
)
async def test_bad_plans_change_nothing(
    world: World, agenda: AgendaService, wanted: list[Wanted], refusal: type[Refused]
) -> None:
    sitting = await world.meeting()
    before = await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)
    with pytest.raises(refusal):
        await agenda.plan(world.asks(SECRETARY), sitting.id, wanted, None)
    async with world.units.read() as uow:
        assert tuple(await items(uow, sitting.id)) == before.items


async def test_an_item_of_another_meeting_or_twice_is_refused(world: World, agenda: AgendaService) -> None:
    here, there = await world.meeting(), await world.meeting()
    foreign = (await agenda.plan(world.asks(SECRETARY), there.id, PLAN, None)).items[0]
    taken = Wanted(id=foreign.id, title=foreign.title, planned_minutes=5)
    with pytest.raises(NoSuchItem):
        await agenda.plan(world.asks(SECRETARY), here.id, [taken], None)
    with pytest.raises(BadOrder):
        await agenda.plan(world.asks(SECRETARY), there.id, [taken, taken], None)


@pytest.mark.parametrize(
    ("label", "refusal"), [(MEMBER, NoPower), (AUDITOR, NoPower), (STRANGER, NoSuchMeeting)]
)
async def test_only_who_leads_the_sitting_plans_and_runs_it(
    world: World, agenda: AgendaService, label: str, refusal: type[Refused]
) -> None:
    sitting = await world.meeting()
    planned = await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)
    with pytest.raises(refusal):
        await agenda.plan(world.asks(label), sitting.id, [], CellType.AGENCY)
    with pytest.raises(refusal):
        await agenda.start(world.asks(label), planned.items[0].id)
    with pytest.raises(refusal):
        await agenda.stop(world.asks(label), planned.items[0].id, "Xong.")
    async with world.units.read() as uow:
        assert tuple(await items(uow, sitting.id)) == planned.items


async def test_items_run_only_while_the_sitting_is_open(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    first, _ = (await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)).items
    with pytest.raises(NotOpen):
        await agenda.start(world.asks(SECRETARY), first.id)
    with pytest.raises(NoSuchItem):
        await agenda.start(world.asks(SECRETARY), new_id())
    over = await world.meeting(state=State.CLOSED)
    with pytest.raises(AgendaOver):
        await agenda.plan(world.asks(SECRETARY), over.id, PLAN, None)


async def test_what_was_not_started_cannot_be_stopped(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    first, _ = (await agenda.plan(world.asks(SECRETARY), sitting.id, PLAN, None)).items
    with pytest.raises(ItemNotLive):
        await agenda.stop(world.asks(SECRETARY), first.id, "")


async def test_a_supplement_plans_and_concludes_without_a_verdict(
    world: World, agenda: AgendaService
) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE, kind=Kind.THEMATIC)
    secretary = world.asks(SECRETARY)
    usual = (await agenda.plan(secretary, sitting.id, [], CellType.RESIDENTIAL)).items
    assert [item.title for item in usual][-1] == "Tổng hợp ý kiến, đọc lại biên bản"
    with pytest.raises(VerdictInSupplement):
        await agenda.plan(
            secretary, sitting.id, [Wanted(title="THÔNG QUA kế hoạch", planned_minutes=5)], None
        )
    await agenda.start(secretary, usual[0].id)
    with pytest.raises(VerdictInSupplement):
        await agenda.stop(secretary, usual[0].id, "Kế hoạch được thông\nqua.")
    assert (await agenda.stop(secretary, usual[0].id, "Đa số tán thành.")).state is ItemState.DONE
