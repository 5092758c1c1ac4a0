"""Corrections of the confirmed roll, and guests, where there is no network: told once, by the rules of any roll."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meetings.attendance import service as attendance
from meetings.attendance.guests import NeedsCorrection
from meetings.attendance.rules import BadEvidence, EvidenceKind, Finding, Source
from meetings.attendance.service import SittingRecord
from meetings.convening import service as convening
from meetings.ledger.service import of_meeting
from meetings.offline.rules import Kept, KeptGuest, KeptMark
from meetings.offline.service import BroughtIn, Kit
from meetings.voting import service as voting
from tests.attendance.world import SECRETARY
from tests.offline.keeping import LATER, Device

WRONG = "Bấm nhầm khi gọi tên"
ABSENT, ELDER, PRESENT = "o14", "e2", "o5"


def _later(device: Device, kept: Kept, label: str, minutes: int, **how: object) -> KeptMark:
    made = KeptMark(
        member=device.cell.world.member(label),
        kind=EvidenceKind.PRESENT,
        at=kept.opened_at + timedelta(minutes=minutes),
        reason=WRONG,
    )
    return replace(made, **how)  # type: ignore[arg-type]  # fields of a mark


async def _held(device: Device) -> tuple[Kit, Kept]:
    made = await device.called()
    kit = await device.takes(made.id)
    return kit, device.holds(kit)


async def _bring(device: Device, kit: Kit, kept: Kept, *accepted: str) -> BroughtIn:
    device.cell.world.clock.set(LATER)
    return await device.brings(kit.sitting.id, kept, kit, *accepted)


async def _record(device: Device, kit: Kit) -> SittingRecord:
    async with device.cell.world.units.read() as uow:
        return await attendance.record_of(uow, await convening.sitting(uow, kit.sitting.id))


async def test_corrections_are_told_once_at_their_moments_and_seen_as_such(device: Device) -> None:
    kit, kept = await _held(device)
    opened = kept.opened_at
    came = opened + timedelta(minutes=10)
    marks = (
        _later(device, kept, ABSENT, 5),
        _later(device, kept, "o15", 12, kind=EvidenceKind.LATE, since=came),
        _later(device, kept, PRESENT, 20, kind=EvidenceKind.ABSENT),
    )
    here = {device.cell.world.member(label) for label in (ABSENT, "o15")}
    absences = tuple(one for one in kept.absences if one.member not in here)
    gone = replace(kept.absences[0], member=device.cell.world.member(PRESENT))
    kept = replace(kept, marks=kept.marks + marks, absences=(*absences, gone))
    done = await _bring(device, kit, kept)
    assert done.brought is not None, done.differences
    record = await _record(device, kit)
    there = {label: record.attendance[device.cell.world.member(label)] for label in (ABSENT, "o15", PRESENT)}
    assert [one.hall_confirmed for one in there.values()] == [True, True, False]
    assert there["o15"].hall is not None and there["o15"].hall.since == came
    found = {one.finding for each in there.values() for one in each.disagreements}
    assert found == {Finding.CORRECTED}
    async with device.cell.world.units.read() as uow:
        evidence = await attendance.evidence_of(uow, kit.sitting.id)
        acts = [str(one.leaf) for one in await of_meeting(uow, kit.sitting.cell, kit.sitting.id)]
    corrected = [one for one in evidence if one.source is Source.CORRECTION]
    assert [(one.at, one.reason) for one in corrected] == [
        (opened + timedelta(minutes=5), WRONG),
        (came, WRONG),
        (opened + timedelta(minutes=20), WRONG),
    ]
    assert [one.device_at for one in corrected] == [one.at for one in marks]
    assert {one.received_at for one in corrected} == {LATER}
    assert sum('"attendance.correct"' in one for one in acts) == 3
    again = await _bring(device, kit, kept)
    assert again.brought == done.brought
    assert len((await _record(device, kit)).attendance[gone.member].disagreements) == 1


@pytest.mark.parametrize(("minutes", "base"), [(50, 21), (70, 20)])
async def test_a_correction_moves_the_base_of_what_is_asked_after_it(
    device: Device, minutes: int, base: int
) -> None:
    """An exempt elder who was marked absent by mistake; taking part is asked for where they are in the hall."""
    kit, kept = await _held(device)
    elder = device.cell.world.member(ELDER)
    assert all(one.kind is EvidenceKind.ABSENT for one in kept.marks if one.member == elder)
    taking = kept.votes[0].taking_part + ((elder,) if base == 21 else ())
    vote = replace(kept.votes[0], base=base, taking_part=taking)
    marks = (*kept.marks, _later(device, kept, ELDER, minutes))
    done = await _bring(device, kit, replace(kept, marks=marks, votes=(vote,)))
    assert done.brought is not None, done.differences
    async with device.cell.world.units.read() as uow:
        [held] = await voting.votes(uow, kit.sitting.id)
    assert held.result is not None and held.result["base"] == base


async def test_without_a_reason_a_confirmed_mark_stays_and_nothing_is_written(device: Device) -> None:
    kit, kept = await _held(device)
    bare = replace(kept, marks=(*kept.marks, _later(device, kept, ABSENT, 5, reason="")))
    with pytest.raises(NeedsCorrection):
        await _bring(device, kit, bare)
    before = kept.opened_at - timedelta(minutes=1)
    for since in (None, before):
        late = _later(device, kept, ABSENT, 5, kind=EvidenceKind.LATE, since=since)
        with pytest.raises(BadEvidence):
            await _bring(device, kit, replace(kept, marks=(*kept.marks, late)))
    assert not (await _record(device, kit)).roll_confirmed


async def test_who_was_not_there_at_first_records_once_they_are(device: Device) -> None:
    kit, kept = await _held(device)
    late = _later(device, kept, ABSENT, 5)
    absences = tuple(one for one in kept.absences if one.member != late.member)
    kept = replace(kept, marks=(*kept.marks, late), recorder=late.member, absences=absences)
    assert (await _bring(device, kit, kept)).brought is not None


async def test_what_was_corrected_on_the_server_meanwhile_is_shown_first(device: Device) -> None:
    kit, kept = await _held(device)
    world = device.cell.world
    await world.service.guests.welcome(
        world.asks(SECRETARY), kit.sitting.id, full_name="Trần Thị Mẫu", comes_from="Xã", overseer=False
    )
    kept = replace(kept, guests=(_guest(kept.opened_at, "Trần Thị Mẫu"),))
    shown = await _bring(device, kit, kept)
    assert shown.brought is None
    assert any("khách dự được ghi trên máy chủ" in one.text for one in shown.differences)
    whole = await _bring(device, kit, kept, *(one.key for one in shown.differences))
    assert whole.brought is None
    assert any(one.facts.get("name") == "Trần Thị Mẫu" for one in whole.differences)
    done = await _bring(device, kit, kept, *(one.key for one in whole.differences))
    assert done.brought is not None
    assert await _guests(device, kit) == [("Trần Thị Mẫu", "Xã", False)]


def _guest(at: datetime, name: str, *, overseer: bool = False) -> KeptGuest:
    return KeptGuest(full_name=name, comes_from="Xã", overseer=overseer, at=at)


async def _guests(device: Device, kit: Kit) -> list[tuple[str, str, bool]]:
    async with device.cell.world.units.read() as uow:
        found = await attendance.guests(uow, kit.sitting.id)
    return [(one.full_name, one.comes_from, one.overseer) for one in found]


async def test_guests_come_in_once_and_in_no_base(device: Device) -> None:
    world = device.cell.world
    made = await device.called()
    await world.service.guests.welcome(
        world.asks(SECRETARY), made.id, full_name="Ghi ở nhà", comes_from="Xã", overseer=False
    )
    kit = await device.takes(made.id)
    assert [one.full_name for one in kit.guests] == ["Ghi ở nhà"]
    kept = device.holds(kit)
    guests = (
        _guest(kept.opened_at - timedelta(minutes=3), "Lò Văn Mẫu", overseer=True),
        _guest(kept.opened_at + timedelta(minutes=30), "Vừ Thị Mẫu"),
    )
    kept = replace(kept, guests=guests)
    for _ in range(2):
        done = await _bring(device, kit, kept)
        assert (done.brought is not None, done.differences) == (True, ())
    assert await _guests(device, kit) == [
        ("Ghi ở nhà", "Xã", False),
        ("Lò Văn Mẫu", "Xã", True),
        ("Vừ Thị Mẫu", "Xã", False),
    ]
    async with world.units.read() as uow:
        [held] = await voting.votes(uow, made.id)
        found = await attendance.guests(uow, made.id)
    assert held.result is not None and held.result["base"] == 20
    assert [one.at for one in found][1:] == [one.at for one in guests]
