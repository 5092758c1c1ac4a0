"""A sitting opens and closes, on both databases: what the hall's counts make of it, and what stands in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from meetings.attendance.service import evidence_hash
from meetings.committees.powers import NoPower
from meetings.convening import service as convening
from meetings.convening.obligations import MonthState
from meetings.convening.paper import BadTimes, EnterOnPaper, InFuture, minutes_held
from meetings.convening.rules import AnySitting, Kind, Meeting, Mode, Practice, State
from meetings.convening.service import ConveningService, NoSuchMeeting
from meetings.convening.states import AlreadyClosed, AlreadyOpen, NotConvened, NotOpen
from meetings.kernel.canonical import digest
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.ledger.service import LedgerService, of_meeting
from meetings.rooms.rules import room_name
from meetings.sitting.rules import (
    BadFeeLine,
    FeeLine,
    NamesUndecided,
    NoChair,
    NotPresent,
    ReadOutside,
    RollNotConfirmed,
    SamePerson,
    VoteOpen,
)
from meetings.sitting.service import base_at_close, opening_of, read_out_at
from meetings.voting.rules import Included
from tests.attendance.world import AUDITOR, EXCUSED, MEMBER, PHONE, SECRETARY, STRANGER, World
from tests.sitting.holding import Cell

NOVEMBER = Month(year=2026, number=11)


async def state_of(world: World, cell: Id, month: Month = NOVEMBER) -> tuple[MonthState, str | None]:
    status, _, text = await ConveningService(world.units).month_of(world.asks(SECRETARY), cell, month)
    return status.state, text


def real(sitting: AnySitting) -> Meeting:
    assert isinstance(sitting, Meeting)
    return sitting


async def test_story_two(cell: Cell) -> None:
    closed = await cell.november()
    held = real(closed.sitting)
    assert (held.state, held.fulfils) == (State.CLOSED, True)
    assert (held.hall_present, held.hall_required) == (14, 11)
    assert not closed.closing.below_minimum
    assert (await state_of(cell.world, held.cell))[0] is MonthState.HELD
    assert room_name(held.id) not in cell.gateway.rooms
    async with cell.world.units.read() as uow:
        base = await base_at_close(uow, held, await convening.roster_of(uow, held))
    assert base.size == 20
    assert base.having(Included.EXEMPT_TAKING_PART) == (cell.world.member("e1"),)
    assert len(base.having(Included.ABSENT_BY_PHONE)) == 3


async def test_the_elder_who_took_part_in_no_vote_is_not_in_the_base(cell: Cell) -> None:
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(minutes=95))
    held = real((await cell.close(sitting)).sitting)
    assert (held.hall_present, held.hall_required, held.fulfils) == (13, 10, True)


async def test_story_ten_below_the_minimum(cell: Cell) -> None:
    hall = [*(f"o{number}" for number in range(1, 9)), "e1", "p1", "p2"]
    sitting = await cell.opened(Mode.IN_PERSON)
    await cell.roll(sitting, hall)
    await cell.decide(sitting, (), [f"o{number}" for number in range(9, 20)] + ["a1"])
    await cell.count(await cell.ask(sitting, "e1"), (8, 0, 1))
    cell.world.clock.move(timedelta(minutes=95))
    closed = await cell.close(sitting)
    held = real(closed.sitting)
    assert (held.hall_present, held.hall_required, held.fulfils) == (9, 11, False)
    assert closed.closing.below_minimum
    state, text = await state_of(cell.world, held.cell)
    assert state is MonthState.HELD_BELOW_MINIMUM
    assert text is not None
    assert "(9) thấp hơn mức tối thiểu (11)" in text
    assert "Đồng chí có thể triệu tập lại trong tháng." in text


async def test_everything_that_is_missing_is_named_and_blocks(cell: Cell) -> None:
    sitting = await cell.opened()
    secretary = cell.world.asks(SECRETARY)
    cell.world.clock.move(timedelta(minutes=90))

    async def missing() -> list[str]:
        return [one.code for one in await cell.sittings.missing(secretary, sitting.id)]

    everything = ["roll-not-confirmed", "names-undecided", "no-chair", "no-recorder"]
    assert await missing() == everything
    with pytest.raises(RollNotConfirmed):
        await cell.close(sitting)
    await cell.world.roll(sitting.id, ["o1", "o2"])
    with pytest.raises(NamesUndecided, match="Còn 20 đồng chí"):
        await cell.close(sitting)
    absent = [*(f"o{number}" for number in range(3, 20)), "p1", "p2"]
    await cell.decide(sitting, absent, ())
    with pytest.raises(NamesUndecided, match="Còn 1 đồng chí"):
        await cell.close(sitting)
    await cell.decide(sitting, ["a1"], ())
    with pytest.raises(NoChair):
        await cell.close(sitting)
    await cell.name(sitting)
    first, second = await cell.ask(sitting), await cell.ask(sitting)
    with pytest.raises(VoteOpen, match="Còn 2 biểu quyết"):
        await cell.close(sitting)
    await cell.count(first, (2, 0, 0))
    assert await missing() == ["vote-open"]
    await cell.count(second, (2, 0, 0))
    assert await missing() == []
    assert (await cell.close(sitting)).closing.below_minimum


async def test_parts_come_from_those_in_the_hall(cell: Cell) -> None:
    sitting = await cell.opened()
    with pytest.raises(NotPresent):
        await cell.name(sitting)
    await cell.world.roll(sitting.id, ["o1", "o2", "e1"])
    await cell.phone_in(sitting)
    cell.world.clock.move(timedelta(minutes=1))
    for recorder in ("o9", PHONE[0], STRANGER):
        with pytest.raises(NotPresent):
            await cell.name(sitting, recorder=recorder)
    with pytest.raises(SamePerson):
        await cell.name(sitting, recorder=SECRETARY)
    await cell.name(sitting)
    await cell.name(sitting, recorder="e1")
    async with cell.world.units.read() as uow:
        parts = {part.value: who for part, who in await convening.parts_of(uow, sitting.id)}
    assert parts == {"chair": cell.world.member(SECRETARY), "recorder": cell.world.member("e1")}


async def test_a_supplement_closes_without_deciding_absences_and_fulfils_nothing(cell: Cell) -> None:
    closed = await cell.supplement()
    held = real(closed.sitting)
    assert (held.state, held.fulfils, held.hall_present) == (State.CLOSED, False, 0)
    assert not closed.closing.below_minimum
    assert (await state_of(cell.world, held.cell))[0] not in {MonthState.HELD, MonthState.HELD_BELOW_MINIMUM}


async def test_a_supplement_needs_chair_and_recorder_who_are_connected(cell: Cell) -> None:
    sitting = await cell.opened(Mode.ONLINE)
    await cell.phone_in(sitting, ["o1", "o2"])
    cell.world.clock.move(timedelta(minutes=30))
    with pytest.raises(NoChair):
        await cell.close(sitting)
    with pytest.raises(NotPresent):
        await cell.name(sitting, recorder="o3")


async def test_a_practice_runs_every_step_and_stands_for_nothing(cell: Cell) -> None:
    sitting = await cell.opened(Mode.IN_PERSON, Kind.PRACTICE)
    assert isinstance(sitting, Practice)
    await cell.roll(sitting)
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(minutes=20))
    closed = await cell.close(sitting)
    assert closed.sitting.state is State.CLOSED
    assert (closed.closing.fulfils, closed.closing.below_minimum) == (False, False)
    assert (await state_of(cell.world, sitting.cell))[0] not in {
        MonthState.HELD,
        MonthState.HELD_BELOW_MINIMUM,
    }


async def test_the_closing_entry_commits_to_the_evidence_and_the_roster(cell: Cell) -> None:
    closed = await cell.november()
    meeting = closed.sitting.id
    async with cell.world.units.read() as uow:
        said = [orjson.loads(entry.leaf) for entry in await of_meeting(uow, closed.sitting.cell, meeting)]
        now = await evidence_hash(uow, meeting)
        belong = await convening.roster_of(uow, closed.sitting)
    kept = digest(sorted([one.id, one.category.value, one.official] for one in belong))
    [ended] = [entry for entry in said if entry["act"] == "sitting.close"]
    assert ended["p"] == {
        "hall_present": 14,
        "hall_required": 11,
        "fulfils": True,
        "fulfils_theme": False,
        "evidence": now,
        "roster": kept,
    }
    at_close = cell.world.clock.now()
    cell.world.clock.move(timedelta(minutes=1))
    await cell.phone_in(closed.sitting, ["o17"])
    async with cell.world.units.read() as uow:
        assert await evidence_hash(uow, meeting) != now
        assert await evidence_hash(uow, meeting, received_by=at_close) == now
    [chain] = await LedgerService(cell.world.units).verify([closed.sitting.cell])
    assert chain.valid


async def test_story_six(cell: Cell) -> None:
    """Opened at 19:30, found open at 07:00; she states 21:05."""
    cell.world.clock.move(timedelta(minutes=30))
    sitting = await cell.opened()
    opened = cell.world.clock.now()
    await cell.roll(sitting)
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(hours=11, minutes=30))
    ended = opened + timedelta(minutes=95)
    held = real((await cell.close(sitting, ended)).sitting)
    assert (held.opened_at, held.closed_at) == (opened, ended)
    assert held.device_closed_at == opened + timedelta(hours=11, minutes=30)
    assert minutes_held(opened, ended) == 95
    assert held.fulfils


async def test_stated_closings_that_cannot_be(cell: Cell) -> None:
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.decide(sitting)
    opened = cell.world.clock.now()
    cell.world.clock.move(timedelta(hours=40))
    for wrong in (opened, opened - timedelta(minutes=1), opened + timedelta(hours=25)):
        with pytest.raises(BadTimes):
            await cell.close(sitting, wrong)
    with pytest.raises(BadTimes):
        await cell.close(sitting, None)
    with pytest.raises(BadTimes):
        await cell.close(sitting, cell.world.clock.now() + timedelta(minutes=1))
    await cell.close(sitting, opened + timedelta(minutes=95))


async def test_an_opening_may_be_stated_within_twelve_hours(cell: Cell) -> None:
    stated = cell.world.clock.now() - timedelta(minutes=20)
    held = await cell.opened(at=stated)
    assert (held.opened_at, held.device_opened_at) == (stated, cell.world.clock.now())


async def test_no_opening_lies_in_the_future(cell: Cell) -> None:
    with pytest.raises(InFuture):
        await cell.opened(at=cell.world.clock.now() + timedelta(seconds=1))


async def test_no_month_is_filled_afterwards_by_a_stated_opening(cell: Cell) -> None:
    """Convened in December, stated for November: that is a meeting entered from paper."""
    cell.world.clock.set(datetime(2026, 11, 30, 18, 0, tzinfo=UTC))  # 01:00 on 1 December in Việt Nam
    late = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    secretary = cell.world.asks(SECRETARY)
    for stated in (timedelta(hours=3), timedelta(days=5)):
        with pytest.raises(EnterOnPaper):
            await cell.sittings.open(secretary, late.id, cell.world.clock.now() - stated)
    assert (await cell.sittings.open(secretary, late.id, None)).month == Month(year=2026, number=12)


async def test_story_four_a_device_that_was_offline_tells_of_november(cell: Cell) -> None:
    """Convened in November on the server, held without signal, sent in on 2 December."""
    made = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    secretary, opened = cell.world.asks(SECRETARY), cell.world.clock.now() + timedelta(minutes=30)
    cell.world.clock.set(datetime(2026, 12, 2, 3, 0, tzinfo=UTC))
    with pytest.raises(EnterOnPaper):
        await cell.sittings.open(secretary, made.id, opened + timedelta(hours=13))
    sitting = await cell.sittings.open(secretary, made.id, opened)
    assert (sitting.month, sitting.device_opened_at) == (NOVEMBER, opened)
    await cell.roll(sitting)
    await cell.decide(sitting)
    held = real((await cell.close(sitting, opened + timedelta(minutes=95))).sitting)
    assert (held.month, held.fulfils) == (NOVEMBER, True)
    assert (await state_of(cell.world, held.cell))[0] is MonthState.HELD


async def test_story_twelve_over_midnight_and_over_the_month(cell: Cell) -> None:
    cell.world.clock.set(datetime(2026, 11, 30, 16, 30, tzinfo=UTC))  # 23:30 on 30 November
    sitting = await cell.opened(Mode.IN_PERSON)
    await cell.roll(sitting)
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(minutes=90))
    held = real((await cell.close(sitting)).sitting)
    assert (held.month, held.fulfils) == (NOVEMBER, True)


async def test_it_opens_once_and_closes_once(cell: Cell) -> None:
    secretary = cell.world.asks(SECRETARY)
    plan = await cell.world.meeting(state=State.DRAFT)
    with pytest.raises(NotConvened):
        await cell.sittings.open(secretary, plan.id, None)
    sitting = await cell.opened()
    with pytest.raises(AlreadyOpen):
        await cell.sittings.open(secretary, sitting.id, None)
    convened = await cell.world.meeting(state=State.CONVENED)
    with pytest.raises(NotOpen):
        await cell.close(convened)
    with pytest.raises(NotOpen):
        await cell.name(convened)
    closed = await cell.november()
    with pytest.raises(AlreadyClosed):
        await cell.close(closed.sitting)
    with pytest.raises(AlreadyClosed):
        await cell.sittings.state_fees(secretary, closed.sitting.id, FeeLine(paid=1, of=2))


async def test_the_fee_line_may_be_mended_until_the_end(cell: Cell) -> None:
    sitting, secretary = await cell.opened(), cell.world.asks(SECRETARY)
    async with cell.world.units.read() as uow:
        assert await opening_of(uow, sitting.id) is None
    for paid in (20, 22):
        await cell.sittings.state_fees(secretary, sitting.id, FeeLine(paid=paid, of=24))
    with pytest.raises(BadFeeLine):
        await cell.sittings.state_fees(secretary, sitting.id, FeeLine(paid=25, of=24))
    async with cell.world.units.read() as uow:
        assert await opening_of(uow, sitting.id) == FeeLine(paid=22, of=24)


async def test_who_may(cell: Cell) -> None:
    sitting = await cell.opened()
    for label, refusal in ((MEMBER, NoPower), (AUDITOR, NoPower), (STRANGER, NoSuchMeeting)):
        with pytest.raises(refusal):
            await cell.sittings.close(cell.world.asks(label), sitting.id, None)
        with pytest.raises(refusal):
            await cell.sittings.state_fees(cell.world.asks(label), sitting.id, FeeLine(paid=1, of=2))
    with pytest.raises(NoSuchMeeting):
        await cell.sittings.missing(cell.world.asks(STRANGER), sitting.id)


async def test_a_chair_who_is_no_leader_may_close(cell: Cell) -> None:
    sitting = await cell.opened()
    await cell.world.roll(sitting.id, ["o1", *(f"o{number}" for number in range(3, 20)), "p1", "p2", "a1"])
    await cell.decide(sitting, ["o2"], ())
    await cell.name(sitting, chair="o3", recorder="o4")
    with pytest.raises(NoPower):
        await cell.sittings.close(cell.world.asks("o4"), sitting.id, None)
    cell.world.clock.move(timedelta(minutes=90))
    assert real((await cell.sittings.close(cell.world.asks("o3"), sitting.id, None)).sitting).fulfils


async def test_without_the_media_server_the_sitting_opens_and_closes(cell: Cell) -> None:
    cell.gateway.away = True
    assert (await cell.november()).closing.fulfils


async def test_the_minutes_are_read_out_while_the_sitting_is_open(cell: Cell) -> None:
    sitting = await cell.opened()
    secretary, clock = cell.world.asks(SECRETARY), cell.world.clock
    clock.move(timedelta(minutes=90))
    for outside in (clock.now() + timedelta(minutes=1), clock.now() - timedelta(hours=3)):
        with pytest.raises(ReadOutside):
            await cell.sittings.read_out(secretary, sitting.id, outside)
    with pytest.raises(NoPower):
        await cell.sittings.read_out(cell.world.asks(MEMBER), sitting.id, None)
    read = await cell.sittings.read_out(secretary, sitting.id, None)
    assert await cell.sittings.read_out(secretary, sitting.id, read) == read == clock.now()
    async with cell.world.units.read() as uow:
        assert await read_out_at(uow, sitting.id) == read
        said = [orjson.loads(one.leaf)["act"] for one in await of_meeting(uow, sitting.cell, sitting.id)]
    assert said.count("sitting.read_out") == 1


async def test_at_closing_the_hour_of_reading_is_stated_or_stays_inside(cell: Cell) -> None:
    sitting = await cell.opened()
    secretary, clock = cell.world.asks(SECRETARY), cell.world.clock
    await cell.roll(sitting)
    await cell.decide(sitting, (*EXCUSED, *PHONE))
    clock.move(timedelta(minutes=90))
    read = await cell.sittings.read_out(secretary, sitting.id, None)
    earlier = read - timedelta(minutes=8)
    with pytest.raises(ReadOutside):  # she states an end before the moment that was recorded
        await cell.sittings.close(secretary, sitting.id, earlier)
    async with cell.world.units.read() as uow:
        assert (await convening.sitting(uow, sitting.id)).state is State.OPEN
    stated = earlier - timedelta(minutes=2)
    await cell.sittings.close(secretary, sitting.id, earlier, stated)
    async with cell.world.units.read() as uow:
        assert await read_out_at(uow, sitting.id) == stated
    with pytest.raises(AlreadyClosed):
        await cell.sittings.read_out(secretary, sitting.id, None)
