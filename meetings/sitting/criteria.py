"""Pure: criteria by which a sitting is scored (domain.md 6.3), as dated data of a committee, with their source.

The central table of 42-HD/BTCTW (28/10/2025) was read only second hand, as a cell used it, and without its
scales: how many points a share is worth stays with the committees, and what stands here is shown as unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from meetings.committees.policies import Certainty
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id

WHOLE = 100  # points
MOST_CRITERIA = 40
_DEEPEST = 1000  # of a share's parts


class Measure(StrEnum):
    """What the service can measure of a sitting, each as one number out of another."""

    DURATION = "duration"  # minutes held, of the least minutes asked
    ATTENDANCE = "attendance"  # who came, of whom it was expected (the sitting's rate)
    SPEAKERS = "speakers"  # members who had the floor, of the members present
    NOTICE = "notice"  # hours between the first call and the start, of 24
    DRAFTS = "drafts"  # hours before the start by which every draft resolution had its first wording, of 24
    READ_OUT = "read_out"  # 1 of 1 where the minutes were read out and agreed to in the sitting
    RESULTS = "results"  # 1 of 1 where the results were there within their days; known only after the sitting


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """From a share on (`part` out of `of`; beyond it, where `over`) so many points."""

    part: int
    of: int
    points: int
    over: bool = False

    def holds(self, part: int, of: int) -> bool:
        """Whether part/of reaches it. Integer arithmetic; of nothing, nothing is reached but nothing."""
        mine, asked = part * self.of, self.part * of
        return mine > asked if self.over else mine >= asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One line. `measure` None: people judge. `bands` from the most points down; the last one takes what is left.
    `spoiled`: an absence without reason brings the attendance down to the last band."""

    key: str
    title: str
    most: int
    measure: Measure | None = None
    bands: tuple[Band, ...] = ()
    spoiled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rank:
    """A class, from so many points on."""

    least: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteria:
    """A version in force from a day. `set_by` None: the project's default."""

    valid_from: date
    citation: str
    lines: tuple[Criterion, ...]
    ranks: tuple[Rank, ...]
    certainty: Certainty = Certainty.POLICY
    set_by: Id | None = None
    set_by_name: str | None = None

    def rank(self, total: int) -> str:
        """The class of so many points."""
        return rank_of(self.ranks, total)


def rank_of(ranks: Iterable[Rank], total: int) -> str:
    """The class of so many points; the last of `ranks` begins at 0."""
    return next(rank.name for rank in ranks if total >= rank.least)


class BadCriteria(Invalid):
    """Criteria that do not add up. `what`: the key of a line, or `lines`, `ranks`."""

    code = "bad-criteria"
    message = "Bộ tiêu chí chưa đúng ({what}): tổng điểm phải là 100, thang điểm phải giảm dần."


class CriteriaTaken(Conflict):
    """The organisation has set criteria from that day already."""

    code = "criteria-taken"
    message = "Cấp ủy đã đặt một bộ tiêu chí từ ngày này."


def check_criteria(criteria: Criteria) -> None:
    """Raises BadCriteria."""
    keys = [line.key for line in criteria.lines]
    _must(len(set(keys)) == len(keys) and 0 < len(keys) <= MOST_CRITERIA, "lines")
    _must(sum(line.most for line in criteria.lines) == WHOLE, "lines")
    for line in criteria.lines:
        _must(line.most >= 0, line.key)
        _check_bands(line)
    least = [rank.least for rank in criteria.ranks]
    _must(bool(least) and least[-1] == 0 and _falls(least) and least[0] <= WHOLE, "ranks")


def _check_bands(line: Criterion) -> None:
    if line.measure is None:
        _must(not line.bands and not line.spoiled, line.key)
        return
    _must(not line.spoiled or line.measure is Measure.ATTENDANCE, line.key)
    points = [band.points for band in line.bands]
    _must(bool(points) and _falls(points) and points[-1] >= 0 and points[0] <= line.most, line.key)
    _must(all(0 <= band.part <= _DEEPEST and 0 < band.of <= _DEEPEST for band in line.bands), line.key)
    last = line.bands[-1]
    _must(last.part == 0 and not last.over, line.key)
    falls = all(low.part * high.of < high.part * low.of for high, low in pairwise(line.bands))
    _must(falls, line.key)


def _falls(numbers: Sequence[int]) -> bool:
    return all(high > low for high, low in pairwise(numbers))


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise BadCriteria(what=what)


def in_force(known: Iterable[Criteria], chain: Sequence[Id], day: date) -> Criteria:
    """The nearest organisation of `chain` (nearest first) that has set criteria by that day, its newest first;
    else the project's default."""
    begun = [one for one in known if one.valid_from <= day]
    for org in chain:
        mine = [one for one in begun if one.set_by == org]
        if mine:
            return max(mine, key=lambda one: one.valid_from)
    return DEFAULT


def points_of(line: Criterion, measured: Mapping[Measure, tuple[int, int]], *, unexcused: int) -> int | None:
    """What the measured share is worth; None where people judge, or nothing was measured."""
    if line.measure is None or (share := measured.get(line.measure)) is None:
        return None
    if line.spoiled and unexcused:
        return line.bands[-1].points
    return next((band.points for band in line.bands if band.holds(*share)), line.bands[-1].points)


_RANKS = (
    Rank(least=90, name="Tốt"),
    Rank(least=70, name="Khá"),
    Rank(least=50, name="Trung bình"),
    Rank(least=0, name="Kém"),
)


def _bands(*said: tuple[int, int, int]) -> tuple[Band, ...]:
    return tuple(Band(part=part, of=of, points=points) for part, of, points in said)


# The frame, its points and its classes as a ward's cells used them in 2026 (domain.md 6.3, source 40); the scale of
# the duration follows another ward's form (source 36: short by 15 minutes, 30 minutes, a half, of 90).
DEFAULT = Criteria(
    valid_from=date(2025, 10, 28),
    citation="Hướng dẫn số 42-HD/BTCTW ngày 28/10/2025",
    certainty=Certainty.UNSURE,
    ranks=_RANKS,
    lines=(
        Criterion(
            key="time",
            title="Thời gian, thời lượng sinh hoạt",
            most=5,
            measure=Measure.DURATION,
            bands=_bands((1, 1, 5), (5, 6, 4), (2, 3, 3), (1, 2, 2), (0, 1, 1)),
        ),
        Criterion(
            key="attendance",
            title="Tỷ lệ đảng viên dự sinh hoạt",
            most=5,
            measure=Measure.ATTENDANCE,
            bands=_bands((90, 100, 5), (75, 100, 4), (65, 100, 3), (0, 1, 2)),
        ),
        Criterion(key="preparation", title="Công tác chuẩn bị", most=10),
        Criterion(key="conduct", title="Tổ chức sinh hoạt", most=40),
        Criterion(key="principles", title="Nguyên tắc tổ chức, sinh hoạt đảng", most=5),
        Criterion(key="results", title="Kết quả thực hiện nghị quyết kỳ trước", most=30),
        Criterion(key="ending", title="Kết thúc buổi sinh hoạt", most=5),
    ),
)
