"""The roll, its corrections and its helpers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.guests import (
    BeyondPass,
    IdReused,
    NeedsCorrection,
    NoHall,
    NoSuchPass,
    PassGone,
    PassKind,
    RollNotNow,
)
from meetings.attendance.rules import BadEvidence, EvidenceKind, Finding
from meetings.attendance.service import (
    Correction,
    Mark,
    PassToken,
    RollSheet,
    attendance,
    evidence_of,
    hall_confirmed,
)
from meetings.committees.powers import NoPower
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.db.types import load
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, World

PRESENT, ABSENT = EvidenceKind.PRESENT, EvidenceKind.ABSENT


def sheet_of(world: World, *labels: str, kind: EvidenceKind = PRESENT, confirm: bool = False) -> RollSheet:
    marks = tuple(Mark(member=world.member(label), kind=kind) for label in labels)
    return RollSheet(id=new_id(), marks=marks, confirm=confirm)


async def test_marks_are_numbered_in_one_counter_and_count_once_confirmed(world: World) -> None:
    sitting = await world.meeting()
    asker = world.asks(SECRETARY)
    first = await world.service.roll.mark(asker, sitting.id, sheet_of(world, "o1", "o2"))
    assert (first.last_sequence, first.confirmed, first.in_hall) == (2, False, 0)
    last = replace(sheet_of(world, "o3", confirm=True), head_count=5)
    done = await world.service.roll.mark(asker, sitting.id, last)
    assert (done.last_sequence, done.confirmed, done.in_hall, done.head_count) == (4, True, 3, 5)
    async with world.units.read() as uow:
        assert await hall_confirmed(uow, sitting) == {world.member(label) for label in ("o1", "o2", "o3")}
        assert len(await of_meeting(uow, sitting.cell, sitting.id)) == 2


async def test_two_devices_at_once_share_the_counter(world: World) -> None:
    sitting = await world.meeting()
    sheets = [sheet_of(world, f"o{number}", f"o{number + 1}") for number in range(1, 11, 2)]
    await asyncio.gather(
        *(world.service.roll.mark(world.asks(SECRETARY), sitting.id, sheet) for sheet in sheets)
    )
    async with world.units.read() as uow:
        numbers = sorted(fact.sequence for fact in await evidence_of(uow, sitting.id))
    assert numbers == list(range(1, 11))


async def test_a_repeated_sheet_gives_the_first_answer_and_another_body_is_refused(world: World) -> None:
    sitting = await world.meeting()
    asker = world.asks(SECRETARY)
    sheet = sheet_of(world, "o1", "o2", confirm=True)
    first = await world.service.roll.mark(asker, sitting.id, sheet)
    world.clock.move(timedelta(minutes=5))
    await world.service.roll.mark(asker, sitting.id, sheet_of(world, "o3"))
    await world.close(sitting)
    assert await world.service.roll.mark(asker, sitting.id, sheet) == first
    other = await world.meeting()
    with pytest.raises(IdReused):
        await world.service.roll.mark(asker, sitting.id, replace(sheet, confirm=False))
    with pytest.raises(IdReused):
        await world.service.roll.mark(asker, other.id, sheet)
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 4


@pytest.mark.parametrize(
    ("label", "refusal"), [(MEMBER, NoPower), (AUDITOR, NoPower), (STRANGER, NoSuchMeeting)]
)
async def test_nobody_else_marks_the_roll(world: World, label: str, refusal: type[Refused]) -> None:
    sitting = await world.meeting()
    correction = Correction(id=new_id(), member=world.member(label), kind=PRESENT, reason="Tôi có đến")
    with pytest.raises(refusal):
        await world.service.roll.mark(world.asks(label), sitting.id, sheet_of(world, "o1", confirm=True))
    with pytest.raises(refusal):
        await world.service.roll.correct(world.asks(label), sitting.id, correction)
    async with world.units.read() as uow:
        assert await evidence_of(uow, sitting.id) == []
        assert await of_meeting(uow, sitting.cell, sitting.id) == []


@pytest.mark.parametrize(
    ("mode", "state", "labels", "refusal"),
    [
        (Mode.HYBRID, State.OPEN, ("o1", STRANGER), NoSuchMember),
        (Mode.ONLINE, State.OPEN, ("o1",), NoHall),
        (Mode.HYBRID, State.DRAFT, ("o1",), RollNotNow),
        (Mode.HYBRID, State.CLOSED, ("o1",), RollNotNow),
    ],
)
async def test_a_roll_that_does_not_fit_changes_nothing(
    world: World, mode: Mode, state: State, labels: tuple[str, ...], refusal: type[Refused]
) -> None:
    sitting = await world.meeting(mode=mode, state=state)
    with pytest.raises(refusal):
        await world.service.roll.mark(world.asks(SECRETARY), sitting.id, sheet_of(world, *labels))
    async with world.units.read() as uow:
        assert await evidence_of(uow, sitting.id) == []


async def test_a_confirmed_yes_is_changed_by_a_correction_with_its_reason_only(world: World) -> None:
    sitting = await world.meeting()
    asker = world.asks(SECRETARY)
    await world.roll(sitting.id, ["o5"])
    with pytest.raises(NeedsCorrection):
        await world.service.roll.mark(asker, sitting.id, sheet_of(world, "o5", kind=ABSENT))
    correction = Correction(id=new_id(), member=world.member("o5"), kind=ABSENT, reason="Nhầm tên")
    first = await world.service.roll.correct(asker, sitting.id, correction)
    assert await world.service.roll.correct(asker, sitting.id, correction) == first
    with pytest.raises(IdReused):
        await world.service.roll.correct(asker, sitting.id, replace(correction, reason="Khác"))
    async with world.units.read() as uow:
        there = (await attendance(uow, sitting))[world.member("o5")]
        acts = await of_meeting(uow, sitting.cell, sitting.id)
    assert not there.hall_confirmed
    assert [one.finding for one in there.disagreements] == [Finding.CORRECTED]
    assert "Nhầm tên" not in acts[-1].leaf


async def test_late_and_early_after_the_confirmation_are_new_facts(world: World) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, ["o5"])
    came = world.clock.now()
    world.clock.move(timedelta(minutes=10))
    marks = (
        Mark(member=world.member("o6"), kind=EvidenceKind.LATE, device_at=came),
        Mark(member=world.member("o5"), kind=EvidenceKind.LEFT_EARLY),
    )
    await world.service.roll.mark(world.asks(SECRETARY), sitting.id, RollSheet(id=new_id(), marks=marks))
    async with world.units.read() as uow:
        found = await attendance(uow, sitting)
    late, early = found[world.member("o6")], found[world.member("o5")]
    assert late.hall is not None
    assert early.hall is not None
    assert (late.late, late.hall.since) == (True, came)
    assert (early.left_early, early.hall.until) == (True, world.clock.now())


@pytest.mark.parametrize("hours", [1, -13])
async def test_an_impossible_device_time_is_kept_but_does_not_count(world: World, hours: int) -> None:
    sitting = await world.meeting()
    told = world.clock.now() + timedelta(hours=hours)
    mark = Mark(member=world.member("o6"), kind=EvidenceKind.LATE, device_at=told)
    await world.service.roll.mark(world.asks(SECRETARY), sitting.id, RollSheet(id=new_id(), marks=(mark,)))
    async with world.units.read() as uow:
        (fact,) = await evidence_of(uow, sitting.id)
    assert (fact.at, fact.device_at) == (world.clock.now(), told)


async def _closed_with_roll(world: World) -> AnySitting:
    sitting = await world.meeting()
    await world.roll(sitting.id, ["o5"])
    closed = await world.close(sitting)
    world.clock.move(timedelta(days=1))
    return closed


async def test_a_time_told_afterwards_must_lie_in_the_sitting(world: World) -> None:
    closed = await _closed_with_roll(world)
    assert closed.opened_at is not None
    inside = closed.opened_at + timedelta(minutes=10)
    told = Correction(
        id=new_id(), member=world.member("o6"), kind=EvidenceKind.LATE, reason="Đến muộn", at=inside
    )
    for at in (None, closed.opened_at - timedelta(minutes=1), world.clock.now()):
        with pytest.raises(BadEvidence):
            await world.service.roll.correct(world.asks(SECRETARY), closed.id, replace(told, at=at))
    await world.service.roll.correct(world.asks(SECRETARY), closed.id, told)
    async with world.units.read() as uow:
        there = (await attendance(uow, closed))[world.member("o6")]
    assert there.hall is not None
    assert (there.hall.since, there.hall.until) == (inside, closed.closed_at)


async def test_nothing_is_corrected_before_the_opening(world: World) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    told = Correction(id=new_id(), member=world.member("o6"), kind=PRESENT, reason="Sớm quá")
    with pytest.raises(RollNotNow):
        await world.service.roll.correct(world.asks(SECRETARY), sitting.id, told)


async def _helper(world: World, meeting: Id, kind: PassKind = PassKind.HELPER) -> PassToken:
    issued = await world.service.passes.issue(world.asks(SECRETARY), meeting, kind, "Cháu Thử")
    assert issued.token not in repr(PassToken(issued.token))
    return PassToken(issued.token)


async def test_a_helper_marks_on_behalf_of_the_secretary_and_it_is_told(world: World) -> None:
    sitting = await world.meeting()
    helper = await _helper(world, sitting.id)
    done = await world.service.roll.mark(helper, sitting.id, sheet_of(world, "o1", "o2"))
    assert done.held_pass is not None
    assert await world.told(sitting.cell) == "Cháu Thử làm hộ Người Thử O1"
    with pytest.raises(BeyondPass):
        await world.service.roll.mark(helper, sitting.id, sheet_of(world, "o3", confirm=True))
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 2


async def test_a_kiosk_does_not_mark(world: World) -> None:
    sitting = await world.meeting()
    kiosk = await _helper(world, sitting.id, PassKind.KIOSK)
    with pytest.raises(BeyondPass):
        await world.service.roll.mark(kiosk, sitting.id, sheet_of(world, "o1"))


async def test_only_who_leads_the_sitting_issues_passes(world: World) -> None:
    sitting = await world.meeting()
    with pytest.raises(NoPower):
        await world.service.passes.issue(world.asks(MEMBER), sitting.id, PassKind.HELPER, "Bạn tôi")


async def test_a_pass_taken_back_opens_nothing_and_what_it_did_stays(world: World) -> None:
    sitting, other = await world.meeting(), await world.meeting()
    asker, passes = world.asks(SECRETARY), world.service.passes
    helper = await _helper(world, sitting.id)
    spare = await _helper(world, sitting.id)
    await world.service.roll.mark(helper, sitting.id, sheet_of(world, "o1"))
    first, second = await passes.held(asker, sitting.id)
    with pytest.raises(NoPower):
        await passes.revoke(world.asks(MEMBER), sitting.id, first.id)
    with pytest.raises(NoPower):
        await passes.held(world.asks(MEMBER), sitting.id)
    with pytest.raises(NoSuchPass):
        await passes.revoke(asker, other.id, first.id)
    done = await passes.revoke(asker, sitting.id, first.id)
    assert await passes.revoke(asker, sitting.id, first.id) == done
    assert await passes.held(asker, sitting.id) == [done, second]
    with pytest.raises(PassGone):
        await world.service.roll.mark(helper, sitting.id, sheet_of(world, "o3"))
    await world.service.roll.mark(spare, sitting.id, sheet_of(world, "o4"))
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 2
        told = [load(one.leaf) for one in await of_meeting(uow, sitting.cell, sitting.id)]
    (entry,) = [one for one in told if one["act"] == "attendance.revoke_pass"]
    assert (entry["actor"], entry["subject"]) == (asker.person, first.id)
