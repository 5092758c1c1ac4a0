"""Criteria that add up, and which of them hold on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.sitting.criteria import (
    DEFAULT,
    BadCriteria,
    Band,
    Criteria,
    Criterion,
    Measure,
    Rank,
    check_criteria,
    in_force,
    points_of,
)

TIME, ATTENDANCE, *_ = DEFAULT.lines
DAY = date(2026, 11, 24)
# A ward's own scale (domain.md 6.3, source 36): more than half of those present speak, or from 40, 30 per cent.
SPEAKING = Criterion(
    key="speaking",
    title="Phát biểu",
    most=5,
    measure=Measure.SPEAKERS,
    bands=(
        Band(part=1, of=2, points=5, over=True),
        Band(part=40, of=100, points=4),
        Band(part=30, of=100, points=3),
        Band(part=0, of=1, points=2),
    ),
)


def set_by(org: str, since: date) -> Criteria:
    return replace(DEFAULT, set_by=org, set_by_name=org, valid_from=since)


def test_the_default_adds_up() -> None:
    check_criteria(DEFAULT)
    assert [DEFAULT.rank(total) for total in (100, 90, 89, 70, 69, 50, 49, 0)] == [
        *("Tốt", "Tốt", "Khá", "Khá", "Trung bình", "Trung bình", "Kém", "Kém")
    ]


def lines(*changed: Criterion) -> Criteria:
    by_key = {line.key: line for line in changed}
    return replace(DEFAULT, lines=tuple(by_key.get(line.key, line) for line in DEFAULT.lines))


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (replace(DEFAULT, lines=DEFAULT.lines[1:]), "lines"),
        (replace(DEFAULT, lines=(*DEFAULT.lines, TIME)), "lines"),
        (replace(DEFAULT, ranks=()), "ranks"),
        (replace(DEFAULT, ranks=(Rank(least=50, name="Đạt"),)), "ranks"),
        (replace(DEFAULT, ranks=(Rank(least=0, name="A"), Rank(least=50, name="B"))), "ranks"),
        (lines(replace(TIME, bands=())), "time"),
        (lines(replace(TIME, bands=TIME.bands[:-1])), "time"),
        (lines(replace(TIME, bands=TIME.bands[::-1])), "time"),
        (lines(replace(TIME, bands=(Band(part=1, of=1, points=9), *TIME.bands[1:]))), "time"),
        (lines(replace(TIME, spoiled=True)), "time"),
        (lines(replace(TIME, measure=None)), "time"),
    ],
)
def test_criteria_that_do_not_add_up_are_named(bad: Criteria, what: str) -> None:
    with pytest.raises(BadCriteria) as refused:
        check_criteria(bad)
    assert refused.value.facts == {"what": what}


def test_the_nearest_committee_and_its_newest_word_hold() -> None:
    known = [
        set_by("province", date(2026, 1, 1)),
        set_by("commune", date(2026, 2, 1)),
        set_by("commune", date(2026, 11, 24)),
        set_by("commune", date(2026, 11, 25)),
    ]
    chain = ["cell", "commune", "province"]
    assert in_force(known, chain, DAY).valid_from == DAY
    assert in_force(known, ["cell", "other", "province"], DAY).set_by == "province"
    assert in_force(known, ["cell"], DAY) == DEFAULT


@pytest.mark.parametrize(
    ("part", "of", "points"),
    [
        *((95, 90, 5), (90, 90, 5), (89, 90, 4), (75, 90, 4), (74, 90, 3)),
        *((60, 90, 3), (59, 90, 2), (45, 90, 2), (44, 90, 1), (0, 90, 1)),
    ],
)
def test_minutes_are_worth_what_the_scale_says(part: int, of: int, points: int) -> None:
    assert points_of(TIME, {Measure.DURATION: (part, of)}, unexcused=0) == points


@pytest.mark.parametrize(("part", "points"), [(9, 5), (8, 4), (7, 4), (6, 3), (5, 3), (4, 2), (0, 2)])
def test_exactly_a_half_has_a_place_on_the_scale(part: int, points: int) -> None:
    """Of 16 present: 8 are a half, and not more than a half."""
    assert points_of(SPEAKING, {Measure.SPEAKERS: (part, 16)}, unexcused=0) == points


def test_an_absence_without_reason_spoils_where_the_committee_says_so() -> None:
    strict = replace(ATTENDANCE, spoiled=True)
    full = {Measure.ATTENDANCE: (22, 22)}
    assert [points_of(line, full, unexcused=1) for line in (ATTENDANCE, strict)] == [5, 2]
    assert points_of(strict, full, unexcused=0) == 5


def test_what_people_judge_or_nobody_measured_has_no_points() -> None:
    judged = Criterion(key="conduct", title="Tổ chức", most=40)
    assert points_of(judged, {Measure.DURATION: (1, 1)}, unexcused=0) is None
    assert points_of(TIME, {}, unexcused=0) is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from((TIME, ATTENDANCE, SPEAKING)))
def test_more_is_never_worth_less(part: int, of: int, line: Criterion) -> None:
    assert line.measure is not None
    less, more = (points_of(line, {line.measure: (one, of)}, unexcused=0) for one in (part, part + 1))
    assert less is not None
    assert more is not None
    assert line.bands[-1].points <= less <= more <= line.most
