"""Who was connected when, from webhooks, polls and heartbeats that come twice, late, reversed or never.

Keyed by participant SID: the media server gives a new one to every new connection, so a SID that left never
comes back. Every fact is a mark at its event time; marks are sorted, so the order of arrival cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TypeAlias

from meetings.attendance.rules import Evidence, EvidenceKind, Interval, Source
from meetings.attendance.spans import union
from meetings.kernel.ids import Id

# Media servers tell times in whole seconds, cut off: a poll sent within this time after a join may truly
# have been answered before it.
JUST_JOINED = timedelta(seconds=2)


class Mark(IntEnum):
    """What a fact says about one connection; the number breaks ties between equal times."""

    THERE = 0  # the server says so
    CLAIMED = 1  # the client says so
    MISSING = 2  # a complete list did not hold it
    ROOM_ENDED = 3
    LEFT = 4


Connection: TypeAlias = tuple[Id, str]  # member, SID
Marks: TypeAlias = dict[Connection, set[tuple[datetime, Mark]]]


def connections(evidence: Iterable[Evidence], now: datetime) -> dict[Id, tuple[Interval, ...]]:
    """Per member the union over all connections, told by evidence up to `now`."""
    facts = [item for item in evidence if item.at <= now]
    marks = _own_marks(facts, now)
    _add_absences(facts, marks)
    found: defaultdict[Id, list[Interval]] = defaultdict(list)
    for (member, _), of_one in marks.items():
        found[member] += _spells(of_one)
    return {member: union(spells) for member, spells in found.items()}


def sightings(evidence: Iterable[Evidence]) -> Iterator[tuple[Id, datetime, Id]]:
    """Every time somebody was seen connected: member, moment, evidence id."""
    for item in evidence:
        if item.kind is EvidenceKind.LISTED:
            yield from ((seat.member, item.at, item.id) for seat in item.seats if seat.member)
        elif item.member and item.kind in {EvidenceKind.JOINED, EvidenceKind.SEEN}:
            yield item.member, item.until or item.at, item.id


def _own_marks(facts: Iterable[Evidence], now: datetime) -> Marks:
    marks: Marks = defaultdict(set)
    for item in facts:
        if item.kind is EvidenceKind.LISTED:
            for seat in item.seats:
                if seat.member:
                    start = min(seat.since or item.at, item.at)
                    marks[seat.member, seat.sid] |= {(start, Mark.THERE), (item.at, Mark.THERE)}
        elif item.member and item.participant_sid:
            marks[item.member, item.participant_sid] |= _said(item, now)
    return marks


def _said(item: Evidence, now: datetime) -> set[tuple[datetime, Mark]]:
    if item.kind is EvidenceKind.SEEN:
        return {(item.at, Mark.CLAIMED), (min(item.until or item.at, now), Mark.CLAIMED)}
    if item.source is not Source.WEBHOOK:
        return set()
    start = {(min(item.since, item.at), Mark.THERE)} if item.since else set()
    return start | {(item.at, Mark.LEFT if item.kind is EvidenceKind.LEFT else Mark.THERE)}


def _add_absences(facts: Iterable[Evidence], marks: Marks) -> None:
    """A complete list without a connection, and the end of the room, speak about all of them."""
    for item in facts:
        if item.kind is EvidenceKind.LISTED:
            listed = {(seat.member, seat.sid) for seat in item.seats}
            for connection in marks.keys() - listed:
                marks[connection].add((item.at, Mark.MISSING))
        elif item.kind is EvidenceKind.ROOM_ENDED:
            for of_one in marks.values():
                of_one.add((item.at, Mark.ROOM_ENDED))


def _spells(marks: Iterable[tuple[datetime, Mark]]) -> Iterator[Interval]:
    """The times one connection stood. After a list without it, only the server can reopen it."""
    since: datetime | None = None
    denied = False
    for at, mark in sorted(marks):
        if mark is Mark.THERE or (mark is Mark.CLAIMED and not denied):
            since, denied = since or at, False
        elif mark is Mark.LEFT or (mark is Mark.ROOM_ENDED and since):
            if since:
                yield Interval(since, at)
            return
        elif mark is Mark.MISSING and since and at - since > JUST_JOINED:
            yield Interval(since, at)
            since, denied = None, True
    if since:
        yield Interval(since, None)
