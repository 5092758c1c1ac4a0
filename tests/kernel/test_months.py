"""Months and quarters of a cell's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.months import BadMonth, BadQuarter, BadZone, Month, Quarter, zone_of

MONTHS = st.builds(Month, st.integers(2000, 2098), st.integers(1, 12))


def test_a_sitting_at_the_end_of_november_belongs_to_november() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert Month.of(late) == Month(2026, 11)
    assert Month.of(late + timedelta(minutes=30)) == Month(2026, 12)
    assert Month.of(late.astimezone(UTC), "Europe/Paris") == Month(2026, 11)


def test_a_cell_abroad_has_its_own_month() -> None:
    moment = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
    assert Month.of(moment) == Month(2026, 12)
    assert Month.of(moment, "Europe/Paris") == Month(2026, 11)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "1999-01", "2026/01", "", "2026-01\n", "२०२६-०१"]
)
def test_only_one_way_to_write_a_month(text: str) -> None:
    with pytest.raises(BadMonth):
        Month.parse(text)


@pytest.mark.parametrize("text", ["2026-Q0", "2026-Q5", "2026Q1", "2026-q1", "", "2026-Q1\n", "20२६-Q1"])
def test_only_one_way_to_write_a_quarter(text: str) -> None:
    with pytest.raises(BadQuarter):
        Quarter.parse(text)


@settings(max_examples=100, deadline=None)
@given(MONTHS)
def test_months_follow_each_other_and_come_back_from_text(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.of_day(month.next().first_day() - timedelta(days=1)) == month
    assert month < month.next()
    assert month in month.quarter.months()
    assert Quarter.parse(str(month.quarter)) == month.quarter


def test_the_fourth_quarter() -> None:
    assert [str(month) for month in Quarter(2026, 4).months()] == ["2026-10", "2026-11", "2026-12"]
    assert Month(2026, 11).spoken() == "11/2026"
    assert Month(2026, 11).first_day() == date(2026, 11, 1)


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "/etc/localtime"])
def test_unknown_zones_are_refused(name: str) -> None:
    with pytest.raises(BadZone):
        zone_of(name)
