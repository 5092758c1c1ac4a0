"""Hands go up from phones and by the secretary; turns are given, timed, and kept in the ledger."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from meetings.agenda.service import AgendaService, Wanted
from meetings.agenda.speakers import HandDiffers, HandDown, HandState, MayNotSpeak, NoSuchHand
from meetings.agenda.speaking import Floor
from meetings.committees.powers import NoPower
from meetings.convening.rules import State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import NotOpen
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, SUSPENDED, World


async def up(world: World, agenda: AgendaService, meeting: Id, label: str) -> Id:
    """The member raises a hand on their own phone."""
    hand = await agenda.speakers.put_up(world.asks(label), meeting, new_id(), None)
    return hand.id


async def listed(world: World, agenda: AgendaService, meeting: Id) -> Floor:
    return await agenda.speakers.look(world.asks(SECRETARY), meeting)


async def waiting(world: World, agenda: AgendaService, meeting: Id) -> list[str]:
    names = {world.member(f"o{number}"): f"o{number}" for number in range(1, 20)}
    return [names[one.member] for one in (await listed(world, agenda, meeting)).waiting]


async def test_turns_are_given_timed_and_priority_kept(world: World, agenda: AgendaService) -> None:
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    [item] = (
        await agenda.plan(secretary, sitting.id, [Wanted(title="Thảo luận", planned_minutes=30)], None)
    ).items
    await agenda.start(secretary, item.id)
    first = await up(world, agenda, sitting.id, "o5")
    second = await up(world, agenda, sitting.id, "o6")
    called = await agenda.speakers.call(secretary, first)
    assert (called.state, called.item) == (HandState.SPEAKING, item.id)
    world.clock.move(timedelta(minutes=3, seconds=20))
    await agenda.speakers.call(secretary, second)
    found = await listed(world, agenda, sitting.id)
    assert [(one.id, found.seconds(one)) for one in found.done] == [(first, 200)]
    assert found.speaking is not None
    assert found.speaking.id == second
    await up(world, agenda, sitting.id, "o5")
    await up(world, agenda, sitting.id, "o7")
    assert await waiting(world, agenda, sitting.id) == ["o7", "o5"], "who has not spoken comes first"
    world.clock.move(timedelta(minutes=1))
    await agenda.stop(secretary, item.id, "")
    found = await listed(world, agenda, sitting.id)
    assert found.speaking is None, "the item is over, and so is the turn"
    assert [found.seconds(one) for one in found.done] == [200, 60]


async def test_the_same_hand_twice_is_one_hand(world: World, agenda: AgendaService) -> None:
    sitting, hand = await world.meeting(), new_id()
    once = await agenda.speakers.put_up(world.asks(MEMBER), sitting.id, hand, None)
    again = await agenda.speakers.put_up(world.asks(MEMBER), sitting.id, hand, None)
    other = await agenda.speakers.put_up(world.asks(MEMBER), sitting.id, new_id(), None)
    assert once == again == other
    async with world.units.read() as uow:
        acts = await of_meeting(uow, sitting.cell, sitting.id)
    assert len(acts) == 1
    assert world.member(MEMBER) not in acts[0].leaf, "who it was is committed to, not shown"
    with pytest.raises(HandDiffers):
        await agenda.speakers.put_up(world.asks("o6"), sitting.id, hand, None)
    elsewhere = await world.meeting()
    with pytest.raises(HandDiffers):
        await agenda.speakers.put_up(world.asks(MEMBER), elsewhere.id, hand, None)


async def test_many_hands_at_once_are_each_counted_once(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    labels = [f"o{number}" for number in range(1, 11)]
    ids = {label: new_id() for label in labels}
    raised = [agenda.speakers.put_up(world.asks(label), sitting.id, ids[label], None) for label in labels * 2]
    await asyncio.gather(*raised)
    hands = (await listed(world, agenda, sitting.id)).hands
    assert sorted(one.number for one in hands) == list(range(1, 11))
    assert {one.id for one in hands} == set(ids.values())


async def test_the_secretary_puts_up_for_others_and_members_only_for_themselves(
    world: World, agenda: AgendaService
) -> None:
    sitting, speakers = await world.meeting(), agenda.speakers
    hand = await speakers.put_up(world.asks(SECRETARY), sitting.id, new_id(), world.member("p1"))
    assert (hand.member, hand.by) == (world.member("p1"), world.asks(SECRETARY).person)
    with pytest.raises(NoPower):
        await speakers.put_up(world.asks(MEMBER), sitting.id, new_id(), world.member("o6"))
    for act in (speakers.call, speakers.finish, speakers.lower):
        with pytest.raises(NoPower):
            await act(world.asks(MEMBER), hand.id)
    own = await up(world, agenda, sitting.id, MEMBER)
    assert (await speakers.lower(world.asks(MEMBER), own)).state is HandState.LOWERED
    assert (await speakers.lower(world.asks(SECRETARY), hand.id)).state is HandState.LOWERED
    with pytest.raises(HandDown):
        await speakers.call(world.asks(SECRETARY), own)


async def test_who_is_not_called_to_the_sitting_is_not_on_its_list(
    world: World, agenda: AgendaService
) -> None:
    sitting, speakers = await world.meeting(), agenda.speakers
    for label, member, why in (
        (AUDITOR, None, MayNotSpeak),
        (SECRETARY, SUSPENDED, MayNotSpeak),
        (SECRETARY, "f1", MayNotSpeak),
        (STRANGER, None, NoSuchMeeting),
    ):
        of = world.member(member) if member else None
        with pytest.raises(why):
            await speakers.put_up(world.asks(label), sitting.id, new_id(), of)
    hand = await up(world, agenda, sitting.id, MEMBER)
    for act in (speakers.call, speakers.finish, speakers.lower):
        with pytest.raises(NoSuchMeeting):
            await act(world.asks(STRANGER), hand)
        with pytest.raises(NoSuchHand):
            await act(world.asks(SECRETARY), new_id())
    with pytest.raises(NoSuchMeeting):
        await speakers.look(world.asks(STRANGER), sitting.id)


@pytest.mark.parametrize("state", [State.CONVENED, State.CLOSED])
async def test_hands_go_up_while_the_sitting_is_open(
    world: World, agenda: AgendaService, state: State
) -> None:
    sitting = await world.meeting(state=state)
    with pytest.raises(NotOpen):
        await up(world, agenda, sitting.id, MEMBER)


async def test_a_guest_is_put_on_the_list_by_who_leads_and_stands_outside_every_rate(
    world: World, agenda: AgendaService
) -> None:
    sitting, speakers, secretary = await world.meeting(), agenda.speakers, world.asks(SECRETARY)
    guest = await world.service.guests.welcome(
        secretary, sitting.id, full_name="Khách Mẫu", comes_from="Xã", overseer=False
    )
    hand = new_id()
    once = await speakers.put_up_guest(secretary, sitting.id, hand, guest.id)
    assert await speakers.put_up_guest(secretary, sitting.id, hand, guest.id) == once
    assert await speakers.put_up_guest(secretary, sitting.id, new_id(), guest.id) == once
    assert (once.member, once.guest) == (guest.id, True)
    found = await listed(world, agenda, sitting.id)
    assert [found.name(one) for one in found.waiting] == ["Khách Mẫu"]
    assert (await speakers.call(secretary, once.id)).state is HandState.SPEAKING
    for label, who, why in ((MEMBER, guest.id, NoPower), (SECRETARY, world.member("o6"), MayNotSpeak)):
        with pytest.raises(why):
            await speakers.put_up_guest(world.asks(label), sitting.id, new_id(), who)
    elsewhere = await world.meeting()
    with pytest.raises(MayNotSpeak):
        await speakers.put_up_guest(secretary, elsewhere.id, new_id(), guest.id)
    async with world.units.read() as uow:
        leaves = [one.leaf for one in await of_meeting(uow, sitting.cell, sitting.id)]
    assert not any("Khách Mẫu" in leaf for leaf in leaves)
