"""Pure: a sitting's score. What can be measured is filled in; people judge the rest, and say why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.sitting.criteria import WHOLE, Criteria, Criterion, Measure, Rank, points_of, rank_of

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


class NotKnownYet(Conflict):
    """Points for what is known only after the sitting. `key`: of the line."""

    code = "not-known-yet"
    message = "Tiêu chí này chưa biết được khi chấm; phần mềm tự tính khi có kết quả ({key})."


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What the service knows of the sitting. `least`: minutes asked for; `came` of `expected`: the rate's two sets;
    `spoke` of `there`: members who had the floor, of those present; `notice`: from the first call to the start;
    `drafted`: how long before the start the last draft resolution had its first wording, None where there is none;
    `read_out`: the minutes were read out and agreed to; `results`: the results were there in time, None while nobody
    can know."""

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
    results: bool | None = None

    def shares(self) -> dict[Measure, tuple[int, int]]:
        """Each measure as one number out of another; left out where there is nothing to measure by."""
        found = {
            Measure.DURATION: (self.minutes, self.least),
            Measure.ATTENDANCE: (self.came, self.expected),
            Measure.SPEAKERS: (self.spoke, self.there),
        }
        found[Measure.READ_OUT] = (int(self.read_out), 1)
        if self.results is not None:
            found[Measure.RESULTS] = (int(self.results), 1)
        for measure, ahead in ((Measure.NOTICE, self.notice), (Measure.DRAFTS, self.drafted)):
            if ahead is not None:
                found[measure] = (max(0, int(ahead.total_seconds() // 3600)), _HOURS)
        return {measure: share for measure, share in found.items() if share[1] > 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One criterion of a score. `computed`: what the measured share (`part` of `of`) is worth; None where people
    judge. `points` None: not judged yet. `note`: why the points differ from what was measured. What is known only after
    the sitting waits, and is worth `in_time` or `late` then."""

    key: str
    title: str
    most: int
    points: int | None
    computed: int | None = None
    measure: Measure | None = None
    part: int | None = None
    of: int | None = None
    note: str = ""
    in_time: int | None = None
    late: int | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody can know yet; it is filled in by itself."""
        return self.points is None and self.in_time is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A sitting's score. `sequence` counts from 1, the highest holds; `citation`, `set_by_name` and `ranks`: of the
    criteria that were in force (empty: the project's default). `total` and `rank`: without the lines that wait."""

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
    ranks: tuple[Rank, ...] = ()

    @property
    def of(self) -> int:
        """Points that the lines known by now could have."""
        return WHOLE - sum(line.most for line in self.lines if line.waits)


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
        if line.measure is Measure.RESULTS and points is None:
            found.append(_waiting(line))
            continue
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


def completed(score: Score, results: bool | None) -> Score:
    """The score with what waited, once it is known whether the results were there in time."""
    if results is None or not any(line.waits for line in score.lines):
        return score
    lines = tuple(_settled(line, in_time=results) if line.waits else line for line in score.lines)
    points = total(lines)
    return replace(score, lines=lines, total=points, rank=rank_of(score.ranks, points))


def judged(lines: tuple[Line, ...], said: Mapping[str, Judged]) -> tuple[Line, ...]:
    """The lines with the points that people gave; a measured line may be left as it is.

    Raises BadPoints, ReasonNeeded, NotKnownYet.
    """
    if unknown := sorted(set(said) - {line.key for line in lines}):
        raise BadPoints(key=unknown[0])
    return tuple(_judged(line, said.get(line.key)) for line in lines)


def total(lines: tuple[Line, ...]) -> int:
    """The sum; every line must have its points."""
    return sum(line.points for line in lines if line.points is not None)


def _waiting(line: Criterion) -> Line:
    in_time, late = (points_of(line, {Measure.RESULTS: (part, 1)}, unexcused=0) for part in (1, 0))
    return Line(
        key=line.key,
        title=line.title,
        most=line.most,
        points=None,
        measure=line.measure,
        in_time=in_time,
        late=late,
    )


def _settled(line: Line, *, in_time: bool) -> Line:
    points = line.in_time if in_time else line.late
    return replace(line, points=points, computed=points, part=int(in_time), of=1)


def _judged(line: Line, said: Judged | None) -> Line:
    if line.waits and said is None:
        return line
    if line.waits:
        raise NotKnownYet(key=line.key)
    points = said.points if said else line.computed
    if points is None or not 0 <= points <= line.most:
        raise BadPoints(key=line.key)
    note = said.note if said else ""
    if line.computed is not None and points != line.computed and not note:
        raise ReasonNeeded(key=line.key)
    return replace(line, points=points, note=note)
