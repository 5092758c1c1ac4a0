"""A member over time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees import members
from meetings.committees.members import CategorySpan, NoCategory, Overlap
from meetings.committees.rules import Category, Span

FIRST = date(2024, 5, 19)


def span(category: Category, since: date, until: date | None = None, member: str = "m") -> CategorySpan:
    official = category is Category.OFFICIAL
    return CategorySpan(
        member=member, category=category, official=official, span=Span(since=since, until=until)
    )


def test_a_new_category_ends_the_one_before() -> None:
    probation = span(Category.PROBATIONARY, FIRST)
    official = span(Category.OFFICIAL, date(2025, 5, 19))
    after = members.changed([probation], official)
    assert members.category_on(after, "m", date(2025, 5, 18)).category is Category.PROBATIONARY
    assert members.category_on(after, "m", date(2025, 5, 19)).category is Category.OFFICIAL
    assert members.changed(after, official) == after


def test_the_past_is_not_rewritten() -> None:
    official = span(Category.OFFICIAL, FIRST)
    for day in (FIRST, FIRST - timedelta(days=1)):
        with pytest.raises(Overlap):
            members.changed([official], span(Category.EXEMPT, day))


def test_other_members_are_left_alone() -> None:
    other = span(Category.OFFICIAL, FIRST, member="other")
    mine = span(Category.OFFICIAL, FIRST)
    after = members.changed([other, mine], span(Category.EXEMPT, FIRST + timedelta(days=9)))
    assert other in after


def test_before_the_first_and_after_the_last_day_there_is_none() -> None:
    spans = [span(Category.OFFICIAL, FIRST, date(2025, 1, 31))]
    for day in (FIRST - timedelta(days=1), date(2025, 2, 1)):
        with pytest.raises(NoCategory):
            members.category_on(spans, "m", day)


@pytest.mark.parametrize(
    ("category", "official_since", "expected"),
    [
        (Category.OFFICIAL, FIRST, True),
        (Category.EXEMPT, FIRST, True),
        (Category.TEMPORARY_AWAY, FIRST, True),
        (Category.SUSPENDED, FIRST, True),
        (Category.TEMPORARY_ARRIVED, FIRST, False),
        (Category.PROBATIONARY, None, False),
        (Category.EXEMPT, None, False),
        (Category.OFFICIAL, date(2027, 1, 1), False),
    ],
)
def test_whose_official_standing_counts_here(
    category: Category, official_since: date | None, expected: bool
) -> None:
    assert members.is_official(category, official_since, date(2026, 11, 24)) is expected


def test_all_are_convoked_but_the_suspended() -> None:
    assert {one for one in Category if not members.is_convoked(one)} == {Category.SUSPENDED}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(steps=st.lists(st.tuples(st.sampled_from(Category), st.integers(0, 400)), max_size=12))
def test_whatever_is_changed_no_day_has_two_categories(steps: list[tuple[Category, int]]) -> None:
    spans: tuple[CategorySpan, ...] = ()
    for category, offset in steps:
        try:
            spans = members.changed(spans, span(category, FIRST + timedelta(days=offset)))
        except Overlap:
            continue
    for offset in range(0, 420, 7):
        day = FIRST + timedelta(days=offset)
        assert sum(one.span.covers(day) for one in spans) <= 1
