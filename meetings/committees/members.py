"""Pure facts of a member over time: categories without gaps read twice, mandates, who is convoked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from meetings.committees.rules import Category, Span
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id


class Overlap(Conflict):
    """Two categories of one membership on the same day."""

    code = "category-overlap"
    message = "Diện đảng viên bị trùng thời gian."


class NoCategory(NotFound):
    """The membership had no category that day: it had not begun or had ended."""

    code = "no-category"
    message = "Ngày đó đảng viên không có tên trong chi bộ."


@dataclass(frozen=True, kw_only=True, slots=True)
class CategorySpan:
    """What a membership was during a span. `official`: the standing in the party itself (see Member)."""

    member: Id
    category: Category
    official: bool
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class CountsAs:
    """What a membership counts as in a sitting. `official`: the standing in the party itself (see Member)."""

    category: Category
    official: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountCount:
    """So many members of one category, with or without a smartphone, who have or have not signed in once."""

    category: Category
    smartphone: bool
    account: bool
    members: int


def check_spans(spans: Iterable[CategorySpan]) -> None:
    """No day with two categories for one membership. Raises Overlap."""
    ordered = sorted(spans, key=lambda one: (one.member, one.span.since))
    for before, after in pairwise(ordered):
        if before.member == after.member and (
            before.span.until is None or after.span.since <= before.span.until
        ):
            raise Overlap


def category_on(spans: Iterable[CategorySpan], member: Id, day: date) -> CategorySpan:
    """The category of that membership that day. Raises NoCategory."""
    for one in spans:
        if one.member == member and one.span.covers(day):
            return one
    raise NoCategory


def changed(spans: Sequence[CategorySpan], new: CategorySpan) -> tuple[CategorySpan, ...]:
    """The membership's spans once `new` (open-ended) begins: the one still running ends the day before.

    Repeating the same change changes nothing. Raises Overlap where it would rewrite the past.
    """
    if new in spans:
        return tuple(spans)
    ended = tuple(_cut(one, new.span.since) if one.member == new.member else one for one in spans)
    result = (*ended, new)
    check_spans(result)
    return result


def _cut(one: CategorySpan, day: date) -> CategorySpan:
    if one.span.until is not None or one.span.since >= day:
        return one
    return replace(one, span=Span(since=one.span.since, until=day - timedelta(days=1)))


def is_official(category: Category, official_since: date | None, day: date) -> bool:
    """Whether the member has an official standing that can count in this cell: a probationary member has none
    yet, one temporarily arrived keeps it at home (232-QĐ/TW of 2025, 6.3.2; domain.md 2.1)."""
    if category in {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED}:
        return False
    return official_since is not None and official_since <= day


def is_convoked(category: Category) -> bool:
    """Whether the roster ticks this member by default; suspended ones are not called (rules.md 2.3)."""
    return category is not Category.SUSPENDED
