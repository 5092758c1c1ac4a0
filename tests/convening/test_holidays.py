"""The table of days off is data with sources, and the lunar days are Viet Nam's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.convening.holidays import FIRST_YEAR, LAST_YEAR, DayDecision, standing, vietnam
from meetings.kernel.ids import new_id

TABLE = vietnam()
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def decided(
    day: date, *, off: bool = True, name: str = "Nghỉ hoán đổi", org: str = "commune", hour: int = 8
) -> DayDecision:
    """What a committee entered that hour of one day of 2026."""
    return DayDecision(
        id=new_id(),
        org=org,
        org_name="Đảng ủy xã Mẫu",
        day=day,
        off=off,
        name=name,
        citation="Thông báo số 1 ngày 01/3/2026",
        at=datetime(2026, 3, 2, hour, tzinfo=UTC),
    )


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_its_days_each_with_a_source(year: int) -> None:
    mine = [one for one in TABLE if one.day.year == year]
    statutory = [one for one in mine if one.counts and not one.name.startswith("Nghỉ bù")]
    assert len(statutory) == 11  # Labour Code article 112
    assert all(one.citation and one.name for one in mine)
    for day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert TABLE.is_off(date(year, *day))


@pytest.mark.parametrize("year", YEARS)
def test_a_day_off_on_a_weekend_is_made_up_on_a_working_day(year: int) -> None:
    mine = [one for one in TABLE if one.day.year == year and one.counts]
    made_up = [one for one in mine if one.name.startswith("Nghỉ bù")]
    lost = [one for one in mine if one.day.weekday() >= 5]
    assert len(made_up) == len(lost)
    assert all(one.day.weekday() < 5 for one in made_up)


def test_tet_of_2030_is_a_day_before_the_chinese_one() -> None:
    new_year = date(2030, 2, 2)
    around = [new_year + timedelta(days=step) for step in range(-1, 4)]
    assert [TABLE.is_off(day) for day in around] == [True] * 5
    assert not TABLE.is_off(date(2030, 1, 31))
    first = TABLE.on(new_year)
    assert first is not None
    assert first.sure


def test_which_days_of_tet_is_a_guess_after_2026() -> None:
    eve = TABLE.on(date(2027, 2, 5))
    assert eve is not None
    assert not eve.sure
    settled = TABLE.on(date(2026, 2, 16))
    assert settled is not None
    assert settled.sure


def test_hung_kings_day_of_2026_falls_on_a_sunday_and_is_made_up() -> None:
    assert TABLE.is_off(date(2026, 4, 26))
    assert TABLE.is_off(date(2026, 4, 27))


def test_the_day_of_culture_counts_only_where_a_committee_says_so() -> None:
    day = date(2026, 11, 24)
    known = TABLE.on(day)
    assert known is not None
    assert (known.sure, known.counts) == (False, False)
    assert not TABLE.is_off(day)
    assert vietnam([decided(day, name="Ngày Văn hóa Việt Nam")]).is_off(day)


def test_a_year_can_swap_days() -> None:
    table = vietnam([decided(date(2026, 8, 31)), decided(date(2026, 9, 1), off=False)])
    assert table.is_off(date(2026, 8, 31))
    assert not table.is_off(date(2026, 9, 1))
    told = table.on(date(2026, 8, 31))
    assert told is not None
    assert (told.sure, told.citation) == (True, "Thông báo số 1 ngày 01/3/2026")


def test_a_saturday_of_work_is_free_and_no_other() -> None:
    table = vietnam([decided(date(2026, 8, 22), off=False)])
    assert table.is_free(date(2026, 8, 22))
    assert not table.is_free(date(2026, 8, 23))
    assert not vietnam().is_free(date(2026, 8, 22))


def test_the_nearest_committee_holds_and_of_its_entries_the_last() -> None:
    day, chain = date(2027, 2, 4), ["cell", "commune", "province"]
    far, near = decided(day, org="province", hour=9), decided(day, off=False, hour=1)
    again, foreign = decided(day, name="Nghỉ", hour=2), decided(day, org="elsewhere", hour=20)
    assert standing([near, far, foreign], chain) == [near]
    assert standing([far, again, near], chain) == [again]
    assert standing([far], chain) == [far]
    assert standing([foreign], chain) == []


def test_what_the_table_does_not_reach_it_says() -> None:
    assert TABLE.knows(2031)
    assert not TABLE.knows(2032)
    assert list(TABLE) == sorted(TABLE, key=lambda one: one.day)
