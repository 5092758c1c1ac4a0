"""A score: measured lines are filled in, departures say why, the sum is the sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.sitting.criteria import DEFAULT, Measure
from meetings.sitting.scoring import BadPoints, Judged, Measured, ReasonNeeded, judged, proposed, total

FULL = Measured(minutes=95, least=90, came=20, expected=22, unexcused=0, spoke=9, there=16)
PEOPLE = {"preparation": 9, "conduct": 38, "principles": 5, "results": 27, "ending": 5}


def by_people(**other: Judged) -> dict[str, Judged]:
    return {key: Judged(points=points) for key, points in PEOPLE.items()} | other


def test_measured_lines_are_filled_in_and_the_rest_waits() -> None:
    lines = {line.key: line for line in proposed(DEFAULT, FULL)}
    assert (lines["time"].points, lines["time"].part, lines["time"].of) == (5, 95, 90)
    assert (lines["attendance"].points, lines["attendance"].measure) == (5, Measure.ATTENDANCE)
    assert {key for key, line in lines.items() if line.points is None} == set(PEOPLE)


def test_what_cannot_be_measured_is_left_to_people() -> None:
    nobody = replace(FULL, least=0, expected=0)
    assert all(line.computed is None for line in proposed(DEFAULT, nobody))
    assert Measure.NOTICE not in FULL.shares()
    assert replace(FULL, notice=timedelta(hours=30, minutes=59)).shares()[Measure.NOTICE] == (30, 24)
    assert replace(FULL, notice=timedelta(hours=-3)).shares()[Measure.NOTICE] == (0, 24)
    assert Measure.DRAFTS not in FULL.shares()
    assert replace(FULL, drafted=timedelta(hours=26)).shares()[Measure.DRAFTS] == (26, 24)
    assert [replace(FULL, read_out=one).shares()[Measure.READ_OUT] for one in (False, True)] == [
        (0, 1),
        (1, 1),
    ]


def test_a_score_is_the_sum_of_its_lines() -> None:
    lines = judged(proposed(DEFAULT, FULL), by_people())
    assert total(lines) == 5 + 5 + sum(PEOPLE.values()) == 94


def test_a_departure_from_what_was_measured_says_why() -> None:
    lines = proposed(DEFAULT, FULL)
    with pytest.raises(ReasonNeeded) as refused:
        judged(lines, by_people(time=Judged(points=4)))
    assert refused.value.facts == {"key": "time"}
    kept = judged(lines, by_people(time=Judged(points=4, note="Khai mạc muộn")))
    changed = next(line for line in kept if line.key == "time")
    assert (changed.points, changed.computed, changed.note) == (4, 5, "Khai mạc muộn")
    same = judged(lines, by_people(time=Judged(points=5)))
    assert next(line for line in same if line.key == "time").points == 5


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({}, "preparation"),
        (by_people(conduct=Judged(points=41)), "conduct"),
        (by_people(ending=Judged(points=-1)), "ending"),
        (by_people(other=Judged(points=1)), "other"),
    ],
)
def test_missing_strange_and_excessive_points_are_named(said: dict[str, Judged], key: str) -> None:
    with pytest.raises(BadPoints) as refused:
        judged(proposed(DEFAULT, FULL), said)
    assert refused.value.facts == {"key": key}
