"""Work given in a hall without a network, and what was found there of earlier work: at its own moment, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from meetings.agenda import task_store
from meetings.agenda.service import AgendaService
from meetings.agenda.tasking import Found, TasksLook, TasksService, WantedTask, task_of
from meetings.agenda.tasks import BadDue, DueNeeded, NoSuchTask, NoteNeeded, Outcome, Report
from meetings.committees.service import NoSuchMember
from meetings.convening import service as convening
from meetings.convening.rules import Kind, Mode
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import Kept, KeptItem, KeptReport, KeptTask
from meetings.offline.service import BroughtIn, Kit
from tests.attendance.world import MEMBER
from tests.offline.keeping import LATER, Device

DUE, TITLE = date(2026, 12, 15), "Rà soát hộ nghèo"


def _given(device: Device, kept: Kept, title: str = TITLE, item: Id | None = None) -> KeptTask:
    at = kept.opened_at + timedelta(minutes=30)
    return KeptTask(title=title, member=device.cell.world.member(MEMBER), due=DUE, at=at, item=item)


async def _look(device: Device, meeting: Id) -> TasksLook:
    return await _tasks(device).look(device.asks(), meeting)


def _tasks(device: Device) -> TasksService:
    return AgendaService(device.cell.world.units).tasks


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


async def _continuing(device: Device) -> tuple[Kit, Kept]:
    """Opened on the server with its confirmed roll, then without a line."""
    made = await device.called()
    kept = device.holds(await device.takes(made.id))
    device.cell.world.clock.set(kept.opened_at)
    opened = await device.cell.sittings.open(device.asks(), made.id, None)
    device.cell.world.clock.move(timedelta(minutes=2))
    await device.cell.roll(opened)
    kit = await device.takes(made.id)
    begun = kit.so_far
    assert begun is not None and begun.confirmed_at is not None
    return kit, replace(kept, opened_at=begun.opened_at, confirmed_at=begun.confirmed_at, marks=())


async def _brings(device: Device, kit: Kit, kept: Kept, *accepted: str) -> BroughtIn:
    sending = replace(device.sending(kit, *accepted), continues=kit.so_far is not None)
    return await device.offline.bring(device.asks(), kit.sitting.id, kept, sending)


async def _looked_at(device: Device, kit: Kit, kept: Kept) -> list[str]:
    """What a person is shown, step by step; then it is brought in."""
    device.cell.world.clock.set(LATER)
    seen: dict[str, str] = {}
    for _ in range(3):
        done = await _brings(device, kit, kept, *seen)
        if done.brought is not None:
            return list(seen.values())
        seen |= {one.key: one.text.format(**one.facts) for one in done.differences}
    raise AssertionError(seen)


async def test_work_given_on_the_server_meanwhile_is_looked_at_and_stays(device: Device) -> None:
    kit, kept = await _continuing(device)
    other = WantedTask(title="Việc khác", member=device.cell.world.member(MEMBER), due=DUE)
    await _tasks(device).give(device.asks(), kit.sitting.id, other)
    kept = replace(kept, tasks=(_given(device, kept),))
    shown = await _looked_at(device, kit, kept)
    assert any("việc khác giao trên máy chủ" in one for one in shown)
    given = {one.task.title for one in (await _look(device, kit.sitting.id)).given}
    assert given == {"Việc khác", TITLE}


async def _earlier(device: Device) -> Id:
    """Work of a sitting an hour before."""
    before = await device.cell.world.meeting(kind=Kind.THEMATIC, mode=Mode.IN_PERSON)
    wanted = WantedTask(title=TITLE, member=device.cell.world.member(MEMBER), due=DUE)
    followed = await _tasks(device).give(device.asks(), before.id, wanted)
    device.cell.world.clock.move(timedelta(hours=1))
    return followed.task.id


def _found(kept: Kept, task: Id, outcome: Outcome = Outcome.DONE, after: int = 0) -> KeptReport:
    at = kept.opened_at + timedelta(minutes=20)
    return KeptReport(task=task, outcome=outcome, after=after, at=at, note="Trước hạn")


async def _reports(device: Device, meeting: Id, task: Id) -> tuple[Report, ...]:
    async with device.cell.world.units.read() as uow:
        return (await task_of(uow, await convening.sitting(uow, meeting), task)).reports


async def test_what_the_hall_found_is_written_at_its_moment_once(device: Device) -> None:
    task = await _earlier(device)
    made = await device.called()
    kit = await device.takes(made.id)
    assert [one.task.id for one in kit.work.asked] == [task]
    kept = device.holds(kit)
    kept = replace(kept, reports=(_found(kept, task),))
    device.cell.world.clock.set(LATER)
    for _ in range(2):
        done = await device.brings(made.id, kept, kit)
        assert (done.brought is not None, done.differences) == (True, ())
    [told] = await _reports(device, made.id, task)
    assert (told.meeting, told.outcome, told.note) == (made.id, Outcome.DONE, "Trước hạn")
    assert told.at == kept.reports[0].at


@pytest.mark.parametrize("same", [True, False])
async def test_found_otherwise_on_the_server_a_person_looks_and_the_halls_word_is_the_last(
    device: Device, same: bool
) -> None:
    task = await _earlier(device)
    kit, kept = await _continuing(device)
    there = Found(outcome=Outcome.DONE, note="Trước hạn") if same else Found(outcome=Outcome.LATE)
    await _tasks(device).report(device.asks(), kit.sitting.id, task, there)
    shown = await _looked_at(device, kit, replace(kept, reports=(_found(kept, task),)))
    said = f"Việc “{TITLE}”: máy chủ đã ghi chậm, chưa xong, máy này ghi đã xong (Trước hạn). Biên bản sẽ"
    assert any(said in one for one in shown) is not same
    outcomes = [one.outcome for one in await _reports(device, kit.sitting.id, task)]
    assert outcomes == ([Outcome.DONE] if same else [Outcome.LATE, Outcome.DONE])


@pytest.mark.parametrize("found", [Outcome.DONE, Outcome.LATE])
async def test_what_a_later_sitting_found_stays_and_the_halls_word_is_in_the_minutes(
    device: Device, found: Outcome
) -> None:
    task = await _earlier(device)
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    kept = replace(kept, reports=(replace(_found(kept, task, Outcome.EXTENDED), due=DUE),))
    device.cell.world.clock.move(timedelta(days=2))
    later = await device.cell.world.meeting(kind=Kind.THEMATIC, mode=Mode.IN_PERSON)
    await _tasks(device).report(device.asks(), later.id, task, Found(outcome=found))
    [shown] = [one for one in await _looked_at(device, kit, kept) if TITLE in one]
    assert f"buổi họp khác đã ghi {found.text} và giữ như vậy" in shown
    assert [one.outcome for one in await _reports(device, made.id, task)] == [found]
    texts = (await device.offline._doors.minutes.look(device.asks(), made.id)).texts
    assert texts[made.id].splitlines()[-1] == (
        f"Kiểm điểm việc “{TITLE}” trên máy không có mạng: gia hạn đến 15/12/2026 (Trước hạn)."
    )


async def test_what_another_sitting_found_before_this_one_does_not_stand_in_its_way(device: Device) -> None:
    task = await _earlier(device)
    made = await device.called()
    kit = await device.takes(made.id)
    other = await device.cell.world.meeting(kind=Kind.THEMATIC, mode=Mode.IN_PERSON)
    await _tasks(device).report(device.asks(), other.id, task, Found(outcome=Outcome.LATE))
    kept = device.holds(kit)
    shown = await _looked_at(device, kit, replace(kept, reports=(_found(kept, task),)))
    assert [TITLE in one for one in shown].count(True) == 1
    outcomes = [one.outcome for one in await _reports(device, made.id, task)]
    assert outcomes == [Outcome.LATE, Outcome.DONE]


async def test_a_finding_that_the_act_refuses_is_refused(device: Device) -> None:
    task = await _earlier(device)
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    fine = _found(kept, task)
    device.cell.world.clock.set(LATER)
    for wrong, why in (
        (replace(fine, outcome=Outcome.EXTENDED), DueNeeded),
        (replace(fine, outcome=Outcome.EXTENDED, due=date(2026, 11, 1)), BadDue),
        (replace(fine, outcome=Outcome.DROPPED, note=""), NoteNeeded),
        (replace(fine, task=new_id()), NoSuchTask),
    ):
        with pytest.raises(why):
            await device.brings(made.id, replace(kept, reports=(wrong,)), kit)
    assert await _reports(device, made.id, task) == ()


async def test_work_of_another_cell_is_not_told_of(device: Device) -> None:
    """Not even by what differs."""
    world = device.cell.world
    theirs = await world.meeting(kind=Kind.THEMATIC, mode=Mode.IN_PERSON)
    wanted = WantedTask(title=TITLE, member=world.member(MEMBER), due=DUE)
    task = (await _tasks(device).give(device.asks(), theirs.id, wanted)).task
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    async with world.units.begin() as uow:
        strange = replace(task, id=new_id(), cell=new_id())
        await task_store.add(uow.session, strange)
        said = Report(
            id=new_id(),
            task=strange.id,
            meeting=theirs.id,
            sequence=1,
            outcome=Outcome.DONE,
            by=task.by,
            at=task.at,
        )
        await task_store.add_report(uow.session, said)
    world.clock.set(LATER)
    with pytest.raises(NoSuchTask):
        await device.brings(made.id, replace(kept, reports=(_found(kept, strange.id),)), kit)
