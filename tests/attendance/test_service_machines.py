"""However webhooks and polls arrive, the same attendance comes out of the database."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.attendance.rules import Channel, Interval
from meetings.attendance.service import attendance, evidence_of
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.kernel.ids import new_id
from meetings.ledger.service import head_of
from meetings.rooms.rules import NoRoom, NotConvoked, PresenceEvent, PresenceKind, RoomNotOpen
from tests.attendance.world import AUDITOR, MEMBER, STRANGER, SUSPENDED, World

JOINED, LEFT = PresenceKind.JOINED, PresenceKind.LEFT


def after(sitting: AnySitting, minutes: int) -> datetime:
    assert sitting.opened_at is not None
    return sitting.opened_at + timedelta(minutes=minutes)


async def online(world: World, sitting: AnySitting, label: str) -> tuple[Interval, ...]:
    async with world.units.read() as uow:
        return (await attendance(uow, sitting))[world.member(label)].online


def evening(world: World, sitting: AnySitting) -> list[PresenceEvent]:
    """One stays, one comes and goes and comes back with a new connection, one is only seen by the polls."""
    told = [
        ("o14", JOINED, 1, "PA_a"),
        ("o15", JOINED, 2, "PA_b"),
        ("o15", LEFT, 9, "PA_b"),
        ("o15", JOINED, 12, "PA_c"),
    ]
    events = [
        world.event(sitting.id, label, kind, after(sitting, at), sid=sid, name=f"{sitting.id}{at}")
        for label, kind, at, sid in told
    ]
    polls = [(5, ["PA_a:o14", "PA_b:o15"]), (20, ["PA_a:o14", "PA_c:o15", "PA_d:o16"])]
    return events + [world.poll_of(sitting.id, seats, after(sitting, at)) for at, seats in polls]


@given(chance=st.randoms(use_true_random=False), again=st.lists(st.integers(0, 5), max_size=4))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
async def test_any_order_and_repetition_give_the_same_attendance(
    world: World, chance: random.Random, again: list[int]
) -> None:
    straight, jumbled = await world.meeting(), await world.meeting()
    await world.service.record_presence(evening(world, straight))
    events = evening(world, jumbled)
    sent = events + [events[number] for number in again]
    chance.shuffle(sent)
    middle = len(sent) // 2
    await world.service.record_presence(sent[:middle])
    await world.service.record_presence(sent[middle:])
    async with world.units.read() as uow:
        assert await attendance(uow, jumbled) == await attendance(uow, straight)
        assert len(await evidence_of(uow, jumbled.id)) == len(events)


async def test_a_lost_webhook_is_mended_by_the_next_poll(world: World) -> None:
    sitting = await world.meeting()
    await world.service.record_presence(
        [
            world.event(sitting.id, "o14", JOINED, after(sitting, 1)),
            world.event(sitting.id, "o15", JOINED, after(sitting, 1)),
        ]
    )
    await world.service.record_presence([world.poll(sitting.id, ["o15", "o16"], after(sitting, 10))])
    assert await online(world, sitting, "o14") == (Interval(after(sitting, 1), after(sitting, 10)),)
    assert await online(world, sitting, "o15") == (Interval(after(sitting, 1), None),)
    assert await online(world, sitting, "o16") == (Interval(after(sitting, 10), None),)


async def test_one_webhook_twice_is_one_fact_and_no_act_of_a_person(world: World) -> None:
    sitting = await world.meeting()
    event = world.event(sitting.id, "o14", JOINED, after(sitting, 1))
    await asyncio.gather(*(world.service.record_presence([event]) for _ in range(5)))
    await world.service.record_presence([event, event])
    async with world.units.read() as uow:
        assert len(await evidence_of(uow, sitting.id)) == 1
        assert (await head_of(uow, sitting.cell)).seq == 0


async def test_events_of_unknown_meetings_and_broken_ones_do_not_fail_their_neighbours(world: World) -> None:
    sitting = await world.meeting()
    good = world.event(sitting.id, "o14", JOINED, after(sitting, 1))
    strange = [
        world.event(new_id(), "o14", JOINED, after(sitting, 1)),
        replace(good, event_id="x", participant_sid=None),
        replace(good, event_id="y", participant_sid="PA_\x00"),
        replace(good, event_id="z", participant_sid="P" * 400),
    ]
    await world.service.record_presence([*strange[:2], good, *strange[2:]])
    async with world.units.read() as uow:
        assert [one.member for one in await evidence_of(uow, sitting.id)] == [world.member("o14")]


async def test_being_online_is_never_presence_in_the_hall(world: World) -> None:
    sitting = await world.meeting()
    await world.service.record_presence([world.event(sitting.id, "o14", JOINED, after(sitting, 1))])
    await world.roll(sitting.id, ["o1", "o15"])
    await world.service.record_presence([world.event(sitting.id, "o15", JOINED, after(sitting, 2))])
    async with world.units.read() as uow:
        found = await attendance(uow, sitting)
    assert found[world.member("o14")].channel is Channel.ONLINE
    assert found[world.member("o15")].channel is Channel.BOTH


async def test_heartbeats_stretch_one_row(world: World) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    first = world.clock.now()
    for _ in range(4):
        await world.service.machines.beat(world.asks(MEMBER), sitting.id, "PA_me")
        world.clock.move(timedelta(minutes=1))
    async with world.units.read() as uow:
        (row,) = await evidence_of(uow, sitting.id)
        assert (await head_of(uow, sitting.cell)).seq == 0
    assert (row.at, row.until) == (first, first + timedelta(minutes=3))
    assert await online(world, sitting, MEMBER) == (Interval(first, None),)


@pytest.mark.parametrize(
    ("label", "mode", "state", "refusal"),
    [
        (STRANGER, Mode.ONLINE, State.OPEN, NoSuchMeeting),
        (SUSPENDED, Mode.ONLINE, State.OPEN, NoSuchMeeting),
        (AUDITOR, Mode.ONLINE, State.OPEN, NotConvoked),
        (MEMBER, Mode.IN_PERSON, State.OPEN, NoRoom),
        (MEMBER, Mode.ONLINE, State.CONVENED, RoomNotOpen),
    ],
)
async def test_who_may_not_send_heartbeats_leaves_none(
    world: World, label: str, mode: Mode, state: State, refusal: type[Exception]
) -> None:
    sitting = await world.meeting(mode=mode, state=state)
    with pytest.raises(refusal):
        await world.service.machines.beat(world.asks(label), sitting.id, "PA_me")
    async with world.units.read() as uow:
        assert await evidence_of(uow, sitting.id) == []
