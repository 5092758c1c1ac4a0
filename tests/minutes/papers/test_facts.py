"""What must never be printed is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meetings.convening.rules import Standing
from meetings.convening.verdict import VerdictInSupplement
from meetings.minutes.facts import ContradictoryFacts
from meetings.minutes.papers.facts import check
from meetings.minutes.papers.records import AnyPaper, CountedLine
from tests.minutes.papers.samples import counting, excerpt, question_ballots, resolution


@pytest.mark.parametrize(
    "wrong",
    [
        {"issued": 15},
        {"returned": 15},
        {"valid": 14},
        {"invalid": 0},
        {"blank": 14},
        {"blank": -1},
        {"lines": (CountedLine(name="A", in_favour=13, against=1),)},
    ],
)
def test_a_protocol_that_does_not_add_up(wrong: dict[str, Any]) -> None:
    check(counting())
    with pytest.raises(ContradictoryFacts):
        check(replace(counting(), **wrong))


@pytest.mark.parametrize("made", [counting(), resolution(), excerpt()])
def test_nothing_decided_in_a_supplement_is_printed(made: AnyPaper) -> None:
    with pytest.raises(VerdictInSupplement):
        check(replace(made, paper=replace(made.paper, standing=Standing.SUPPLEMENT)))


@pytest.mark.parametrize("change", [{"passed": False}, {"passed": None}, {"counted": None}])
def test_only_what_was_passed_is_a_resolution(change: dict[str, Any]) -> None:
    with pytest.raises(ContradictoryFacts):
        check(replace(resolution(), vote=replace(resolution().vote, **change)))


@pytest.mark.parametrize("change", [{"copies": 0}, {"names": ("A", "B")}, {"seats": 1}])
def test_ballots_that_make_no_sense(change: dict[str, Any]) -> None:
    with pytest.raises(ContradictoryFacts):
        check(replace(question_ballots(), **change))
