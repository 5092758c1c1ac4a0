"""The order of the speakers' list, whatever happens to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.agenda.speakers import (
    UP,
    Hand,
    HandDiffers,
    HandDown,
    HandState,
    NoSuchHand,
    NotSpeaking,
    call,
    finish,
    in_turn,
    lower,
    put_up,
    seconds_used,
    speaking,
    up_of,
    who_spoke,
)
from meetings.kernel.errors import Refused

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
MEMBERS = ("an", "binh", "chi", "dung")


def hand(name: str, member: str, *, minutes: int = 0) -> Hand:
    asked = START + timedelta(minutes=minutes)
    return Hand(id=name, meeting="m", member=member, number=1, by=member, asked_at=asked)


def after(hands: list[Hand], *changed: Hand) -> list[Hand]:
    """The list with these in the places of what they were."""
    now = {one.id: one for one in changed}
    return [now.pop(one.id, one) for one in hands] + list(now.values())


def listed(*members: str) -> list[Hand]:
    found: list[Hand] = []
    for number, member in enumerate(members):
        found = after(found, put_up(found, hand(f"h{number}", member, minutes=number)))
    return found


def spoken(hands: list[Hand], name: str, *, item: str | None = None, minute: int = 10) -> list[Hand]:
    found = after(hands, *call(hands, name, item, START + timedelta(minutes=minute)))
    return after(found, *finish(found, name, START + timedelta(minutes=minute + 2)))


def test_hands_are_called_as_they_were_raised() -> None:
    assert [one.member for one in in_turn(listed("chi", "an", "binh"))] == ["chi", "an", "binh"]


def test_who_has_spoken_waits_behind_who_has_not() -> None:
    hands = spoken(listed("an"), "h0")
    for name, member in (("h1", "an"), ("h2", "binh"), ("h3", "chi")):
        hands = after(hands, put_up(hands, hand(name, member)))
    assert [one.member for one in in_turn(hands)] == ["binh", "chi", "an"]


def test_a_hand_that_was_lowered_gives_no_one_a_worse_place() -> None:
    hands = listed("an", "binh")
    hands = after(hands, *lower(hands, "h0"))
    hands = after(hands, put_up(hands, hand("h2", "an")))
    assert [one.member for one in in_turn(hands)] == ["binh", "an"]
    assert lower(hands, "h0") == ()


def test_the_same_hand_again_is_the_same_hand() -> None:
    hands = listed("an", "binh")
    assert put_up(hands, hand("h0", "an")) == hands[0]
    assert put_up(hands, hand("other", "an")) == hands[0], "one hand is up at most"
    with pytest.raises(HandDiffers):
        put_up(hands, hand("h0", "binh"))
    done = spoken(hands, "h0")
    assert put_up(done, hand("h0", "an")).state is HandState.DONE, "a late repeat raises nothing"


def test_the_chair_may_call_anybody_and_ends_who_had_the_floor() -> None:
    hands = listed("an", "binh")
    hands = after(hands, *call(hands, "h1", "item", START + timedelta(minutes=5)))
    changed = call(hands, "h0", "item", START + timedelta(minutes=8))
    assert [(one.id, one.state) for one in changed] == [("h1", HandState.DONE), ("h0", HandState.SPEAKING)]
    hands = after(hands, *changed)
    assert call(hands, "h0", "item", START) == ()
    assert seconds_used(hands[1], START) == 180


def test_what_does_not_wait_is_not_called_and_what_has_no_floor_not_ended() -> None:
    hands = listed("an")
    with pytest.raises(NotSpeaking):
        finish(hands, "h0", START)
    with pytest.raises(NoSuchHand):
        call(hands, "h9", None, START)
    done = spoken(hands, "h0")
    assert finish(done, "h0", START + timedelta(hours=1)) == ()
    with pytest.raises(HandDown):
        call(done, "h0", None, START)
    with pytest.raises(HandDown):
        lower(done, "h0")


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    hands = listed("an")
    hands = after(hands, *call(hands, "h0", None, START))
    before = START - timedelta(hours=1)
    assert seconds_used(hands[0], before) == 0
    [ended] = finish(hands, "h0", before)
    assert (ended.ended_at, seconds_used(ended, before)) == (START, 0)


def test_who_spoke_on_an_item_is_named_once_in_order() -> None:
    hands = listed("an", "binh", "chi")
    hands = spoken(hands, "h1", item="first", minute=10)
    hands = spoken(hands, "h0", item="first", minute=20)
    hands = after(hands, put_up(hands, hand("h3", "binh")))
    hands = spoken(hands, "h3", item="first", minute=30)
    hands = spoken(hands, "h2", minute=40)
    assert who_spoke(hands, "first") == ("binh", "an")
    assert who_spoke(hands, None) == ("chi",)
    assert who_spoke(hands, "second") == ()


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("put_up", "call", "finish", "lower")), st.integers(0, 9), st.sampled_from(MEMBERS)
    ),
    max_size=40,
)


def done_to(hands: list[Hand], deed: str, number: int, member: str, minute: int) -> list[Hand]:
    """The list after the deed; a refused deed leaves it as it was."""
    name, now = f"h{number}", START + timedelta(minutes=minute)
    try:
        if deed == "put_up":
            return after(hands, put_up(hands, hand(name, member, minutes=minute)))
        if deed == "call":
            return after(hands, *call(hands, name, None, now))
        return after(hands, *(finish(hands, name, now) if deed == "finish" else lower(hands, name)))
    except Refused:
        return hands


@settings(max_examples=100, deadline=None)
@given(DEEDS)
def test_whatever_happens_the_list_stays_a_list(deeds: list[tuple[str, int, str]]) -> None:
    hands: list[Hand] = []
    for minute, deed in enumerate(deeds):
        before = {one.id: one for one in hands}
        hands = done_to(hands, *deed, minute)
        assert sum(one.state is HandState.SPEAKING for one in hands) <= 1
        for member in MEMBERS:
            assert sum(one.member == member and one.state in UP for one in hands) <= 1
        assert all(_is_forward(before[one.id], one) for one in hands if one.id in before)
        assert set(before) <= {one.id for one in hands}, "nothing is forgotten"
    waiting = in_turn(hands)
    assert {one.id for one in waiting} == {one.id for one in hands if one.state is HandState.WAITING}
    has_spoken = {one.member for one in hands if one.state is HandState.DONE}
    keys = [(one.member in has_spoken, one.number) for one in waiting]
    assert keys == sorted(keys)
    assert len({one.number for one in hands}) == len(hands)


def _is_forward(before: Hand, now: Hand) -> bool:
    """Nothing said once is said otherwise."""
    same = (before.member, before.number, before.asked_at) == (now.member, now.number, now.asked_at)
    times = before.called_at in {None, now.called_at} and before.ended_at in {None, now.ended_at}
    return same and times


@settings(max_examples=60, deadline=None)
@given(DEEDS, st.randoms(use_true_random=False))
def test_turns_do_not_depend_on_the_order_in_which_rows_are_read(
    deeds: list[tuple[str, int, str]], chance: Random
) -> None:
    hands: list[Hand] = []
    for minute, deed in enumerate(deeds):
        hands = done_to(hands, *deed, minute)
    mixed = [*hands]
    chance.shuffle(mixed)
    assert in_turn(mixed) == in_turn(hands)
    assert speaking(mixed) == speaking(hands)
    assert [up_of(mixed, one) for one in MEMBERS] == [up_of(hands, one) for one in MEMBERS]
    assert who_spoke(mixed, None) == who_spoke(hands, None)
