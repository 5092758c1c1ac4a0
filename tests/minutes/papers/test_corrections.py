"""What an addendum corrects: the recorder's words, compared with the minutes and the addenda so far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.minutes.papers.corrections import (
    NO_CHANGES,
    WHOLE,
    Changes,
    NoReason,
    NothingCorrected,
    NotInMinutes,
    Remark,
    Stated,
    decide_corrections,
    decide_remarks,
    may_draw_up,
    places,
)
from tests.minutes.sittings import hybrid

MINUTES = hybrid()
FIRST, *_, LAST = places(MINUTES, [])
WANTED = Changes(words={FIRST.item: "Lời đúng."}, remarks={}, reason="Ghi nhầm", found_by="Chủ trì")


def test_every_item_and_the_whole_sitting_can_be_corrected() -> None:
    items = MINUTES.facts.items
    known = places(MINUTES, [])
    assert [one.position for one in known] == [*range(1, len(items) + 1), WHOLE]
    assert [one.item for one in known] == [*(one.id for one in items), MINUTES.facts.sitting.id]
    assert [one.was for one in known] == [MINUTES.texts.get(one.item, "") for one in known]


def test_what_stays_the_same_is_no_correction() -> None:
    known = places(MINUTES, [])
    same = {one.item: one.was for one in known}
    (made,) = decide_corrections(known, replace(WANTED, words={**same, **WANTED.words}))
    assert (made.item, made.position, made.was, made.now) == (FIRST.item, 1, FIRST.was, "Lời đúng.")


def test_a_later_one_goes_on_from_an_earlier_one_and_still_quotes_the_minutes() -> None:
    earlier = decide_corrections(places(MINUTES, []), WANTED)
    known = places(MINUTES, [earlier])
    assert known[0].now == "Lời đúng."
    assert decide_corrections(known, WANTED) == ()
    (back,) = decide_corrections(known, replace(WANTED, words={FIRST.item: FIRST.was}))
    assert (back.was, back.now) == (FIRST.was, FIRST.was)


def test_nothing_that_is_not_in_the_minutes() -> None:
    with pytest.raises(NotInMinutes):
        decide_corrections(places(MINUTES, []), replace(WANTED, words={"another item": "Lời."}))


def test_remarks_stand_in_the_order_of_the_parts_and_empty_ones_fall_away() -> None:
    said = {Stated.VOTES: " Sau ", Stated.WORK: "  ", Stated.OPENING: "Trước"}
    assert decide_remarks(replace(NO_CHANGES, remarks=said)) == (
        Remark(part=Stated.OPENING, text="Trước"),
        Remark(part=Stated.VOTES, text="Sau"),
    )


def test_it_says_something_and_why() -> None:
    made = decide_corrections(places(MINUTES, []), WANTED)
    may_draw_up(made, (), WANTED)
    with pytest.raises(NothingCorrected):
        may_draw_up((), (), WANTED)
    for silent in (replace(WANTED, reason=" "), replace(WANTED, found_by="")):
        with pytest.raises(NoReason):
            may_draw_up(made, (), silent)


def test_the_last_place_is_the_whole_sitting() -> None:
    assert (LAST.position, LAST.title) == (WHOLE, "")
