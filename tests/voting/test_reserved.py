"""What holds of opinions that were reserved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.reserved import (
    MOST_OF_ONE,
    ReservationDiffers,
    Reserved,
    ReserveWhat,
    TooManyReservations,
    check_about,
    next_sequence,
    same_again,
    standing,
)

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def said(
    member: str, number: int, words: str = "Không đồng ý", *, vote: str | None = "v", minute: int = 0
) -> Reserved:
    return Reserved(
        id=f"{member}{number}",
        meeting="m",
        member=member,
        sequence=number,
        words=words,
        by=member,
        at=NOW + timedelta(minutes=minute),
        vote=vote,
        item=None if vote else "i",
    )


def test_the_last_words_hold_and_empty_ones_take_back() -> None:
    first, second = said("an", 1), said("an", 2, "Xin ghi rõ", minute=2)
    assert standing([first]) == (first,)
    assert standing([first, second]) == (second,)
    assert standing([first, second, said("an", 3, "", minute=3)]) == ()
    about_item = said("an", 4, vote=None, minute=4)
    assert standing([second, about_item]) == (second, about_item), "each subject has its own"


def test_an_opinion_is_about_one_thing() -> None:
    check_about("v", None)
    check_about(None, "i")
    for vote, item in ((None, None), ("v", "i")):
        with pytest.raises(ReserveWhat):
            check_about(vote, item)


def test_the_same_again_is_the_same_and_another_is_refused() -> None:
    first = said("an", 1)
    assert same_again(first, first)
    for other in (said("binh", 1), said("an", 1, "Khác"), said("an", 1, vote=None)):
        with pytest.raises(ReservationDiffers):
            same_again(first, other)


def test_nobody_writes_without_end() -> None:
    many = [said("an", number) for number in range(1, MOST_OF_ONE + 1)]
    assert next_sequence(many, "binh") == 1
    assert next_sequence(many[:-1], "an") == MOST_OF_ONE
    with pytest.raises(TooManyReservations):
        next_sequence(many, "an")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(("", "một", "hai"))), max_size=12),
    st.randoms(use_true_random=False),
)
def test_what_holds_does_not_depend_on_the_order_of_reading(
    spoken: list[tuple[str, str]], chance: Random
) -> None:
    everything: list[Reserved] = []
    for minute, (member, words) in enumerate(spoken):
        number = next_sequence(everything, member)
        everything.append(said(member, number, words, minute=minute))
    mixed = [*everything]
    chance.shuffle(mixed)
    assert standing(mixed) == standing(everything)
    last = dict(spoken)
    assert {one.member: one.words for one in standing(everything)} == {
        member: words for member, words in last.items() if words
    }
