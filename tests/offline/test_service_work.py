"""Work given in a hall without a network: real tasks, at their own moments, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from meetings.agenda.service import AgendaService
from meetings.agenda.tasking import TasksLook, WantedTask
from meetings.agenda.tasks import BadDue
from meetings.committees.service import NoSuchMember
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import Kept, KeptItem, KeptTask
from tests.attendance.world import MEMBER
from tests.offline.keeping import LATER, Device

DUE, TITLE = date(2026, 12, 15), "Rà soát hộ nghèo"


def _given(device: Device, kept: Kept, title: str = TITLE, item: Id | None = None) -> KeptTask:
    at = kept.opened_at + timedelta(minutes=30)
    return KeptTask(title=title, member=device.cell.world.member(MEMBER), due=DUE, at=at, item=item)


async def _look(device: Device, meeting: Id) -> TasksLook:
    return await AgendaService(device.cell.world.units).tasks.look(device.asks(), meeting)


async def test_work_is_given_at_its_moment_under_its_item_and_once(device: Device) -> None:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    arisen = KeptItem(id=new_id(), title="Việc phát sinh", planned_minutes=10)
    first = _given(device, kept, item=kit.items[0].id)
    second = replace(_given(device, kept, "Thăm hỏi", arisen.id), at=first.at + timedelta(minutes=1))
    kept = replace(kept, items=(*kept.items, arisen), tasks=(second, first))
    device.cell.world.clock.set(LATER)
    for _ in range(2):
        assert (await device.brings(made.id, kept, kit)).brought is not None
    given = [one.task for one in (await _look(device, made.id)).given]
    assert [(one.title, one.member, one.due, one.at) for one in given] == [
        (one.title, one.member, one.due, one.at) for one in (first, second)
    ]
    agenda = (await AgendaService(device.cell.world.units).look(device.asks(), made.id)).items
    assert [one.item for one in given] == [kit.items[0].id, agenda[-1].id]
    assert agenda[-1].title == arisen.title


async def test_what_the_act_refuses_is_refused_and_nothing_is_written(device: Device) -> None:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    task = _given(device, kept)
    device.cell.world.clock.set(LATER)
    for wrong, why in (
        (replace(task, due=date(2026, 11, 1)), BadDue),
        (replace(task, member=new_id()), NoSuchMember),
    ):
        with pytest.raises(why):
            await device.brings(made.id, replace(kept, tasks=(wrong,)), kit)
    assert (await _look(device, made.id)).given == ()
    assert (await device.brings(made.id, replace(kept, tasks=(task,)), kit)).brought is not None


async def test_work_given_on_the_server_meanwhile_is_looked_at_and_stays(device: Device) -> None:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    device.cell.world.clock.set(kept.opened_at)
    opened = await device.cell.sittings.open(device.asks(), made.id, None)
    device.cell.world.clock.move(timedelta(minutes=2))
    await device.cell.roll(opened)
    kit = await device.takes(made.id)
    tasks = AgendaService(device.cell.world.units).tasks
    other = WantedTask(title="Việc khác", member=device.cell.world.member(MEMBER), due=DUE)
    await tasks.give(device.asks(), made.id, other)
    begun = kit.so_far
    assert begun is not None and begun.confirmed_at is not None
    kept = replace(kept, opened_at=begun.opened_at, confirmed_at=begun.confirmed_at, marks=())
    kept = replace(kept, tasks=(_given(device, kept),))
    device.cell.world.clock.set(LATER)
    sending = replace(device.sending(kit), continues=True)
    shown = await device.offline.bring(device.asks(), made.id, kept, sending)
    assert shown.brought is None
    assert any("việc khác giao trên máy chủ" in one.text for one in shown.differences)
    looked = replace(sending, accepted=frozenset(one.key for one in shown.differences))
    assert (await device.offline.bring(device.asks(), made.id, kept, looked)).brought is not None
    given = {one.task.title for one in (await _look(device, made.id)).given}
    assert given == {"Việc khác", TITLE}
