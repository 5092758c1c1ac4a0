"""Who may press for whom on one phone."""

from __future__ import annotations

import pytest

from meetings.attendance.guests import NotShared
from meetings.attendance.service import CheckIn, Sharer, evidence_of
from meetings.committees.powers import NoPower
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting
from meetings.kernel.ids import new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import MEMBER, SECRETARY, SUSPENDED, World


async def pressed(world: World, sitting: AnySitting, label: str, on: str = MEMBER) -> CheckIn:
    """That member's arrival by a fresh code, on somebody's phone."""
    code = (await world.service.check_ins.hall_code(world.asks(SECRETARY), sitting.id)).code
    sent = CheckIn(id=new_id(), code=code, member=world.member(label))
    await world.service.check_ins.check_in(world.asks(on), sitting.id, sent, browser=f"phone of {on}")
    return sent


async def test_the_owner_s_phone_takes_those_declared_with_them_and_tells_whose_it_was(world: World) -> None:
    sitting = await world.meeting()
    group = [world.member(label) for label in (MEMBER, "o6", "o7")]
    await world.service.shared_phones.declare(world.asks(SECRETARY), sitting.id, group)
    assert [
        one.members for one in await world.service.shared_phones.declared(world.asks(SECRETARY), sitting.id)
    ] == [tuple(sorted(group))]
    await pressed(world, sitting, "o6")
    await pressed(world, sitting, MEMBER)
    left = await world.service.check_ins.handed_round(world.asks(MEMBER), sitting.id)
    assert [(one.member, one.scanned) for one in left] == [(group[1], True), (group[2], False)]
    assert isinstance(left[0], Sharer)
    async with world.units.read() as uow:
        by = {one.member: one.by for one in await evidence_of(uow, sitting.id)}
        acts = [act.leaf for act in await of_meeting(uow, sitting.cell, sitting.id) if "check_in" in act.leaf]
    assert by == {group[0]: None, group[1]: world.asks(MEMBER).person}
    assert ["shared_phone" in act for act in acts] == [True, False]


@pytest.mark.parametrize("label", ["o8", SUSPENDED])
async def test_nobody_else_is_pressed_in(world: World, label: str) -> None:
    sitting = await world.meeting()
    group = [world.member(one) for one in (MEMBER, "o6", SUSPENDED)]
    await world.service.shared_phones.declare(world.asks(SECRETARY), sitting.id, group)
    with pytest.raises(NotShared):
        await pressed(world, sitting, label)
    with pytest.raises(NotShared):
        await pressed(world, sitting, "o6", on="o8")
    async with world.units.read() as uow:
        assert await evidence_of(uow, sitting.id) == []


async def test_only_who_calls_the_roll_declares_members_of_the_cell(world: World) -> None:
    sitting = await world.meeting()
    pair = [world.member("o6"), world.member("o7")]
    for act in (
        world.service.shared_phones.declare(world.asks(MEMBER), sitting.id, pair),
        world.service.shared_phones.declared(world.asks(MEMBER), sitting.id),
    ):
        with pytest.raises(NoPower):
            await act
    with pytest.raises(NoSuchMember):
        await world.service.shared_phones.declare(world.asks(SECRETARY), sitting.id, [pair[0], new_id()])
