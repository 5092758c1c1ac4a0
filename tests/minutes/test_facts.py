"""What the minutes may state, and its one canonical form."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from meetings.convening.rules import Kind, Mode, Standing
from meetings.convening.verdict import VerdictInSupplement
from meetings.minutes.facts import (
    ContradictoryFacts,
    check,
    minutes_hash,
    to_bytes,
    to_json,
    verification_code,
)
from meetings.minutes.records import Attendance, Minimum, Minutes, Sitting
from tests.minutes.sittings import HALL, VOTE, absent, at, extraordinary, hybrid, practice, supplement


def with_sitting(minutes: Minutes, **changes: object) -> Minutes:
    sitting: Sitting = replace(minutes.facts.sitting, **changes)  # type: ignore[arg-type]  # one test names each field
    return replace(minutes, facts=replace(minutes.facts, sitting=sitting))


def with_attendance(minutes: Minutes, **changes: object) -> Minutes:
    seen: Attendance = replace(minutes.facts.attendance, **changes)  # type: ignore[arg-type]  # as above
    return replace(minutes, facts=replace(minutes.facts, attendance=seen))


@pytest.mark.parametrize("make", [hybrid, supplement, extraordinary, practice])
def test_sound_facts_pass(make: Callable[[], Minutes]) -> None:
    check(make())


def test_the_recorders_words_stand_apart_from_the_facts() -> None:
    value = to_json(hybrid())
    assert isinstance(value, dict)
    assert set(value) == {"format", "facts", "texts"}
    facts, texts = value["facts"], value["texts"]
    assert isinstance(texts, dict)
    assert all(text not in str(facts) for text in texts.values())


def test_the_same_minutes_give_the_same_bytes_and_other_words_another_hash() -> None:
    assert to_bytes(hybrid()) == to_bytes(hybrid())
    item = hybrid().facts.items[0].id
    assert minutes_hash(hybrid()) != minutes_hash(replace(hybrid(), texts={item: "khác"}))


def test_decomposed_text_is_refused() -> None:
    split = unicodedata.normalize("NFD", "Hoàng Thị Nụ")
    with pytest.raises(ValueError, match="NFC"):
        to_bytes(replace(hybrid(), texts={hybrid().facts.items[0].id: split}))


def test_the_code_is_short_and_follows_the_hash() -> None:
    first, second = verification_code("00" * 32), verification_code("01" * 32)
    assert len(first) == 19
    assert first.count("-") == 3
    assert first != second


@pytest.mark.parametrize(
    "changes",
    [
        {"standing": Standing.MANDATORY},
        {"standing": Standing.MANDATORY, "fulfils_obligation": True},
        {"fulfils_obligation": True},
        {"mode": Mode.IN_PERSON},
        {"standing": Standing.NONE},
    ],
)
def test_a_supplement_cannot_be_written_as_anything_more(changes: dict[str, object]) -> None:
    with pytest.raises(ContradictoryFacts):
        check(with_sitting(supplement(), **changes))


@pytest.mark.parametrize("kind", [Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.ONLINE_SESSION])
def test_only_a_regular_sitting_is_mandatory(kind: Kind) -> None:
    with pytest.raises(ContradictoryFacts):
        check(with_sitting(hybrid(), kind=kind))


def test_a_practice_sitting_fulfils_nothing() -> None:
    with pytest.raises(ContradictoryFacts):
        check(with_sitting(practice(), fulfils_obligation=True))


@pytest.mark.parametrize("minimum", [None, Minimum(present=9, required=11), Minimum(present=0, required=0)])
def test_too_few_in_the_hall_fulfil_nothing(minimum: Minimum | None) -> None:
    with pytest.raises(ContradictoryFacts):
        check(with_attendance(hybrid(), minimum=minimum))


def test_who_listens_by_phone_must_be_among_the_absent() -> None:
    with pytest.raises(ContradictoryFacts):
        check(with_attendance(hybrid(), absent=()))


def test_nobody_is_present_and_absent() -> None:
    absentees = (*hybrid().facts.attendance.absent, absent(HALL[0], "ốm đau"))
    with pytest.raises(ContradictoryFacts):
        check(with_attendance(hybrid(), absent=absentees))


def test_a_sitting_does_not_close_before_it_opens() -> None:
    sitting = hybrid().facts.sitting
    with pytest.raises(ContradictoryFacts):
        check(with_sitting(hybrid(), opened=sitting.closed, closed=sitting.opened))


def test_a_supplement_has_no_counted_vote() -> None:
    facts = supplement().facts
    items = (replace(facts.items[0], votes=(VOTE,)),)
    with pytest.raises(VerdictInSupplement):
        check(Minutes(facts=replace(facts, items=items)))


def test_an_item_of_a_supplement_never_speaks_of_passing() -> None:
    facts = supplement().facts
    title = replace(facts.items[0], title="Thông  qua kế hoạch")
    conclusion = replace(facts.items[0], conclusion="Kế hoạch được thông\nqua.")
    for said in (title, conclusion):
        with pytest.raises(VerdictInSupplement):
            check(Minutes(facts=replace(facts, items=(said,))))


@pytest.mark.parametrize("words", ["Đã thông qua kế hoạch.", "Thống nhất THÔNG QUA."])
def test_the_recorder_cannot_write_a_verdict_into_a_supplement(words: str) -> None:
    minutes = supplement()
    with pytest.raises(VerdictInSupplement):
        check(replace(minutes, texts={minutes.facts.items[0].id: words}))
    check(replace(hybrid(), texts={hybrid().facts.items[0].id: words}))


@pytest.mark.parametrize("change", [{"approved": at(98)}, {"approved": at(1)}, {"fixed": at(96)}])
def test_what_the_sitting_approved_it_approved_before_its_end(change: dict[str, object]) -> None:
    """The print is fixed after the close; neither can be told as the other."""
    with pytest.raises(ContradictoryFacts):
        check(with_sitting(hybrid(), **change))
    check(with_sitting(hybrid(), approved=at(97), fixed=at(97)))
    check(with_sitting(hybrid(), approved=None, fixed=None))
