"""Who sees whom, and that a look from outside the cell is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.attendance.guests import RollNotNow
from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service import Mark, RollSheet
from meetings.committees.powers import NoPower
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import State
from meetings.convening.service import NoSuchMeeting
from meetings.kernel.ids import new_id
from meetings.ledger.service import of_meeting
from meetings.rooms.rules import PresenceKind
from tests.attendance.world import AUDITOR, CELL_S, MEMBER, SECRETARY, STRANGER, SUSPENDED, World, rate_text


async def test_the_secretary_sees_everybody_and_a_member_only_themself(world: World) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, ["o1", "o2"])
    await world.service.guests.welcome(
        world.asks(SECRETARY), sitting.id, full_name="Khách", comes_from="Xã", overseer=False
    )
    whole = await world.service.looks.now(world.asks(SECRETARY), sitting.id)
    own = await world.service.looks.now(world.asks(MEMBER), sitting.id)
    assert {line.member.id for line in whole.lines} == {world.member(label) for label in CELL_S}
    assert [line.member.id for line in own.lines] == [world.member(MEMBER)]
    assert (len(whole.guests), len(own.guests), own.everybody) == (1, 0, False)
    assert rate_text(own.record) == rate_text(whole.record) == "2/22 = 9,09 %"


async def test_a_look_by_the_auditor_is_recorded_and_one_from_the_cell_is_not(world: World) -> None:
    sitting = await world.meeting()
    await world.service.looks.now(world.asks(SECRETARY), sitting.id)
    await world.service.looks.now(world.asks(MEMBER), sitting.id)
    seen = await world.service.looks.now(world.asks(AUDITOR), sitting.id)
    assert len(seen.lines) == len(CELL_S)
    async with world.units.read() as uow:
        acts = [entry.leaf for entry in await of_meeting(uow, sitting.cell, sitting.id)]
    assert ["attendance.look" in leaf and world.asks(AUDITOR).person in leaf for leaf in acts] == [True]


@pytest.mark.parametrize("label", [STRANGER, SUSPENDED])
async def test_others_do_not_learn_that_the_meeting_exists(world: World, label: str) -> None:
    sitting = await world.meeting()
    with pytest.raises(NoSuchMeeting):
        await world.service.looks.now(world.asks(label), sitting.id)
    with pytest.raises(NoSuchMeeting):
        await world.service.looks.now(world.asks(SECRETARY), new_id())


async def test_who_was_where_at_any_second(world: World) -> None:
    sitting = await world.meeting()
    assert sitting.opened_at is not None
    came, left = (sitting.opened_at + timedelta(minutes=minutes) for minutes in (10, 20))
    join = world.event(sitting.id, "o14", PresenceKind.JOINED, came)
    leave = world.event(sitting.id, "o14", PresenceKind.LEFT, left)
    await world.service.record_presence([join, leave])
    marks = (
        Mark(member=world.member("o5"), kind=EvidenceKind.LATE, device_at=came),
        Mark(member=world.member("e1"), kind=EvidenceKind.PRESENT),
    )
    sheet = RollSheet(id=new_id(), marks=marks, confirm=True)
    await world.service.roll.mark(world.asks(SECRETARY), sitting.id, sheet)
    found = {
        minutes: await world.service.looks.at(
            world.asks(SECRETARY), sitting.id, sitting.opened_at + timedelta(minutes=minutes)
        )
        for minutes in (5, 15, 25)
    }
    late, elder, phone = (world.member(label) for label in ("o5", "e1", "o14"))
    assert [found[minutes].hall for minutes in (5, 15, 25)] == [{elder}, {elder, late}, {elder, late}]
    assert [found[minutes].online for minutes in (5, 15, 25)] == [set(), {phone}, set()]
    assert [found[minutes].entitled for minutes in (5, 15, 25)] == [set(), {late}, {late}]


async def test_guests_come_while_there_is_a_sitting(world: World) -> None:
    over, sitting = await world.meeting(state=State.CLOSED), await world.meeting()
    with pytest.raises(RollNotNow):
        await world.service.guests.welcome(
            world.asks(SECRETARY), over.id, full_name="Khách", comes_from="Xã", overseer=False
        )
    with pytest.raises(NoPower):
        await world.service.guests.welcome(
            world.asks(MEMBER), sitting.id, full_name="Khách", comes_from="Xã", overseer=False
        )


async def test_a_shared_phone_is_declared_for_members_by_who_leads(world: World) -> None:
    sitting = await world.meeting()
    pair = [world.member("o5"), world.member("o6")]
    with pytest.raises(NoPower):
        await world.service.shared_phones.declare(world.asks(MEMBER), sitting.id, pair)
    with pytest.raises(NoSuchMember):
        await world.service.shared_phones.declare(
            world.asks(SECRETARY), sitting.id, [*pair, world.member(STRANGER)]
        )
