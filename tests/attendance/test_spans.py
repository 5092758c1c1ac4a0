"""Interval arithmetic against plain sets of minutes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.rules import Interval
from meetings.attendance.spans import union, within, without
from tests.cell_s import at

LAST = 40
bounded = settings(max_examples=100, deadline=None, derandomize=True)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, 20))
    end = draw(st.none() | st.integers(0, 20))
    return Interval(at(start), None if end is None else at(start + end))


def minutes(found: Iterable[Interval]) -> set[int]:
    """The minutes below LAST that lie inside."""
    kept = list(found)
    return {minute for minute in range(LAST) if any(one.covers(at(minute)) for one in kept)}


@bounded
@given(st.lists(intervals(), max_size=6))
def test_union_keeps_the_moments_in_order_without_touching(given_ones: list[Interval]) -> None:
    merged = union(given_ones)
    assert minutes(merged) == minutes(given_ones)
    for before, after in pairwise(merged):
        assert before.until is not None
        assert before.until < after.since


@bounded
@given(st.lists(intervals(), max_size=6), st.integers(0, 20), st.none() | st.integers(0, 30))
def test_within_cuts(given_ones: list[Interval], start: int, end: int | None) -> None:
    cut = within(given_ones, at(start), None if end is None else at(end))
    assert minutes(cut) == minutes(given_ones) & set(range(start, LAST if end is None else end))


@bounded
@given(st.lists(intervals(), max_size=6), intervals())
def test_without_leaves_the_rest(given_ones: list[Interval], gap: Interval) -> None:
    assert minutes(without(given_ones, gap)) == minutes(given_ones) - minutes([gap])
