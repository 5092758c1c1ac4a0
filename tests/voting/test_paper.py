"""The arithmetic of a counting board."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.paper import (
    NotSorted,
    OtherNames,
    PaperDoesNotAddUp,
    PaperLine,
    Protocol,
    Slate,
    TooManyForName,
    TooManyIssued,
    TooManyMarks,
    TooManyReturned,
    check_paper,
)

GOOD = Protocol(
    issued=14,
    returned=13,
    valid=12,
    invalid=1,
    blank=1,
    lines=(PaperLine(member=None, in_favour=9, against=2),),
    board=("teller",),
)
SLATE = Slate(election="e", round=1, seats=2, candidates=(("a", "A"), ("b", "B"), ("c", "C")))


def of_names(*counts: tuple[str, int, int]) -> Protocol:
    lines = tuple(PaperLine(member=who, in_favour=yes, against=no) for who, yes, no in counts)
    return replace(GOOD, lines=lines)


def test_a_protocol_that_adds_up() -> None:
    check_paper(GOOD, None, 14)
    check_paper(of_names(("a", 11, 0), ("b", 8, 3), ("c", 3, 8)), SLATE, 14)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(GOOD, issued=15), TooManyIssued),
        (replace(GOOD, returned=15, valid=14), TooManyReturned),
        (replace(GOOD, valid=13), NotSorted),
        (replace(GOOD, blank=13), PaperDoesNotAddUp),
        (replace(GOOD, invalid=-1, valid=14), PaperDoesNotAddUp),
        (replace(GOOD, lines=(PaperLine(member=None, in_favour=-1, against=2),)), PaperDoesNotAddUp),
        (replace(GOOD, lines=(PaperLine(member=None, in_favour=10, against=2),)), TooManyForName),
        (replace(GOOD, lines=()), OtherNames),
        (replace(GOOD, lines=(PaperLine(member="a", in_favour=1, against=0),)), OtherNames),
    ],
)
def test_what_does_not_add_up_is_refused(wrong: Protocol, refusal: type[PaperDoesNotAddUp]) -> None:
    with pytest.raises(PaperDoesNotAddUp) as refused:
        check_paper(wrong, None, 14)
    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    ("counts", "refusal"),
    [
        ((("a", 11, 0), ("b", 11, 0), ("c", 1, 0)), TooManyMarks),  # eleven ballots of two names: 22 at most
        ((("a", 11, 0), ("b", 8, 3)), OtherNames),
        ((("a", 11, 0), ("b", 8, 3), ("b", 0, 0)), OtherNames),
        ((("a", 11, 1), ("b", 8, 3), ("c", 0, 0)), TooManyForName),
    ],
)
def test_a_slate_that_does_not_add_up_is_refused(
    counts: tuple[tuple[str, int, int], ...], refusal: type[PaperDoesNotAddUp]
) -> None:
    with pytest.raises(refusal):
        check_paper(of_names(*counts), SLATE, 14)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.tuples(*[st.integers(-1, 16)] * 7))
def test_what_is_accepted_accounts_for_every_ballot(n: tuple[int, ...]) -> None:
    issued, returned, valid, invalid, blank, yes, no = n
    protocol = Protocol(
        issued=issued,
        returned=returned,
        valid=valid,
        invalid=invalid,
        blank=blank,
        lines=(PaperLine(member=None, in_favour=yes, against=no),),
        board=("teller",),
    )
    try:
        check_paper(protocol, None, 14)
    except PaperDoesNotAddUp:
        return
    assert 0 <= yes + no + blank <= valid == returned - invalid <= issued <= 14
