"""Pure calendar: a cell's series gives one date a month, never outside that month (domain.md 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from meetings.committees.rules import Span
from meetings.convening.holidays import Holiday, HolidayTable
from meetings.convening.obligations import last_day
from meetings.convening.rules import LEAST_MINUTES, Kind, MeetingPlan, Mode
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, Month, zone_of


class Rollover(StrEnum):
    """What becomes of a date on a weekend or holiday. NEXT_DAY moves on day by day past holidays but takes a
    weekend day, as Hậu Giang's 747-CV/TU of 2023 says; NEXT_WORKDAY passes weekends too."""

    NEXT_WORKDAY = "next_workday"
    NEXT_DAY = "next_day"
    NONE = "none"


class Caution(StrEnum):
    """What the secretary should look at before convening."""

    SHORT_MONTH = "short_month"  # the month has no such day; its last day was taken
    LEFT_MONTH = "left_month"  # rolling on would leave the month; an earlier day was taken
    ON_DAY_OFF = "on_day_off"  # the date is a weekend or holiday
    UNSURE_HOLIDAY = "unsure_holiday"  # a day off that no source settles played a part
    NO_TABLE = "no_table"  # holidays of that year are not known


class BadSeries(Invalid):
    """A day of the month outside 1 to 31, or a kind that is not a monthly in-person meeting."""

    code = "bad-series"
    message = "Lịch hằng tháng chưa đúng: ngày từ 1 đến 31, sinh hoạt thường kỳ tại hội trường."


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A cell's fixed day. `local_time` in the cell's zone, minutes whole, `span` the days it is valid for."""

    cell: Id
    day_of_month: int
    local_time: time
    place: str
    span: Span
    rollover: Rollover = Rollover.NEXT_WORKDAY
    kind: Kind = Kind.REGULAR
    mode: Mode = Mode.IN_PERSON
    planned_minutes: int = LEAST_MINUTES
    minimum_minutes: int = LEAST_MINUTES
    zone: str = DEFAULT_ZONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One date of a series: `wanted` by the series, `day` after rolling, `starts_at` aware UTC."""

    month: Month
    wanted: date
    day: date
    starts_at: datetime
    cautions: frozenset[Caution] = frozenset()


def check_series(series: Series) -> None:
    """Raises BadSeries, BadZone."""
    monthly = series.kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC} and series.mode is not Mode.ONLINE
    if not (1 <= series.day_of_month <= 31 and monthly and series.local_time.tzinfo is None):
        raise BadSeries
    zone_of(series.zone)


def plan_month(series: Series, month: Month, table: HolidayTable) -> Planned:
    """The series' date in that month, always inside it. Raises BadSeries."""
    check_series(series)
    cautions: set[Caution] = set()
    final = last_day(month)
    wanted = min(final, month.first_day() + timedelta(days=series.day_of_month - 1))
    if wanted.day != series.day_of_month:
        cautions.add(Caution.SHORT_MONTH)
    day = _rolled(wanted, series.rollover, table)
    if day > final:
        cautions.add(Caution.LEFT_MONTH)
        day = _earlier_workday(wanted, table)
    cautions |= look_at(wanted, day, table)
    return Planned(
        month=month, wanted=wanted, day=day, starts_at=_start(series, day), cautions=frozenset(cautions)
    )


def plan_months(series: Series, months: Iterable[Month], table: HolidayTable) -> tuple[Planned, ...]:
    """The dates of those months that lie in the series' validity. Raises BadSeries."""
    planned = (plan_month(series, month, table) for month in months)
    return tuple(one for one in planned if series.span.covers(one.day))


def meeting_plan(series: Series, planned: Planned) -> MeetingPlan:
    """What to draft for that date."""
    words = "thường kỳ và chuyên đề" if series.kind is Kind.REGULAR_WITH_THEMATIC else "thường kỳ"
    return MeetingPlan(
        cell=series.cell,
        kind=series.kind,
        mode=series.mode,
        title=f"Sinh hoạt chi bộ {words} tháng {planned.month.spoken()}",
        place=series.place,
        starts_at=planned.starts_at,
        planned_minutes=series.planned_minutes,
        minimum_minutes=series.minimum_minutes,
        zone=series.zone,
    )


def _start(series: Series, day: date) -> datetime:
    return datetime.combine(day, series.local_time, tzinfo=zone_of(series.zone)).astimezone(UTC)


def _rolled(wanted: date, rollover: Rollover, table: HolidayTable) -> date:
    day = wanted
    match rollover:
        case Rollover.NONE:
            return wanted
        case Rollover.NEXT_WORKDAY:
            while not table.is_free(day):
                day += timedelta(days=1)
            return day
        case Rollover.NEXT_DAY:
            if table.is_free(day):
                return day
            day += timedelta(days=1)
            while table.is_off(day):
                day += timedelta(days=1)
            return day
        case _:
            assert_never(rollover)


def _earlier_workday(wanted: date, table: HolidayTable) -> date:
    """The last working day before, in the month; the wanted day itself where the month has none."""
    day = wanted
    while not table.is_free(day) and day.day > 1:
        day -= timedelta(days=1)
    return day if table.is_free(day) else wanted


def look_at(wanted: date, day: date, table: HolidayTable) -> set[Caution]:
    """What to look at where a meeting wanted on one day is held on another, or on the very day."""
    found: set[Caution] = set()
    if not table.is_free(day):
        found.add(Caution.ON_DAY_OFF)
    if any(unsure_between(wanted, day, table)):
        found.add(Caution.UNSURE_HOLIDAY)
    if not table.knows(day.year):
        found.add(Caution.NO_TABLE)
    return found


def unsure_between(wanted: date, day: date, table: HolidayTable) -> Iterator[Holiday]:
    """Days off from the one to the other, both included, that no paper has settled."""
    first, final = min(wanted, day), max(wanted, day)
    passed = (table.on(first + timedelta(days=step)) for step in range((final - first).days + 1))
    return (one for one in passed if one is not None and not one.sure)
