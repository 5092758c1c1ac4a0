"""What the database refuses of the speakers' list, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from meetings.agenda import speaker_store
from meetings.agenda.speakers import Hand, HandState
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import new_id
from tests.attendance.world import World


def hand(world: World, member: str, number: int, **more: object) -> Hand:
    return replace(
        Hand(
            id=new_id(),
            meeting="m",
            member=world.member(member),
            number=number,
            by=new_id(),
            asked_at=world.clock.now(),
        ),
        **more,  # type: ignore[arg-type]  # the fields of a hand
    )


async def kept(world: World, *hands: Hand) -> None:
    async with world.units.begin() as uow:
        for one in hands:
            await speaker_store.add(uow.session, one)


async def test_a_hand_comes_back_as_it_was(world: World) -> None:
    first, second = hand(world, "o1", 1), hand(world, "o2", 2)
    await kept(world, second, first)
    now = world.clock.now() + timedelta(minutes=1)
    called = replace(first, state=HandState.SPEAKING, called_at=now, item=new_id())
    async with world.units.begin() as uow:
        await speaker_store.save(uow.session, [called])
    async with world.units.read() as uow:
        assert await speaker_store.of_meeting(uow.session, "m") == [called, second]
        assert await speaker_store.meeting_of(uow.session, second.id) == "m"
        assert await speaker_store.meeting_of(uow.session, new_id()) is None


@pytest.mark.parametrize(
    ("second", "named"),
    [
        (lambda world: hand(world, "o1", 2), "uq_raised_hand_up"),
        (lambda world: hand(world, "o2", 1), "uq_raised_hand_number"),
        (lambda world: hand(world, "o2", 2, state=HandState.SPEAKING), "uq_raised_hand_floor"),
    ],
)
async def test_one_hand_up_one_floor_one_number(
    world: World, second: Callable[[World], Hand], named: str
) -> None:
    await kept(world, hand(world, "o1", 1, state=HandState.SPEAKING))
    with pytest.raises(GuardedByDatabase) as refused:
        await kept(world, second(world))
    assert refused.value.facts == {"guard": named}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("member_id = 'x'", "raised_hand_as_asked"),
        ("asked_at = called_at", "raised_hand_as_asked"),
        ("state = 'waiting'", "raised_hand_forward"),
        ("called_at = asked_at", "raised_hand_called_once"),
        ("ended_at = asked_at", "raised_hand_ended_once"),
    ],
)
async def test_what_was_said_stays_said(world: World, change: str, named: str) -> None:
    now = world.clock.now()
    over = {"called_at": now + timedelta(minutes=1), "ended_at": now + timedelta(minutes=2)}
    await kept(world, hand(world, "o1", 1, state=HandState.DONE, **over))
    for statement in (f"UPDATE raised_hand SET {change}", "DELETE FROM raised_hand"):
        with pytest.raises(GuardedByDatabase) as refused:
            async with world.units.begin() as uow:
                await uow.session.execute(text(statement))
        wanted = "raised_hand_kept" if statement.startswith("DELETE") else named
        assert refused.value.facts == {"guard": wanted}
