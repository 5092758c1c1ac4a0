"""Pure figures of one ended sitting, as the cell-month table keeps them (performance.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meetings.attendance.counts import rate
from meetings.attendance.rules import MemberAttendance
from meetings.committees.members import is_convoked
from meetings.committees.rules import Member
from meetings.convening.afterwards import Restatement as Restated
from meetings.convening.rules import Meeting, Mode
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.oversight.rules import Rate, Restatement


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingFigures:
    """What is counted of one sitting. `joined`: members on the phone who were not in the hall, in no rate."""

    rate: Rate
    joined: int
    left_out: int
    disagreements: int


def figures_of(
    meeting: Meeting,
    *,
    roster: Iterable[Member],
    attendance: Mapping[Id, MemberAttendance],
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
    )


def rate_in(meeting: Meeting, figures: SittingFigures) -> Rate | None:
    """None of an online session, as in the cell: a supplement has no rate that could be taken for a meeting's."""
    return None if meeting.mode is Mode.ONLINE else figures.rate


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
    }


def from_json(kept: Mapping[str, Any]) -> SittingFigures:
    """What `to_json` made."""
    return SittingFigures(
        rate=Rate(present=frozenset(kept["present"]), counted=frozenset(kept["counted"])),
        joined=kept["joined"],
        left_out=kept["left_out"],
        disagreements=kept["disagreements"],
    )
