"""A score: measured lines are filled in, departures say why, the sum is the sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meetings.kernel.ids import new_id
from meetings.sitting.criteria import DEFAULT, Band, Criterion, Measure, check_criteria, points_of
from meetings.sitting.scoring import (
    BadPoints,
    Judged,
    Measured,
    NotKnownYet,
    ReasonNeeded,
    Score,
    completed,
    judged,
    proposed,
    total,
)

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


RESULTS = Criterion(
    key="upload",
    title="Kết quả trong hai ngày",
    most=1,
    measure=Measure.RESULTS,
    bands=(Band(part=1, of=1, points=1), Band(part=0, of=1, points=0)),
)
REST = Criterion(key="rest", title="Còn lại", most=99)
WITH_RESULTS = replace(DEFAULT, lines=(RESULTS, REST))


def score(rest: int) -> Score:
    """Given before anybody can know of the results."""
    lines = judged(proposed(WITH_RESULTS, FULL), {"rest": Judged(points=rest)})
    return Score(
        id=new_id(),
        meeting=new_id(),
        sequence=1,
        lines=lines,
        total=total(lines),
        rank=WITH_RESULTS.rank(total(lines)),
        citation="",
        set_by_name="",
        certainty="policy",
        by=new_id(),
        at=datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
        ranks=WITH_RESULTS.ranks,
    )


def test_what_is_known_only_after_the_sitting_is_filled_in_by_itself() -> None:
    check_criteria(WITH_RESULTS)
    given = score(89)
    assert (given.lines[0].waits, given.lines[0].points, given.total, given.of) == (True, None, 89, 99)
    assert (given.rank, completed(given, None)) == ("Khá", given)
    for in_time, points, rank in ((True, 1, "Tốt"), (False, 0, "Khá")):
        done = completed(given, in_time)
        assert (done.total, done.of, done.rank) == (89 + points, 100, rank)
        line = done.lines[0]
        assert (line.points, line.computed, line.part, line.waits) == (points, points, points, False)
        assert points == points_of(RESULTS, {Measure.RESULTS: (points, 1)}, unexcused=0)
        assert completed(done, not in_time) == done, "settled once"
    with pytest.raises(NotKnownYet):
        judged(proposed(WITH_RESULTS, FULL), {"rest": Judged(points=89), "upload": Judged(points=1)})


def test_results_that_are_late_already_are_measured_like_anything_else() -> None:
    line = proposed(WITH_RESULTS, replace(FULL, results=False))[0]
    assert (line.points, line.computed, line.part, line.of, line.waits) == (0, 0, 0, 1, False)


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
