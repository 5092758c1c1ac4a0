"""Who was in the hall: the roll confirmed by the secretary decides, scans stand beside it (rules.md 2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from meetings.attendance.rules import ROLLS, SCANS, Evidence, EvidenceKind, Source
from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the last marks say: `present` None means never marked. Times only where a mark gave one."""

    present: bool | None = None
    arrived: datetime | None = None
    left: datetime | None = None
    by_scan: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hall:
    """Scans and marks sorted by member. `confirmed_at`: the last confirmation of the whole roll."""

    confirmed_at: datetime | None
    marks: dict[Id, list[Evidence]] = field(default_factory=dict)
    scans: dict[Id, list[Evidence]] = field(default_factory=dict)

    def verdict(self, member: Id) -> Verdict:
        """The marks by sequence; a scan before the confirmation stands in for a missing mark."""
        marked = read_marks(self.marks.get(member, ()))
        if marked.present is None and (scan := self.first_scan(member)):
            return Verdict(present=True, arrived=scan, by_scan=True)
        return marked

    def first_scan(self, member: Id) -> datetime | None:
        """The first scan that the confirmation could know of; None while the roll is unconfirmed."""
        if self.confirmed_at is None:
            return None
        known = (scan.at for scan in self.scans.get(member, ()) if scan.at <= self.confirmed_at)
        return min(known, default=None)


def read_hall(evidence: Iterable[Evidence], now: datetime) -> Hall:
    """Sorts what speaks of the hall, up to `now`."""
    marks: defaultdict[Id, list[Evidence]] = defaultdict(list)
    scans: defaultdict[Id, list[Evidence]] = defaultdict(list)
    confirmations: list[datetime] = []
    for item in evidence:
        if item.at > now:
            continue
        if item.kind is EvidenceKind.CONFIRMED and item.source is Source.ROLL_CALL:
            confirmations.append(item.at)
        elif item.member and item.source in ROLLS:
            marks[item.member].append(item)
        elif item.member and item.source in SCANS:
            scans[item.member].append(item)
    return Hall(confirmed_at=max(confirmations, default=None), marks=marks, scans=scans)


def in_sequence(marks: Iterable[Evidence]) -> list[Evidence]:
    """The order in which the secretary made them, whatever the order of arrival."""
    return sorted(marks, key=lambda mark: (mark.sequence, mark.at, mark.id))


def read_marks(marks: Sequence[Evidence]) -> Verdict:
    """The last word of a member's marks."""
    verdict = Verdict()
    for mark in in_sequence(marks):
        verdict = _after(verdict, mark)
    return verdict


def _after(verdict: Verdict, mark: Evidence) -> Verdict:
    if mark.kind is EvidenceKind.ABSENT:
        return Verdict(present=False)
    if mark.kind is EvidenceKind.LATE:
        left = verdict.left if verdict.left and verdict.left > mark.at else None
        return Verdict(present=True, arrived=mark.at, left=left)
    if mark.kind is EvidenceKind.LEFT_EARLY:
        return replace(verdict, present=True, left=mark.at)
    return Verdict(present=True)
