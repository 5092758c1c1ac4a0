"""Members who were entered, or whose leaving was written down, while the sitting was away on a device."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from meetings.attendance import service as attendance
from meetings.attendance.rules import AbsenceState
from meetings.attendance.service import SittingRecord
from meetings.committees.rules import Leaving
from meetings.committees.service import CommitteesService
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.convening.service import ConveningService
from meetings.notices.rules import Channel
from meetings.offline.rules import Kept
from meetings.offline.service import Kit
from meetings.sitting.rules import NotPresent, NotReady
from tests.attendance.world import SECRETARY, entered
from tests.offline.keeping import LATER, Device

LONG_AGO = date(2026, 1, 5)
PRESENT, ABSENT = "o5", "o14"


async def _held(device: Device) -> tuple[Kit, Kept]:
    made = await device.called()
    kit = await device.takes(made.id)
    return kit, device.holds(kit)


async def _left(device: Device, label: str) -> None:
    world = device.cell.world
    day = (world.clock.now() - timedelta(days=40)).date()
    leaving = CommitteesService(world.units).leaving
    await leaving.end_membership(
        world.asks(SECRETARY), world.member(label), day, Leaving.TRANSFERRED, "Quyết định mẫu"
    )


async def _looked_at(device: Device, kit: Kit, kept: Kept) -> tuple[list[str], SittingRecord]:
    """What a person is shown until nothing is left to look at, and the sitting then."""
    device.cell.world.clock.set(LATER)
    shown: dict[str, str] = {}
    while (done := await device.brings(kit.sitting.id, kept, kit, *shown)).brought is None:
        assert done.sitting.state is State.CONVENED
        assert not shown.keys() >= {one.key for one in done.differences}
        shown |= {one.key: one.text.format(**one.facts) for one in done.differences}
    assert done.sitting.state is State.CLOSED
    async with device.cell.world.units.read() as uow:
        found = await attendance.record_of(uow, await convening.sitting(uow, kit.sitting.id))
    return list(shown.values()), found


async def test_who_was_entered_meanwhile_is_named_and_was_not_there(device: Device) -> None:
    kit, kept = await _held(device)
    await entered(device.cell.world.units, "n1", LONG_AGO)
    [shown], found = await _looked_at(device, kit, kept)
    assert "Người Thử N1 có trong danh sách của ngày họp mà máy này không có" in shown
    new = device.cell.world.member("n1")
    assert (found.attendance[new].hall_confirmed, found.absences[new].state) == (
        False,
        AbsenceState.NOT_REQUIRED,
    )


async def test_who_was_called_meanwhile_is_excused_so_that_it_can_close(device: Device) -> None:
    kit, kept = await _held(device)
    world = device.cell.world
    await entered(world.units, "n1", LONG_AGO)
    calling = ConveningService(world.units)
    await calling.tell_member(
        world.asks(SECRETARY), kit.sitting.id, world.member("n1"), Channel.BY_WORD, None
    )
    shown, found = await _looked_at(device, kit, kept)
    assert any("Người Thử N1 được báo họp sau khi máy này tải về" in one for one in shown)
    assert any("máy này đã tính 20" in one for one in shown)  # the base that was told in the hall
    assert found.absences[world.member("n1")].state is AbsenceState.EXCUSED


async def test_who_is_gone_by_now_is_named_and_has_no_attendance(device: Device) -> None:
    kit, kept = await _held(device)
    await _left(device, PRESENT)
    await _left(device, ABSENT)
    counted = replace(kept.votes[0], in_favour=11, tellers=(device.cell.world.member(PRESENT),))
    shown, found = await _looked_at(device, kit, replace(kept, votes=(counted,)))
    assert [one.split(" không còn")[0] for one in shown[:2]] == [
        "Đồng chí Người Thử O5",
        "Đồng chí Người Thử O14",
    ]
    assert device.cell.world.member(PRESENT) not in found.attendance


async def test_who_recorded_and_is_gone_by_now_is_refused_and_nothing_is_written(device: Device) -> None:
    kit, kept = await _held(device)
    await _left(device, PRESENT)
    device.cell.world.clock.set(LATER)
    with pytest.raises(NotPresent):
        await device.brings(kit.sitting.id, replace(kept, recorder=device.cell.world.member(PRESENT)), kit)
    async with device.cell.world.units.read() as uow:
        assert (await convening.sitting(uow, kit.sitting.id)).state is State.CONVENED


async def test_whom_the_device_knew_needs_its_own_reason(device: Device) -> None:
    kit, kept = await _held(device)
    device.cell.world.clock.set(LATER)
    with pytest.raises(NotReady):
        await device.brings(kit.sitting.id, replace(kept, absences=kept.absences[1:]), kit)
