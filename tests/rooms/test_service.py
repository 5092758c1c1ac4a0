"""Rooms through the service on both databases: who gets a seat, who is kept out, what is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.rules import Reason
from meetings.attendance.service import AskedLeave, attendance
from meetings.committees.powers import NoPower, Part
from meetings.committees.service import NoSuchMember
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.store import convocations
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.ledger.service import LedgerService
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.ports import MediaServerAway, NotAuthentic
from meetings.rooms.rules import (
    TICKET_LIFE,
    LeaveQuestionFirst,
    NoRoom,
    NotConvoked,
    Publish,
    RemovedFromRoom,
    RoomNotOpen,
    SeatRole,
    room_name,
)
from meetings.rooms.service import RoomsService
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, SUSPENDED, World


async def online(world: World) -> AnySitting:
    return await world.meeting(mode=Mode.ONLINE)


async def seen_online(world: World, sitting: AnySitting, label: str) -> bool:
    async with world.units.read() as uow:
        return bool((await attendance(uow, sitting))[world.member(label)].online)


async def test_a_member_gets_a_seat(world: World, rooms: RoomsService, real: FixedClock) -> None:
    sitting = await online(world)
    entry = await rooms.enter(world.asks(MEMBER), sitting.id)
    assert entry.url == "ws://media.invalid"
    assert entry.expires_at == real.now() + TICKET_LIFE
    seat = entry.ticket
    assert (seat.room, seat.identity) == (room_name(sitting.id), world.member(MEMBER))
    assert (seat.name, seat.role) == ("Người Thử O5", SeatRole.MEMBER)
    assert seat.rights.publish == {Publish.MICROPHONE, Publish.CAMERA}
    again = await rooms.enter(world.asks(MEMBER), sitting.id)
    assert again.ticket == seat


REFUSED: dict[str, tuple[str, Mode, State, type[Refused]]] = {
    "in person": (MEMBER, Mode.IN_PERSON, State.OPEN, NoRoom),
    "not begun": (MEMBER, Mode.ONLINE, State.CONVENED, RoomNotOpen),
    "closed": (MEMBER, Mode.ONLINE, State.CLOSED, RoomNotOpen),
    "suspended": (SUSPENDED, Mode.ONLINE, State.OPEN, NoSuchMeeting),  # they may not even know of it
    "the leave question": (MEMBER, Mode.HYBRID, State.OPEN, LeaveQuestionFirst),
    "the secretary outside too": (SECRETARY, Mode.HYBRID, State.OPEN, LeaveQuestionFirst),
    "another cell": (STRANGER, Mode.ONLINE, State.OPEN, NoSuchMeeting),
    "an auditor": (AUDITOR, Mode.ONLINE, State.OPEN, NotConvoked),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_no_seat(world: World, rooms: RoomsService, gateway: MemoryGateway, why: str) -> None:
    label, mode, state, refusal = REFUSED[why]
    sitting = await world.meeting(mode=mode, state=state)
    with pytest.raises(refusal):
        await rooms.enter(world.asks(label), sitting.id)
    assert gateway.rooms == {}


async def test_who_was_left_out_gets_none(world: World, rooms: RoomsService) -> None:
    sitting = await online(world)
    async with world.units.begin() as uow:
        [mine] = [
            one for one in await convening.convoked(uow, sitting.id) if one.member == world.member(MEMBER)
        ]
        left_out = replace(mine, how=None, left_out_reason="đi xa", edition=mine.edition + 1)
        await convocations.append(uow.session, [left_out])
    with pytest.raises(NotConvoked):
        await rooms.enter(world.asks(MEMBER), sitting.id)


async def test_an_unknown_meeting_is_not_there(world: World, rooms: RoomsService) -> None:
    with pytest.raises(NoSuchMeeting):
        await rooms.enter(world.asks(MEMBER), new_id())


async def test_after_the_leave_question_one_may_join_by_phone(world: World, rooms: RoomsService) -> None:
    sitting = await world.meeting(mode=Mode.HYBRID)
    asked = AskedLeave(id=new_id(), reason=Reason.WORKING_AWAY)
    await world.service.leave.ask(world.asks(MEMBER), sitting.id, asked)
    assert (await rooms.enter(world.asks(MEMBER), sitting.id)).ticket.role is SeatRole.MEMBER


async def test_chair_and_recorder_bring_the_hall_in(world: World, rooms: RoomsService) -> None:
    """They were named from those in the hall: nobody asks them why they are absent."""
    sitting = await world.meeting(mode=Mode.HYBRID)
    async with world.units.begin() as uow:
        await convening.set_part(uow, sitting.id, Part.CHAIR, world.member(SECRETARY))
        await convening.set_part(uow, sitting.id, Part.RECORDER, world.member("o2"))
    chair = await rooms.enter(world.asks(SECRETARY), sitting.id)
    recorder = await rooms.enter(world.asks("o2"), sitting.id)
    assert (chair.ticket.role, recorder.ticket.role) == (SeatRole.CHAIR, SeatRole.RECORDER)
    assert Publish.SCREEN_SHARE in chair.ticket.rights.publish


async def test_a_removed_member_stays_out(
    world: World, rooms: RoomsService, gateway: MemoryGateway, clock: FixedClock
) -> None:
    sitting = await online(world)
    room, member = room_name(sitting.id), world.member(MEMBER)
    await rooms.enter(world.asks(MEMBER), sitting.id)
    await rooms.receive(*gateway.join(room, member))
    clock.move(timedelta(minutes=1))
    await rooms.remove(world.asks(SECRETARY), sitting.id, member, "gây mất trật tự")
    assert gateway.rooms[room] == {}
    with pytest.raises(RemovedFromRoom):
        await rooms.enter(world.asks(MEMBER), sitting.id)
    clock.move(timedelta(minutes=5))
    await rooms.receive(*gateway.join(room, member))  # the old token: a webhook shows them
    assert gateway.rooms[room] == {}
    gateway.join(room, member)  # the webhook was lost: a poll shows them
    await rooms.poll_open_rooms()
    await rooms.poll(sitting.id)
    assert gateway.rooms[room] == {}
    async with world.units.read() as uow:
        spans = (await attendance(uow, sitting))[member].online
    ended = [one.until - one.since for one in spans if one.until is not None]
    assert len(ended) == len(spans)
    assert sum(ended, timedelta()) <= timedelta(minutes=1)


async def test_a_readmitted_member_may_return(
    world: World, rooms: RoomsService, gateway: MemoryGateway, clock: FixedClock
) -> None:
    sitting = await online(world)
    secretary, member = world.asks(SECRETARY), world.member(MEMBER)
    await rooms.remove(secretary, sitting.id, member, "nhầm")
    clock.move(timedelta(minutes=1))
    await rooms.readmit(secretary, sitting.id, member, "đã rõ")
    entry = await rooms.enter(world.asks(MEMBER), sitting.id)
    await rooms.receive(*gateway.join(entry.ticket.room, member))
    assert member in gateway.rooms[entry.ticket.room]
    [chain] = await LedgerService(world.units).verify([sitting.cell])
    assert (chain.valid, chain.entries) == (True, 2)


async def test_only_leaders_remove_and_only_their_own(world: World, rooms: RoomsService) -> None:
    sitting = await online(world)
    member = world.member(MEMBER)
    with pytest.raises(NoPower):
        await rooms.remove(world.asks("o7"), sitting.id, member, "…")
    with pytest.raises(NoSuchMeeting):
        await rooms.remove(world.asks(STRANGER), sitting.id, member, "…")
    for foreign in (world.member(STRANGER), new_id()):
        with pytest.raises(NoSuchMember):
            await rooms.remove(world.asks(SECRETARY), sitting.id, foreign, "…")
        with pytest.raises(NoSuchMember):
            await rooms.readmit(world.asks(SECRETARY), sitting.id, foreign, "…")
    in_hall = await world.meeting(mode=Mode.IN_PERSON)
    with pytest.raises(NoRoom):
        await rooms.remove(world.asks(SECRETARY), in_hall.id, member, "…")


async def test_webhooks_and_polls_become_presence(
    world: World, rooms: RoomsService, gateway: MemoryGateway, clock: FixedClock
) -> None:
    sitting = await online(world)
    room = room_name(sitting.id)
    async with world.units.begin() as uow:
        await rooms.open_room(uow, sitting)
    await rooms.receive(*gateway.join(room, world.member("o2")))
    gateway.join(room, world.member("o3"))  # its webhook is lost
    clock.move(timedelta(seconds=5))
    await rooms.poll_open_rooms()
    clock.move(timedelta(minutes=1))
    assert await seen_online(world, sitting, "o2")
    assert await seen_online(world, sitting, "o3")
    assert not await seen_online(world, sitting, "o4")
    with pytest.raises(NotAuthentic):
        await rooms.receive(b"{}", "not signed")


async def test_a_webhook_of_no_meeting_of_ours_changes_nothing(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    await rooms.receive(*gateway.join("another application's", world.member("o2")))
    await rooms.receive(*gateway.join(room_name(new_id()), world.member("o2")))
    sitting = await online(world)
    assert not await seen_online(world, sitting, "o2")


async def test_the_meeting_goes_on_without_the_media_server(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    sitting = await online(world)
    gateway.away = True
    async with world.units.begin() as uow:
        await rooms.open_room(uow, sitting)
    await rooms.poll_open_rooms()
    await rooms.remove(world.asks(SECRETARY), sitting.id, world.member("o9"), "…")
    with pytest.raises(MediaServerAway):
        await rooms.enter(world.asks(MEMBER), sitting.id)
    gateway.away = False
    await rooms.enter(world.asks(MEMBER), sitting.id)
    assert room_name(sitting.id) in gateway.rooms
    gateway.away = True
    async with world.units.begin() as uow:
        await rooms.close_room(uow, sitting)


async def test_a_media_server_that_forgot_the_room_gets_it_again(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    sitting = await online(world)
    await rooms.enter(world.asks(MEMBER), sitting.id)
    gateway.rooms.clear()  # it was started again
    await rooms.enter(world.asks(MEMBER), sitting.id)
    assert room_name(sitting.id) in gateway.rooms


async def test_a_room_ends_once_and_is_polled_no_more(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    sitting = await online(world)
    room = room_name(sitting.id)
    for act in (rooms.open_room, rooms.open_room, rooms.close_room, rooms.close_room):
        async with world.units.begin() as uow:
            await act(uow, sitting)
    assert gateway.rooms == {}
    gateway.join(room, world.member("o2"))
    await rooms.poll_open_rooms()
    assert not await seen_online(world, sitting, "o2")


async def test_nothing_is_made_where_the_opening_fails(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    sitting = await online(world)
    with pytest.raises(RoomNotOpen):
        async with world.units.begin() as uow:
            await rooms.open_room(uow, sitting)
            raise RoomNotOpen
    assert gateway.rooms == {}


async def test_a_sitting_in_person_has_no_room(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    async with world.units.begin() as uow:
        await rooms.open_room(uow, sitting)
        await rooms.close_room(uow, sitting)
    assert gateway.rooms == {}


async def test_a_forgotten_room_is_made_again_while_the_sitting_runs(
    world: World, rooms: RoomsService, gateway: MemoryGateway
) -> None:
    """A media server that was started again has no rooms, and lets nobody into a room it does not know."""
    sitting = await online(world)
    async with world.units.begin() as uow:
        await rooms.open_room(uow, sitting)
    gateway.rooms.clear()
    await rooms.poll_open_rooms()
    assert list(gateway.rooms) == [room_name(sitting.id)]
    async with world.units.begin() as uow:
        await rooms.close_room(uow, sitting)
    await rooms.poll(sitting.id)  # one that was under way when the sitting closed
    assert gateway.rooms == {}


async def test_when_the_media_server_dies_nobody_is_there_from_then_on(
    world: World, rooms: RoomsService, gateway: MemoryGateway, clock: FixedClock
) -> None:
    sitting = await online(world)
    async with world.units.begin() as uow:
        await rooms.open_room(uow, sitting)
    gateway.join(room_name(sitting.id), world.member("o2"))
    await rooms.poll_open_rooms()
    assert await seen_online(world, sitting, "o2")
    clock.set(clock.now() + timedelta(minutes=1))
    gateway.away = True
    await rooms.media_server_ended()
    async with world.units.read() as uow:
        spells = (await attendance(uow, sitting))[world.member("o2")].online
    assert [each.until for each in spells] == [clock.now()]
