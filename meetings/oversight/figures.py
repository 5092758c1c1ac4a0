"""Pure figures of one ended sitting, as the cell-month table keeps them (performance.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.attendance.counts import rate
from meetings.attendance.rules import Evidence, EvidenceKind, MemberAttendance, Source
from meetings.committees.members import is_convoked
from meetings.committees.rules import Member
from meetings.convening.afterwards import Restatement as Restated
from meetings.convening.rules import Meeting
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.oversight.rules import Rate, Restatement

_MARKS = {
    EvidenceKind.PRESENT: "có mặt",
    EvidenceKind.ABSENT: "vắng mặt",
    EvidenceKind.LATE: "đến muộn",
    EvidenceKind.LEFT_EARLY: "về sớm",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingFigures:
    """What is counted of one sitting. `joined`: members on the phone who were not in the hall, in no rate.

    `corrections`: the roll changed after closing.
    """

    rate: Rate
    joined: int
    left_out: int
    disagreements: int
    corrections: tuple[Restatement, ...] = ()


def figures_of(
    meeting: Meeting,
    *,
    roster: Iterable[Member],
    attendance: Mapping[Id, MemberAttendance],
    evidence: Iterable[Evidence],
    left_out: Collection[Id],
) -> SittingFigures:
    """Count one sitting. `left_out`: members who were not called, with a reason."""
    members = tuple(roster)
    found = rate(members, attendance, mode=meeting.mode)
    entitled = {member.id for member in members if is_convoked(member.category)}
    return SittingFigures(
        rate=Rate(present=frozenset(found.part), counted=frozenset(found.whole)),
        joined=sum(1 for one in attendance.values() if one.online and not one.hall_confirmed),
        left_out=len(entitled & set(left_out)),
        disagreements=sum(len(one.disagreements) for one in attendance.values()),
        corrections=tuple(_corrections(meeting, evidence)),
    )


def _corrections(meeting: Meeting, evidence: Iterable[Evidence]) -> Iterable[Restatement]:
    closed = meeting.device_closed_at or meeting.closed_at
    late = [
        one
        for one in evidence
        if one.source is Source.CORRECTION and closed is not None and one.received_at > closed
    ]
    for one in sorted(late, key=lambda fact: fact.sequence):
        yield Restatement(
            meeting=meeting.id,
            at=one.received_at,
            by=one.by or "",
            what="điểm danh của một đảng viên",
            before="",
            after=_MARKS.get(one.kind, one.kind.value),
            reason=one.reason or "",
        )


def restated(one: Restated) -> Restatement:
    """A cell's own dated correction of a closed sitting, as an auditor reads it."""
    return Restatement(
        meeting=one.meeting,
        at=one.at,
        by=one.by,
        what=one.what,
        before=one.before,
        after=one.after,
        reason=one.reason,
    )


def to_json(figures: SittingFigures) -> dict[str, Json]:
    """As kept."""
    return {
        "present": sorted(figures.rate.present),
        "counted": sorted(figures.rate.counted),
        "joined": figures.joined,
        "left_out": figures.left_out,
        "disagreements": figures.disagreements,
        "corrections": [
            {
                "meeting": one.meeting,
                "at": one.at.isoformat(timespec="microseconds"),
                "by": one.by,
                "what": one.what,
                "before": one.before,
                "after": one.after,
                "reason": one.reason,
            }
            for one in figures.corrections
        ],
    }


def from_json(kept: Mapping[str, Any]) -> SittingFigures:
    """What `to_json` made."""
    return SittingFigures(
        rate=Rate(present=frozenset(kept["present"]), counted=frozenset(kept["counted"])),
        joined=kept["joined"],
        left_out=kept["left_out"],
        disagreements=kept["disagreements"],
        corrections=tuple(
            Restatement(**(one | {"at": datetime.fromisoformat(one["at"])})) for one in kept["corrections"]
        ),
    )
