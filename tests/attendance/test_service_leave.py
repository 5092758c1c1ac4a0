"""Asking leave is not having leave; the secretary decides, the member may contest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.guests import IdReused, NoHall
from meetings.attendance.leave import Coming
from meetings.attendance.rules import AbsenceState, Decision, NothingToContest, Reason
from meetings.attendance.service import AskedLeave, coming, has_answered_leave, leave_of, undecided
from meetings.attendance.service.leave import AlreadyContested, LeaveAsked, LeaveNotNow, OnlyOneself
from meetings.committees.powers import NoPower
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import moved
from meetings.convening.store import meetings
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, World

ILL = Reason.ILL


def asked(world: World, label: str | None = None) -> AskedLeave:
    return AskedLeave(id=new_id(), reason=ILL, note="Sốt", member=world.member(label) if label else None)


async def test_asking_leaves_the_reason_undecided_until_the_secretary_decides(world: World) -> None:
    sitting = await world.meeting()
    told = await world.service.leave.ask(world.asks(MEMBER), sitting.id, asked(world))
    assert (told.state, told.reason, told.asked) == (AbsenceState.UNDECIDED, ILL, True)
    decided = await world.service.leave.decide(
        world.asks(SECRETARY), sitting.id, world.member(MEMBER), Decision.EXCUSED, None
    )
    assert (decided.state, decided.reason) == (AbsenceState.EXCUSED, ILL)
    async with world.units.read() as uow:
        assert world.member(MEMBER) not in await undecided(uow, sitting)
        acts = [entry.leaf for entry in await of_meeting(uow, sitting.cell, sitting.id)]
    assert ["ask_leave" in acts[0], "decide_leave" in acts[1], len(acts)] == [True, True, 2]
    assert not any("Sốt" in leaf or world.member(MEMBER) in leaf for leaf in acts)


async def test_the_secretary_writes_down_a_call_for_a_member(world: World) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    told = await world.service.leave.ask(world.asks(SECRETARY), sitting.id, asked(world, MEMBER))
    assert told.member == world.member(MEMBER)
    async with world.units.read() as uow:
        assert await has_answered_leave(uow, sitting.id, world.member(MEMBER))
        assert not await has_answered_leave(uow, sitting.id, world.member(SECRETARY))


async def test_a_repeated_request_is_one_and_another_body_is_refused(world: World) -> None:
    sitting = await world.meeting()
    request = asked(world)
    first = await world.service.leave.ask(world.asks(MEMBER), sitting.id, request)
    await world.close(sitting)
    assert await world.service.leave.ask(world.asks(MEMBER), sitting.id, request) == first
    with pytest.raises(IdReused):
        await world.service.leave.ask(world.asks(MEMBER), sitting.id, replace(request, reason=Reason.FAMILY))
    with pytest.raises(LeaveNotNow):
        await world.service.leave.ask(world.asks(MEMBER), sitting.id, asked(world))
    async with world.units.read() as uow:
        assert len((await leave_of(uow, sitting)).requests) == 1


@pytest.mark.parametrize(
    ("label", "for_whom", "refusal"),
    [
        (MEMBER, "o6", NoPower),
        (STRANGER, None, NoSuchMeeting),
        (AUDITOR, None, NoSuchMember),
        (SECRETARY, STRANGER, NoSuchMember),
    ],
)
async def test_leave_is_asked_for_oneself_or_by_the_secretary(
    world: World, label: str, for_whom: str | None, refusal: type[Refused]
) -> None:
    sitting = await world.meeting()
    with pytest.raises(refusal):
        await world.service.leave.ask(world.asks(label), sitting.id, asked(world, for_whom))
    async with world.units.read() as uow:
        assert (await leave_of(uow, sitting)).requests == []


async def test_a_member_does_not_decide(world: World) -> None:
    sitting = await world.meeting()
    with pytest.raises(NoPower):
        await world.service.leave.decide(
            world.asks(MEMBER), sitting.id, world.member(MEMBER), Decision.EXCUSED, ILL
        )
    async with world.units.read() as uow:
        assert (await leave_of(uow, sitting)).decisions == []


async def test_a_contested_decision_can_be_looked_at_again_after_the_sitting(world: World) -> None:
    sitting = await world.meeting()
    member, secretary = world.member(MEMBER), world.asks(SECRETARY)
    await world.service.leave.decide(secretary, sitting.id, member, Decision.UNEXCUSED, None)
    await world.close(sitting)
    contested = await world.service.leave.contest(world.asks(MEMBER), sitting.id, member, "Tôi đã gọi")
    assert (contested.state, contested.contested) == (AbsenceState.UNEXCUSED, True)
    with pytest.raises(AlreadyContested):
        await world.service.leave.contest(world.asks(MEMBER), sitting.id, member, "Lần nữa")
    again = await world.service.leave.decide(secretary, sitting.id, member, Decision.EXCUSED, ILL)
    assert (again.state, again.reason, again.contested) == (AbsenceState.EXCUSED, ILL, False)
    async with world.units.read() as uow:
        assert [one.sequence for one in (await leave_of(uow, sitting)).decisions] == [1, 2]


async def test_only_ones_own_decision_can_be_contested_and_only_one_that_exists(world: World) -> None:
    sitting = await world.meeting()
    with pytest.raises(NothingToContest):
        await world.service.leave.contest(world.asks(MEMBER), sitting.id, world.member(MEMBER), "")
    with pytest.raises(OnlyOneself):
        await world.service.leave.contest(world.asks(MEMBER), sitting.id, world.member("o6"), "")


async def test_nothing_is_decided_before_the_call_or_about_strangers(world: World) -> None:
    draft, sitting = await world.meeting(state=State.DRAFT), await world.meeting()
    secretary = world.asks(SECRETARY)
    with pytest.raises(LeaveNotNow):
        await world.service.leave.decide(secretary, draft.id, world.member(MEMBER), Decision.EXCUSED, ILL)
    with pytest.raises(NoSuchMember):
        await world.service.leave.decide(secretary, sitting.id, world.member(STRANGER), Decision.EXCUSED, ILL)


async def test_who_says_they_will_come_is_listed_once_and_counts_nothing(world: World) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    for _ in range(2):
        assert await world.service.leave.come(world.asks(MEMBER), sitting.id) == world.member(MEMBER)
    look = await world.service.looks.now(world.asks(SECRETARY), sitting.id)
    assert [line.member.id for line in look.lines if line.coming] == [world.member(MEMBER)]
    (mine,) = [line for line in look.lines if line.coming]
    assert (mine.attendance.hall_confirmed, mine.attendance.scanned) == (False, False)
    async with world.units.read() as uow:
        acts = [entry.leaf for entry in await of_meeting(uow, sitting.cell, sitting.id)]
        assert not await has_answered_leave(uow, sitting.id, world.member(MEMBER))
    assert [("attendance.coming" in leaf, world.member(MEMBER) in leaf) for leaf in acts] == [(True, False)]


async def test_leave_asked_later_stands_over_it_and_asked_before_stands_in_its_way(world: World) -> None:
    sitting = await world.meeting(state=State.CONVENED)
    asker = world.asks(MEMBER)
    await world.service.leave.come(asker, sitting.id)
    await world.service.leave.ask(asker, sitting.id, asked(world))
    async with world.units.read() as uow:
        assert await coming(uow, sitting) == Coming(now=frozenset(), before={})
    assert await world.service.leave.come(asker, sitting.id) == world.member(MEMBER)
    other = await world.meeting(state=State.CONVENED)
    await world.service.leave.ask(asker, other.id, asked(world))
    with pytest.raises(LeaveAsked):
        await world.service.leave.come(asker, other.id)


async def test_after_a_move_leave_is_asked_for_anew(world: World) -> None:
    sitting, member = await world.meeting(state=State.CONVENED), world.member(MEMBER)
    first, asker = asked(world), world.asks(MEMBER)
    await world.service.leave.ask(asker, sitting.id, first)
    secretary = world.asks(SECRETARY)
    await world.service.leave.decide(secretary, sitting.id, member, Decision.EXCUSED, None)
    later = sitting.starts_at + timedelta(days=1)
    async with world.units.begin() as uow:
        await meetings.save(uow.session, moved(sitting, starts_at=later, place=sitting.place))
    repeated = await world.service.leave.ask(asker, sitting.id, first)
    assert (repeated.asked, repeated.asked_before) == (False, sitting.starts_at), "an old request sent again"
    async with world.units.read() as uow:
        assert not await has_answered_leave(uow, sitting.id, member)
    with pytest.raises(NothingToContest):
        await world.service.leave.contest(asker, sitting.id, member, "")
    anew = await world.service.leave.ask(asker, sitting.id, asked(world))
    assert (anew.state, anew.asked_before) == (AbsenceState.UNDECIDED, None)


@pytest.mark.parametrize(
    ("label", "mode", "state", "refusal"),
    [
        (MEMBER, Mode.ONLINE, State.CONVENED, NoHall),
        (MEMBER, Mode.HYBRID, State.DRAFT, LeaveNotNow),
        (MEMBER, Mode.HYBRID, State.CLOSED, LeaveNotNow),
        (AUDITOR, Mode.HYBRID, State.CONVENED, NoSuchMember),
        (STRANGER, Mode.HYBRID, State.CONVENED, NoSuchMeeting),
    ],
)
async def test_who_cannot_say_that_they_will_come(
    world: World, label: str, mode: Mode, state: State, refusal: type[Refused]
) -> None:
    sitting = await world.meeting(mode=mode, state=State.OPEN if state is State.CLOSED else state)
    if state is State.CLOSED:
        await world.close(sitting)
    with pytest.raises(refusal):
        await world.service.leave.come(world.asks(label), sitting.id)
