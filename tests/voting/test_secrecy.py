"""What a secret result may tell, and how a key is compared."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.rules import Tally
from meetings.voting.secrecy import (
    GATHERING,
    Mark,
    NotCasting,
    Phase,
    Secrecy,
    StillGathering,
    code_of,
    count,
    exposes,
    in_time,
    majority,
    may_count,
    receipt_of,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("marks", "told"),
    [("fffan", True), ("ffaa", False), ("fffff", False), ("nnnnnn", False), ("ffffffa", True), ("", False)],
)
def test_few_ballots_or_ballots_all_alike_are_not_told(marks: str, told: bool) -> None:
    assert exposes(count(Mark(one) for one in marks)) is not told


@pytest.mark.parametrize(
    ("marks", "more"), [("ff", None), ("", None), ("ffa", True), ("faa", False), ("ffnn", False)]
)
def test_the_majority_is_told_unless_it_tells_as_much(marks: str, more: bool | None) -> None:
    assert majority(count(Mark(one) for one in marks)) is more


@settings(max_examples=50, deadline=None)
@given(st.permutations([*"fffaann"]))
def test_the_order_of_ballots_counts_nothing(marks: list[str]) -> None:
    assert count(map(Mark, marks)) == Tally(in_favour=3, against=2, abstain=2)


def test_marks_are_of_one_length() -> None:
    assert {len(mark.value) for mark in Mark} == {1}


def secrecy(phase: Phase, issued: int, received: int) -> Secrecy:
    return Secrecy(vote="v", phase=phase, modulus="", key="", issued=issued, received=received)


def test_counting_waits_until_ballots_are_in() -> None:
    may_count(secrecy(Phase.CASTING, 3, 3), NOW, NOW + timedelta(minutes=3))
    may_count(secrecy(Phase.CASTING, 3, 2), NOW, NOW - GATHERING)
    with pytest.raises(StillGathering):
        may_count(secrecy(Phase.CASTING, 3, 2), NOW, NOW - GATHERING / 2)
    for phase in (Phase.ISSUING, Phase.CLOSED, Phase.SET_ASIDE):
        with pytest.raises(NotCasting):
            may_count(secrecy(phase, 3, 3), NOW, NOW - GATHERING)


def test_the_deadline_itself_is_too_late() -> None:
    assert in_time(NOW, NOW + timedelta(microseconds=1))
    assert not in_time(NOW, NOW)
    assert not in_time(NOW, None)


def test_codes_and_receipts() -> None:
    key = "ff" * 32
    assert code_of(key) == "5935 4395 0335"  # (2**96 - 1) % 10**12
    assert len(code_of("00" * 32)) == 14
    assert receipt_of("00" * 32) == hashlib.sha256(bytes(32)).hexdigest()
