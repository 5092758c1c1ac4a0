"""Arithmetic of half-open intervals, where an end of None means still going on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from meetings.attendance.rules import Interval

_NEVER = datetime.max.replace(tzinfo=UTC)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same moments as few intervals in order; empty ones vanish, touching ones join."""
    merged: list[tuple[datetime, datetime]] = []
    for since, until in sorted(_pair(interval) for interval in intervals):
        if until <= since:
            continue
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return tuple(_interval(*pair) for pair in merged)


def within(intervals: Iterable[Interval], start: datetime, end: datetime | None) -> tuple[Interval, ...]:
    """What of them lies in [start, end)."""
    last = end or _NEVER
    pairs = (_pair(interval) for interval in intervals)
    return union(_interval(max(since, start), min(until, last)) for since, until in pairs)


def without(intervals: Iterable[Interval], gap: Interval) -> tuple[Interval, ...]:
    """What of them lies outside the gap."""
    start, end = _pair(gap)
    kept: list[Interval] = []
    for since, until in (_pair(interval) for interval in intervals):
        kept += [_interval(since, min(until, start)), _interval(max(since, end), until)]
    return union(kept)


def _pair(interval: Interval) -> tuple[datetime, datetime]:
    return interval.since, interval.until or _NEVER


def _interval(since: datetime, until: datetime) -> Interval:
    return Interval(since, None if until == _NEVER else until)
