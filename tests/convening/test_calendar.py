"""A series gives one date a month, inside that month, around weekends and days off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.rules import Span
from meetings.convening.calendar import (
    BadSeries,
    Caution,
    Rollover,
    Series,
    meeting_plan,
    plan_month,
    plan_months,
)
from meetings.convening.holidays import vietnam
from meetings.convening.rules import Kind, Mode
from meetings.kernel.ids import new_id
from meetings.kernel.months import BadZone, Month
from tests.convening.test_holidays import decided

TABLE = vietnam()


def series(day: int = 3, rollover: Rollover = Rollover.NEXT_WORKDAY, **other: object) -> Series:
    facts = {
        "local_time": time(19, 30),
        "place": "Nhà văn hóa",
        "span": Span(since=date(2026, 1, 1)),
        **other,
    }
    return Series(cell=new_id(), day_of_month=day, rollover=rollover, **facts)  # type: ignore[arg-type]  # test shorthand


WORKDAY, NEXT, STAY = Rollover.NEXT_WORKDAY, Rollover.NEXT_DAY, Rollover.NONE


@pytest.mark.parametrize(
    ("day", "rollover", "month", "expected"),
    [
        (3, WORKDAY, "2026-11", date(2026, 11, 3)),  # a Tuesday
        (1, WORKDAY, "2026-08", date(2026, 8, 3)),  # Saturday to Monday
        (1, NEXT, "2026-08", date(2026, 8, 2)),  # Saturday to Sunday
        (1, STAY, "2026-08", date(2026, 8, 1)),
        (17, WORKDAY, "2026-02", date(2026, 2, 23)),  # Tết, then a weekend
        (17, NEXT, "2026-02", date(2026, 2, 21)),  # past Tết, a Saturday
        (3, WORKDAY, "2027-02", date(2027, 2, 3)),  # three days before Tết
        (3, WORKDAY, "2030-02", date(2030, 2, 8)),  # Tết of 2030, made-up days included
        (1, WORKDAY, "2026-01", date(2026, 1, 2)),
        (30, WORKDAY, "2026-04", date(2026, 4, 29)),  # 30/4 and 1/5: back inside April
        (31, WORKDAY, "2026-10", date(2026, 10, 30)),  # Saturday, Sunday is in November
        (31, NEXT, "2026-10", date(2026, 10, 30)),
        (31, WORKDAY, "2026-06", date(2026, 6, 30)),  # June has thirty days
        (29, WORKDAY, "2027-02", date(2027, 2, 26)),  # 28/2 is a Sunday
        (29, STAY, "2028-02", date(2028, 2, 29)),
        (24, WORKDAY, "2026-11", date(2026, 11, 24)),  # the day of culture does not count by itself
    ],
)
def test_dates_of_a_series(day: int, rollover: Rollover, month: str, expected: date) -> None:
    planned = plan_month(series(day, rollover), Month.parse(month), TABLE)
    assert planned.day == expected
    assert Month.of_day(planned.day) == planned.month


def test_the_day_of_culture_counts_once_a_committee_says_so() -> None:
    planned = plan_month(series(24), Month(2026, 11), vietnam([decided(date(2026, 11, 24))]))
    assert (planned.day, planned.cautions) == (date(2026, 11, 25), frozenset())


def test_a_saturday_of_work_takes_the_meeting() -> None:
    saturday = date(2026, 11, 28)
    assert plan_month(series(28), Month(2026, 11), TABLE).day == date(2026, 11, 30)
    table = vietnam([decided(saturday, off=False)])
    planned = plan_month(series(28), Month(2026, 11), table)
    assert (planned.day, planned.cautions) == (saturday, frozenset())


@pytest.mark.parametrize(
    ("day", "rollover", "month", "cautions"),
    [
        (3, WORKDAY, "2026-11", set()),
        (31, WORKDAY, "2026-10", {Caution.LEFT_MONTH}),
        (31, WORKDAY, "2026-06", {Caution.SHORT_MONTH}),
        (1, STAY, "2026-08", {Caution.ON_DAY_OFF}),
        (24, WORKDAY, "2026-11", {Caution.UNSURE_HOLIDAY}),
        (2, WORKDAY, "2030-02", {Caution.UNSURE_HOLIDAY}),
        (2, WORKDAY, "2033-02", {Caution.NO_TABLE}),
    ],
)
def test_what_the_secretary_should_look_at(
    day: int, rollover: Rollover, month: str, cautions: set[Caution]
) -> None:
    assert plan_month(series(day, rollover), Month.parse(month), TABLE).cautions == cautions


def test_the_hour_is_local_to_the_cell() -> None:
    assert plan_month(series(), Month(2026, 11), TABLE).starts_at == datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
    abroad = plan_month(series(zone="Europe/Paris"), Month(2026, 7), TABLE)
    assert abroad.starts_at == datetime(2026, 7, 3, 17, 30, tzinfo=UTC)  # summer time


def test_only_months_in_the_series_validity() -> None:
    short = series(span=Span(since=date(2026, 3, 1), until=date(2026, 5, 31)))
    months = [Month(2026, number) for number in range(1, 13)]
    assert [str(one.month) for one in plan_months(short, months, TABLE)] == ["2026-03", "2026-04", "2026-05"]


def test_a_date_becomes_a_plan() -> None:
    combined = series(
        kind=Kind.REGULAR_WITH_THEMATIC, mode=Mode.HYBRID, planned_minutes=120, minimum_minutes=120
    )
    plan = meeting_plan(combined, plan_month(combined, Month(2026, 11), TABLE))
    assert plan.title == "Sinh hoạt chi bộ thường kỳ và chuyên đề tháng 11/2026"
    assert (plan.kind, plan.mode, plan.planned_minutes) == (Kind.REGULAR_WITH_THEMATIC, Mode.HYBRID, 120)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": 0},
        {"day": 32},
        {"kind": Kind.ONLINE_SESSION, "mode": Mode.ONLINE},
        {"mode": Mode.ONLINE},
        {"kind": Kind.THEMATIC},
        {"local_time": time(19, 30, tzinfo=UTC)},
    ],
)
def test_impossible_series_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadSeries):
        plan_month(series(**wrong), Month(2026, 11), TABLE)  # type: ignore[arg-type]  # each case its own field


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadZone):
        plan_month(series(zone="Asia/Nowhere"), Month(2026, 11), TABLE)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    day=st.integers(1, 31),
    rollover=st.sampled_from(Rollover),
    month=st.builds(Month, st.integers(2026, 2033), st.integers(1, 12)),
)
def test_no_series_ever_leaves_its_month(day: int, rollover: Rollover, month: Month) -> None:
    planned = plan_month(series(day, rollover), month, TABLE)
    assert Month.of_day(planned.day) == month
    assert Month.of(planned.starts_at) == month
    if rollover is Rollover.NEXT_WORKDAY:
        assert planned.day.weekday() < 5
        assert not TABLE.is_off(planned.day)
