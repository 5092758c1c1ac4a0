"""Scans: their windows, their repeats, and that they never decide."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.guests import IdReused, NoHall, PassGone, PassKind, RollNotNow
from meetings.attendance.hall_code import HallCodeGone, NonceGone, code_at, meeting_key
from meetings.attendance.rules import EvidenceKind, Finding, Source
from meetings.attendance.service import (
    CheckIn,
    Mark,
    PassToken,
    Receipt,
    RollSheet,
    attendance,
    evidence_of,
    two_names,
)
from meetings.committees.powers import NoPower
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from meetings.rooms.rules import NotConvoked
from tests.attendance.conftest import SECRET
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, SUSPENDED, World


async def code_of(world: World, meeting: Id) -> str:
    return (await world.service.check_ins.hall_code(world.asks(SECRETARY), meeting)).code


async def check_in(world: World, label: str, meeting: Id, sent: CheckIn, browser: str = "") -> Receipt:
    return await world.service.check_ins.check_in(
        world.asks(label), meeting, sent, browser=browser or f"browser of {label}"
    )


async def scanned(world: World, sitting: AnySitting, label: str) -> bool:
    async with world.units.read() as uow:
        return (await attendance(uow, sitting))[world.member(label)].scanned


async def test_a_check_in_is_evidence_an_act_and_not_presence(world: World) -> None:
    sitting = await world.meeting()
    sent = CheckIn(id=new_id(), code=await code_of(world, sitting.id))
    receipt = await check_in(world, MEMBER, sitting.id, sent)
    assert receipt == Receipt(id=sent.id, member=world.member(MEMBER), at=world.clock.now())
    async with world.units.read() as uow:
        there = (await attendance(uow, sitting))[world.member(MEMBER)]
        acts = await of_meeting(uow, sitting.cell, sitting.id)
    assert (there.scanned, there.hall_confirmed) == (True, False)
    assert ["attendance.check_in" in act.leaf for act in acts] == [True]
    assert world.member(MEMBER) not in acts[0].leaf


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (79, True), (81, False)])
async def test_the_code_is_good_for_eighty_seconds_of_real_time(
    world: World, real: FixedClock, seconds: int, good: bool
) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    real.move(timedelta(seconds=seconds))
    sent = CheckIn(id=new_id(), code=code)
    if good:
        await world.service.check_ins.scan(world.asks(MEMBER), sitting.id, code)
        await check_in(world, MEMBER, sitting.id, sent)
    else:
        with pytest.raises(HallCodeGone):
            await world.service.check_ins.scan(world.asks(MEMBER), sitting.id, code)
        with pytest.raises(HallCodeGone):
            await check_in(world, MEMBER, sitting.id, sent)
    assert await scanned(world, sitting, MEMBER) is good


@pytest.mark.parametrize(("minutes", "good"), [(9, True), (10, False)])
async def test_a_slow_line_has_ten_minutes_and_keeps_the_time_of_the_scan(
    world: World, real: FixedClock, minutes: int, good: bool
) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    scan = await world.service.check_ins.scan(world.asks(MEMBER), sitting.id, code)
    at = world.clock.now()
    for clock in (real, world.clock):
        clock.move(timedelta(minutes=minutes))
    sent = CheckIn(id=new_id(), nonce=scan.nonce)
    if good:
        assert (await check_in(world, MEMBER, sitting.id, sent)).at == at
    else:
        with pytest.raises(NonceGone):
            await check_in(world, MEMBER, sitting.id, sent)
    assert await scanned(world, sitting, MEMBER) is good


async def test_a_nonce_is_of_no_use_to_an_absent_friend(world: World) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    scan = await world.service.check_ins.scan(world.asks(MEMBER), sitting.id, code)
    with pytest.raises(NonceGone):
        await check_in(world, "o6", sitting.id, CheckIn(id=new_id(), nonce=scan.nonce))
    assert not await scanned(world, sitting, "o6")


async def test_repeats_get_the_first_receipt_even_when_the_code_is_long_gone(
    world: World, real: FixedClock
) -> None:
    sitting = await world.meeting()
    sent = CheckIn(id=new_id(), code=await code_of(world, sitting.id))
    first, *others = await asyncio.gather(*(check_in(world, MEMBER, sitting.id, sent) for _ in range(6)))
    for clock in (real, world.clock):
        clock.move(timedelta(minutes=30))
    await world.close(sitting)
    assert {first} == {*others, await check_in(world, MEMBER, sitting.id, sent)}
    with pytest.raises(IdReused):
        await check_in(world, MEMBER, sitting.id, replace(sent, code="another"))
    with pytest.raises(IdReused):
        await check_in(world, "o6", sitting.id, sent)
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 1
        assert len(await of_meeting(uow, sitting.cell, sitting.id)) == 1


async def test_a_crowd_at_once_leaves_one_fact_and_one_act_each(world: World) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    labels = [f"o{number}" for number in range(1, 16)]
    sent = [check_in(world, label, sitting.id, CheckIn(id=new_id(), code=code)) for label in labels]
    await asyncio.gather(*sent)
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 15
        assert len(await of_meeting(uow, sitting.cell, sitting.id)) == 15


@pytest.mark.parametrize(
    ("label", "refusal"),
    [(STRANGER, NoSuchMeeting), (SUSPENDED, NoSuchMeeting), (AUDITOR, NotConvoked)],
)
async def test_who_is_not_of_the_cell_leaves_nothing(
    world: World, label: str, refusal: type[Refused]
) -> None:
    sitting = await world.meeting()
    sent = CheckIn(id=new_id(), code=await code_of(world, sitting.id))
    with pytest.raises(refusal):
        await check_in(world, label, sitting.id, sent)
    async with world.units.read() as uow:
        assert await evidence_of(uow, sitting.id) == []


async def test_a_code_of_another_meeting_or_of_none_is_refused(world: World) -> None:
    here, there = await world.meeting(), await world.meeting()
    sent = CheckIn(id=new_id(), code=await code_of(world, there.id))
    with pytest.raises(HallCodeGone):
        await check_in(world, MEMBER, here.id, sent)
    with pytest.raises(NoSuchMeeting):
        await check_in(world, MEMBER, new_id(), sent)


@pytest.mark.parametrize(
    ("mode", "state", "refusal"),
    [
        (Mode.ONLINE, State.OPEN, NoHall),
        (Mode.HYBRID, State.DRAFT, RollNotNow),
        (Mode.HYBRID, State.CLOSED, RollNotNow),
    ],
)
async def test_there_is_no_code_without_a_hall_or_outside_its_time(
    world: World, real: FixedClock, mode: Mode, state: State, refusal: type[Refused]
) -> None:
    sitting = await world.meeting(mode=mode, state=state)
    with pytest.raises(refusal):
        await code_of(world, sitting.id)
    with pytest.raises(refusal):
        code = code_at(meeting_key(SECRET, sitting.id), real.now())
        await check_in(world, MEMBER, sitting.id, CheckIn(id=new_id(), code=code))


async def test_only_the_secretary_or_a_pass_sees_the_code(world: World, real: FixedClock) -> None:
    sitting = await world.meeting()
    with pytest.raises(NoPower):
        await world.service.check_ins.hall_code(world.asks(MEMBER), sitting.id)
    issued = await world.service.passes.issue(
        world.asks(SECRETARY), sitting.id, PassKind.KIOSK, "Màn hình cửa"
    )
    kiosk = PassToken(issued.token)
    shown = await world.service.check_ins.hall_code(kiosk, sitting.id)
    assert shown.code != await code_of(world, sitting.id)  # each screen's codes are its own
    elsewhere = await world.meeting()
    for token, meeting in ((kiosk, elsewhere.id), (PassToken("x"), sitting.id)):
        with pytest.raises(PassGone):
            await world.service.check_ins.hall_code(token, meeting)
    real.move(timedelta(hours=12))
    with pytest.raises(PassGone):
        await world.service.check_ins.hall_code(kiosk, sitting.id)


async def test_a_pass_ends_with_its_meeting(world: World) -> None:
    sitting = await world.meeting()
    issued = await world.service.passes.issue(
        world.asks(SECRETARY), sitting.id, PassKind.KIOSK, "Màn hình cửa"
    )
    await world.close(sitting)
    with pytest.raises(PassGone):
        await world.service.check_ins.hall_code(PassToken(issued.token), sitting.id)


async def test_two_names_on_one_browser_are_listed_unless_the_phone_is_shared(world: World) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    for label in ("o5", "o6"):
        await check_in(world, label, sitting.id, CheckIn(id=new_id(), code=code), browser="one phone")
    await check_in(world, "o7", sitting.id, CheckIn(id=new_id(), code=code))
    pair = {world.member("o5"), world.member("o6")}
    async with world.units.read() as uow:
        assert [set(one.members) for one in await two_names(uow, sitting.id)] == [pair]
    await world.service.shared_phones.declare(world.asks(SECRETARY), sitting.id, sorted(pair))
    async with world.units.read() as uow:
        assert await two_names(uow, sitting.id) == []
        assert len(await evidence_of(uow, sitting.id)) == 3


async def test_the_roll_decides_over_the_scan_and_the_disagreement_is_listed(world: World) -> None:
    sitting = await world.meeting()
    code = await code_of(world, sitting.id)
    for label in ("o5", "o6"):
        await check_in(world, label, sitting.id, CheckIn(id=new_id(), code=code))
    absent = Mark(member=world.member("o5"), kind=EvidenceKind.ABSENT)
    sheet = RollSheet(id=new_id(), marks=(absent,), confirm=True)
    await world.service.roll.mark(world.asks(SECRETARY), sitting.id, sheet)
    async with world.units.read() as uow:
        found = await attendance(uow, sitting)
    overruled, taken = found[world.member("o5")], found[world.member("o6")]
    assert not overruled.hall_confirmed
    assert [one.finding for one in overruled.disagreements] == [Finding.SCANNED_BUT_MARKED_ABSENT]
    assert taken.hall_confirmed
    assert taken.disagreements == ()


async def test_a_good_check_in_is_kept_beside_a_stale_one_of_the_same_batch(
    world: World, real: FixedClock
) -> None:
    sitting = await world.meeting()
    stale = await code_of(world, sitting.id)
    real.move(timedelta(minutes=5))
    fresh = await code_of(world, sitting.id)
    sent = [("o5", stale), ("o6", fresh), ("o7", stale), ("o8", fresh)]
    answers = await asyncio.gather(
        *(check_in(world, label, sitting.id, CheckIn(id=new_id(), code=code)) for label, code in sent),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [HallCodeGone, Receipt, HallCodeGone, Receipt]


@pytest.mark.parametrize("by_nonce", [True, False])
async def test_a_scan_at_a_kiosk_is_kept_as_that(world: World, by_nonce: bool) -> None:
    """And one at the secretary's own screen as one of the hall's code."""
    sitting = await world.meeting()
    issued = await world.service.passes.issue(
        world.asks(SECRETARY), sitting.id, PassKind.KIOSK, "Màn hình cửa"
    )
    at_the_door = await world.service.check_ins.hall_code(PassToken(issued.token), sitting.id)
    for label, code in ((MEMBER, at_the_door.code), (SECRETARY, await code_of(world, sitting.id))):
        sent = CheckIn(id=new_id(), code=code)
        if by_nonce:
            found = await world.service.check_ins.scan(world.asks(label), sitting.id, code)
            sent = CheckIn(id=new_id(), nonce=found.nonce)
        await check_in(world, label, sitting.id, sent)
    async with world.units.read() as uow:
        kept = {fact.member: fact.source for fact in await evidence_of(uow, sitting.id)}
    assert kept == {world.member(MEMBER): Source.KIOSK, world.member(SECRETARY): Source.HALL_QR}
