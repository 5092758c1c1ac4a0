"""Attendance from evidence: the same facts give the same attendance, in whatever order they arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.attendance.hall import Hall, Verdict, read_hall
from meetings.attendance.online import connections, sightings
from meetings.attendance.rules import (
    Disagreement,
    Evidence,
    EvidenceKind,
    Finding,
    Interval,
    MemberAttendance,
    Source,
)
from meetings.attendance.spans import within, without
from meetings.committees.rules import Category, Member
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id
from meetings.rooms.rules import EXPEL_WITHIN, Ban

# Project policy, no instrument found: who comes or goes within this time of opening or closing was there for
# the sitting. A mark by the secretary always goes before it.
TOLERANCE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sitting:
    opened_at: datetime
    closed_at: datetime | None
    mode: Mode
    hall: Hall
    online: Mapping[Id, tuple[Interval, ...]]
    bans: tuple[Ban, ...]
    seen: Mapping[Id, Sequence[tuple[datetime, Id]]]


def fold(
    evidence: Iterable[Evidence],
    *,
    opened_at: datetime,
    closed_at: datetime | None,
    roster: Iterable[Member],
    now: datetime,
    mode: Mode,
    bans: Iterable[Ban] = (),
) -> dict[Id, MemberAttendance]:
    """What the evidence up to `now` says about every member of the roster. All times UTC.

    Before the opening pass `now` as `opened_at`. Asked for a past `now` it answers as of then, with the
    evidence held today. Online evidence never makes presence in the hall, and in an online session
    nothing does; what falls in a ban or comes from a suspended member never counts and is listed.
    """
    facts = list(evidence)
    closed = closed_at if closed_at is not None and closed_at <= now else None
    sitting = _Sitting(
        opened_at=opened_at,
        closed_at=closed,
        mode=mode,
        hall=read_hall(facts, now),
        online={} if mode is Mode.IN_PERSON else connections(facts, now),
        bans=tuple(bans),
        seen=_seen(facts, now),
    )
    return {member.id: _of_member(member, sitting) for member in roster}


def _seen(facts: Iterable[Evidence], now: datetime) -> dict[Id, list[tuple[datetime, Id]]]:
    seen: dict[Id, list[tuple[datetime, Id]]] = {}
    for member, at, evidence in sightings(facts):
        if at <= now:
            seen.setdefault(member, []).append((at, evidence))
    return seen


def _of_member(member: Member, sitting: _Sitting) -> MemberAttendance:
    scanned = member.id in sitting.hall.scans
    findings = tuple(_findings(member, sitting))
    if member.category is Category.SUSPENDED:
        return MemberAttendance(member=member.id, scanned=scanned, disagreements=findings)
    online = _online(member.id, sitting)
    verdict = sitting.hall.verdict(member.id)
    in_hall = _confirmed(verdict, sitting)
    late, early = _hall_edges(verdict, sitting) if in_hall else _online_edges(online, sitting)
    return MemberAttendance(
        member=member.id,
        hall_confirmed=in_hall,
        scanned=scanned,
        hall=_hall_interval(verdict, sitting) if in_hall else None,
        online=online,
        late=late,
        left_early=early,
        disagreements=findings,
    )


def _confirmed(verdict: Verdict, sitting: _Sitting) -> bool:
    has_hall = sitting.mode is not Mode.ONLINE
    return has_hall and sitting.hall.confirmed_at is not None and verdict.present is True


def _online(member: Id, sitting: _Sitting) -> tuple[Interval, ...]:
    there = within(sitting.online.get(member, ()), sitting.opened_at, sitting.closed_at)
    for ban in sitting.bans:
        if ban.member == member:
            there = without(there, Interval(ban.at, ban.lifted_at))
    return there


def _hall_interval(verdict: Verdict, sitting: _Sitting) -> Interval:
    since = max(sitting.opened_at, verdict.arrived or sitting.opened_at)
    ends = [moment for moment in (verdict.left, sitting.closed_at) if moment is not None]
    return Interval(since, max(since, min(ends)) if ends else None)


def _hall_edges(verdict: Verdict, sitting: _Sitting) -> tuple[bool, bool]:
    """Late and left early in the hall. A time given by a mark is the secretary's word, without tolerance."""
    allowed = TOLERANCE if verdict.by_scan else timedelta()
    late = verdict.arrived is not None and verdict.arrived > sitting.opened_at + allowed
    return late, verdict.left is not None


def _online_edges(online: tuple[Interval, ...], sitting: _Sitting) -> tuple[bool, bool]:
    if not online:
        return False, False
    late = online[0].since > sitting.opened_at + TOLERANCE
    end = online[-1].until
    early = end is not None and sitting.closed_at is not None and end < sitting.closed_at - TOLERANCE
    return late, early


def _findings(member: Member, sitting: _Sitting) -> Iterator[Disagreement]:
    marks = sitting.hall.marks.get(member.id, [])
    scans = sitting.hall.scans.get(member.id, [])
    if member.category is Category.SUSPENDED:
        seen = {evidence for _, evidence in sitting.seen.get(member.id, ())}
        yield from _found(Finding.SUSPENDED_BUT_SEEN, seen | _ids(scans) | _ids(_presences(marks)))
    elif sitting.mode is Mode.ONLINE:
        yield from _found(Finding.MARKED_WITHOUT_HALL, _ids(scans) | _ids(_presences(marks)))
    else:
        yield from _scan_findings(scans, marks, sitting.hall)
    corrections = [mark for mark in marks if mark.source is Source.CORRECTION]
    yield from _found(Finding.CORRECTED, _ids(corrections))
    yield from _found(Finding.BANNED_BUT_SEEN, _seen_while_banned(member.id, sitting))


def _scan_findings(
    scans: Sequence[Evidence], marks: Sequence[Evidence], hall: Hall
) -> Iterator[Disagreement]:
    if not scans:
        return
    verdict = hall.verdict(scans[0].member or "")
    if verdict.present is False:
        yield from _found(Finding.SCANNED_BUT_MARKED_ABSENT, _ids(scans) | _ids(marks))
    elif verdict.present is None and hall.confirmed_at is not None:
        yield from _found(Finding.SCANNED_NOT_CONFIRMED, _ids(scans))


def _seen_while_banned(member: Id, sitting: _Sitting) -> set[Id]:
    """Seen later than the time within which a removed identity is put out."""
    bans = [ban for ban in sitting.bans if ban.member == member]
    return {
        evidence
        for at, evidence in sitting.seen.get(member, ())
        if any(ban.holds(at) and at > ban.at + EXPEL_WITHIN for ban in bans)
    }


def _found(finding: Finding, evidence: Collection[Id]) -> Iterator[Disagreement]:
    if evidence:
        yield Disagreement(finding=finding, evidence=tuple(sorted(evidence)))


def _ids(evidence: Iterable[Evidence]) -> set[Id]:
    return {item.id for item in evidence}


def _presences(marks: Iterable[Evidence]) -> list[Evidence]:
    return [mark for mark in marks if mark.kind is not EvidenceKind.ABSENT]
