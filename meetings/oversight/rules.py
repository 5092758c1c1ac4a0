"""Pure records of the auditor's quarter: month states, theme, supplements beside them, rates as two sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from meetings.convening.obligations import Decision, MonthState, ThemeState, tally
from meetings.convening.rules import Mode
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, Quarter
from meetings.kernel.text import percent_text
from meetings.minutes.results import Results


class BadStandard(Invalid):
    """An attendance standard not written like ">85" or ">=90"."""

    code = "bad-standard"
    message = "Mức tỷ lệ dự họp phải viết như >85 hoặc >=90."


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A rate with both its sets of memberships: `counted` is the whole, `present` those of it who came."""

    present: frozenset[Id]
    counted: frozenset[Id]

    @property
    def part(self) -> int:
        """How many of the whole were present; nobody outside the whole is ever in it."""
        return len(self.present & self.counted)

    @property
    def whole(self) -> int:
        """How many are counted."""
        return len(self.counted)

    def text(self) -> str:
        """15/22 = 68,18 %."""
        return f"{self.part}/{self.whole} = {percent_text(self.part, self.whole)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Restatement:
    """A correction after closing or after the quarter was frozen: dated, named, seen by auditors; it never
    changes whether the month is fulfilled (architecture.md decision 2)."""

    meeting: Id
    at: datetime
    by: Id
    what: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplement:
    """One supplement beside the months, or the phone list of a hybrid sitting (`of_hybrid`). `joined` persons
    are never added to anybody's presence; `supplements` is the regular sitting it goes with, if any."""

    meeting: Id
    month: Month
    held_on: date
    joined: int
    supplements: Id | None = None
    of_hybrid: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthSitting:
    """The sitting that stands for a month: the one that fulfils it, else the best of those below the minimum.

    `held_on`: the local day of the opening. Times are the stated ones, `device_*` what the machines saw.
    `left_out`: entitled members not convoked. `disagreements`: evidence against the confirmed roll. Minutes whole.
    `results`: by when they were due, and when they were there.
    """

    meeting: Id
    mode: Mode
    opened_at: datetime
    closed_at: datetime
    device_opened_at: datetime | None
    device_closed_at: datetime | None
    hall_present: int
    hall_required: int
    minutes_held: int
    minimum_minutes: int
    rate: Rate
    held_on: date | None = None
    entered_late_on: date | None = None
    signed: bool = False
    results: Results | None = None
    left_out: int = 0
    disagreements: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CellMonth:
    """One cell in one month. `decisions` stand beside the state and count nothing."""

    month: Month
    state: MonthState
    sitting: MonthSitting | None = None
    decisions: tuple[Decision, ...] = ()
    restatements: tuple[Restatement, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CellQuarter:
    """One cell in one quarter. `name` is the cell's name at that time."""

    cell: Id
    name: str
    months: tuple[CellMonth, ...]
    theme: ThemeState
    theme_meeting: Id | None = None
    theme_held_on: date | None = None
    supplements: tuple[Supplement, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterReport:
    """What an auditor of `org` reads about a quarter, as known at `as_of`."""

    org: Id
    org_name: str
    quarter: Quarter
    as_of: datetime
    cells: tuple[CellQuarter, ...]


class Flaw(StrEnum):
    """What can be wrong with a report's own sums."""

    MONTHS_MISSING = "months_missing"
    STATES_DO_NOT_SUM = "states_do_not_sum"
    STATE_WITHOUT_SITTING = "state_without_sitting"
    BELOW_MINIMUM_COUNTED = "below_minimum_counted"
    SUPPLEMENT_AS_MEETING = "supplement_as_meeting"
    CELL_TWICE = "cell_twice"


def month_totals(report: QuarterReport) -> Mapping[Month, Mapping[MonthState, int]]:
    """Per month, how many cells stand in each of the five states. Supplements are not in it."""
    return {
        month: tally(one.state for cell in report.cells for one in cell.months if one.month == month)
        for month in report.quarter.months()
    }


def check_sums(report: QuarterReport) -> tuple[Flaw, ...]:
    """Every flaw of the report's sums; none in a report that may be shown."""
    found: list[Flaw] = []
    if len({cell.cell for cell in report.cells}) != len(report.cells):
        found.append(Flaw.CELL_TWICE)
    if any(sum(states.values()) != len(report.cells) for states in month_totals(report).values()):
        found.append(Flaw.STATES_DO_NOT_SUM)
    for cell in report.cells:
        found.extend(_cell_flaws(cell, report.quarter))
    return tuple(dict.fromkeys(found))


def _cell_flaws(cell: CellQuarter, quarter: Quarter) -> list[Flaw]:
    found: list[Flaw] = []
    if tuple(one.month for one in cell.months) != quarter.months():
        found.append(Flaw.MONTHS_MISSING)
    own = {one.meeting for one in cell.supplements if not one.of_hybrid}
    for one in cell.months:
        found.extend(_month_flaws(one))
        if one.sitting is not None and one.sitting.meeting in own:
            found.append(Flaw.SUPPLEMENT_AS_MEETING)
    return found


def _month_flaws(one: CellMonth) -> list[Flaw]:
    if one.state not in {MonthState.HELD, MonthState.HELD_BELOW_MINIMUM}:
        return []
    if one.sitting is None:
        return [Flaw.STATE_WITHOUT_SITTING]
    if one.sitting.mode is Mode.ONLINE:
        return [Flaw.SUPPLEMENT_AS_MEETING]
    enough = one.sitting.hall_present >= one.sitting.hall_required >= 1
    return [] if enough == (one.state is MonthState.HELD) else [Flaw.BELOW_MINIMUM_COUNTED]


def attendance(
    *, present_in_hall: frozenset[Id], on_roll: frozenset[Id], outside: frozenset[Id], away: frozenset[Id]
) -> Rate:
    """The rate of one sitting (domain.md 2.1, 6.2). `outside`: exempt, suspended, guests, in neither set;
    `away`: temporarily away, counted only if present. Those on the phone are not in `present_in_hall`."""
    counted = on_roll - outside - (away - present_in_hall)
    return Rate(present=present_in_hall & counted, counted=counted)


def meets(rate: Rate, standard: str) -> bool | None:
    """Whether the rate reaches a dated standard like ">85" or ">=90" (per cent); None where nobody counts.

    Integer arithmetic. Raises BadStandard.
    """
    strict = not standard.startswith(">=")
    figure = standard.removeprefix(">").removeprefix("=")
    if not (standard.startswith(">") and figure.isascii() and figure.isdigit() and int(figure) <= 100):
        raise BadStandard
    if rate.whole == 0:
        return None
    left, right = 100 * rate.part, int(figure) * rate.whole
    return left > right if strict else left >= right


def standard_text(standard: str) -> str:
    """A standard as people read it: "trên 85 %" for ">85", "từ 90 %" for ">=90"."""
    if standard.startswith(">="):
        return f"từ {standard.removeprefix('>=')} %"
    return f"trên {standard.removeprefix('>')} %"
