"""What must never be printed is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meetings.convening.rules import Standing
from meetings.convening.verdict import VerdictInSupplement
from meetings.minutes.facts import ContradictoryFacts
from meetings.minutes.papers.corrections import Remark, Stated
from meetings.minutes.papers.facts import check
from meetings.minutes.papers.records import AnyPaper, CountedLine
from tests.minutes.papers.samples import addendum, counting, excerpt, question_ballots, resolution
from tests.minutes.sittings import supplement


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


@pytest.mark.parametrize(
    "change",
    [
        {"corrections": (), "remarks": ()},
        {"corrections": addendum().corrections * 2},
        {"remarks": (Remark(part=Stated.VOTES, text=""),)},
        {"reason": ""},
        {"found_by": ""},
        {"sitting": supplement().facts.sitting},
    ],
)
def test_an_addendum_that_corrects_nothing_or_twice(change: dict[str, Any]) -> None:
    check(addendum())
    with pytest.raises(ContradictoryFacts):
        check(replace(addendum(), **change))


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "Nghị quyết đã THÔNG  QUA"},
        {"remarks": (Remark(part=Stated.VOTES, text="chi bộ thông qua"),)},
        {"corrections": (replace(addendum(supplement()).corrections[0], now="Chi bộ nhất trí thông qua."),)},
    ],
)
def test_an_addendum_brings_no_verdict_into_a_supplement(change: dict[str, Any]) -> None:
    check(addendum(supplement()))
    check(replace(addendum(), **{name: value for name, value in change.items() if name != "corrections"}))
    with pytest.raises(VerdictInSupplement):
        check(replace(addendum(supplement()), **change))
