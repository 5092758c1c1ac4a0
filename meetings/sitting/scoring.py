"""Pure: a sitting's score. What can be measured is filled in; people judge the rest, and say why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.sitting.criteria import Criteria, Measure, points_of

_HOURS = 24


class NoScoreHere(Conflict):
    """A supplement has opinions and no verdict, so it has no score either (rules.md 3.2)."""

    code = "no-score-here"
    message = "Buổi bổ trợ không chấm điểm."


class BadPoints(Invalid):
    """A line is missing, unknown, or has points out of its range. `key`: of the line."""

    code = "bad-points"
    message = "Điểm của một tiêu chí còn thiếu hoặc vượt mức tối đa ({key})."


class ReasonNeeded(Invalid):
    """Points that differ from what was measured need a reason. `key`: of the line."""

    code = "reason-needed"
    message = "Điểm khác với số liệu phần mềm tính được thì cần ghi lý do ({key})."


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What the service knows of the sitting. `least`: minutes asked for; `came` of `expected`: the rate's two sets;
    `spoke` of `there`: members who had the floor, of those present; `notice`: from the first call to the start;
    `drafted`: how long before the start the last draft resolution had its first wording, None where there is none;
    `read_out`: the minutes were read out and agreed to."""

    minutes: int
    least: int
    came: int
    expected: int
    unexcused: int
    spoke: int
    there: int
    notice: timedelta | None = None
    drafted: timedelta | None = None
    read_out: bool = False

    def shares(self) -> dict[Measure, tuple[int, int]]:
        """Each measure as one number out of another; left out where there is nothing to measure by."""
        found = {
            Measure.DURATION: (self.minutes, self.least),
            Measure.ATTENDANCE: (self.came, self.expected),
            Measure.SPEAKERS: (self.spoke, self.there),
        }
        found[Measure.READ_OUT] = (int(self.read_out), 1)
        for measure, ahead in ((Measure.NOTICE, self.notice), (Measure.DRAFTS, self.drafted)):
            if ahead is not None:
                found[measure] = (max(0, int(ahead.total_seconds() // 3600)), _HOURS)
        return {measure: share for measure, share in found.items() if share[1] > 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One criterion of a score. `computed`: what the measured share (`part` of `of`) is worth; None where people
    judge. `points` None: not judged yet. `note`: why the points differ from what was measured."""

    key: str
    title: str
    most: int
    points: int | None
    computed: int | None = None
    measure: Measure | None = None
    part: int | None = None
    of: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A sitting's score. `sequence` counts from 1, the highest holds; `citation` and `set_by_name`: of the criteria
    that were in force (empty: the project's default)."""

    id: Id
    meeting: Id
    sequence: int
    lines: tuple[Line, ...]
    total: int
    rank: str
    citation: str
    set_by_name: str
    certainty: str
    by: Id
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """Points that people gave one line."""

    points: int
    note: str = ""


def proposed(criteria: Criteria, measured: Measured) -> tuple[Line, ...]:
    """Every line, with what can be measured filled in."""
    shares = measured.shares()
    found = []
    for line in criteria.lines:
        points = points_of(line, shares, unexcused=measured.unexcused)
        part, of = shares[line.measure] if line.measure and points is not None else (None, None)
        found.append(
            Line(
                key=line.key,
                title=line.title,
                most=line.most,
                points=points,
                computed=points,
                measure=line.measure if points is not None else None,
                part=part,
                of=of,
            )
        )
    return tuple(found)


def judged(lines: tuple[Line, ...], said: Mapping[str, Judged]) -> tuple[Line, ...]:
    """The lines with the points that people gave; a measured line may be left as it is.

    Raises BadPoints, ReasonNeeded.
    """
    if unknown := sorted(set(said) - {line.key for line in lines}):
        raise BadPoints(key=unknown[0])
    return tuple(_judged(line, said.get(line.key)) for line in lines)


def total(lines: tuple[Line, ...]) -> int:
    """The sum; every line must have its points."""
    return sum(line.points for line in lines if line.points is not None)


def _judged(line: Line, said: Judged | None) -> Line:
    points = said.points if said else line.computed
    if points is None or not 0 <= points <= line.most:
        raise BadPoints(key=line.key)
    note = said.note if said else ""
    if line.computed is not None and points != line.computed and not note:
        raise ReasonNeeded(key=line.key)
    return replace(line, points=points, note=note)
