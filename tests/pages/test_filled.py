"""What people type for days, hours and numbers, and what is said when it does not fit."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.notices.rules import Channel
from meetings.pages.filled import (
    FILL_IN,
    NO_DATE,
    NO_NUMBER,
    NO_SUCH_DAY,
    NO_TIME,
    NONE_IS_ZERO,
    TOO_LONG,
    Filled,
    Unfit,
)

EVENING = datetime(2026, 11, 24, 19, 30, tzinfo=zone_of(DEFAULT_ZONE))


@pytest.mark.parametrize("day", ["24/11/2026", " 24-11-2026", "24.11.2026 ", "2026-11-24", "24 / 11 / 2026"])
@pytest.mark.parametrize("clock", ["19:30", "19h30", "19H30", "19.30", "19g30"])
def test_days_and_hours_as_people_write_them(day: str, clock: str) -> None:
    filled = Filled({"day": day, "time": clock})
    assert filled.moment("day", "time", DEFAULT_ZONE) == EVENING
    filled.check()


@pytest.mark.parametrize("day", ["", "24/11/26", "hôm nay"])
@pytest.mark.parametrize("clock", ["", "24:00", "19:60", "tối", "19:3"])
def test_other_days_and_hours_are_refused_each_at_its_field(day: str, clock: str) -> None:
    filled = Filled({"day": day, "time": clock})
    filled.moment("day", "time", DEFAULT_ZONE)
    assert {name: text for name, (text, _) in filled.problems.items()} == {"day": NO_DATE, "time": NO_TIME}
    with pytest.raises(Unfit):
        filled.check()


@pytest.mark.parametrize("day", ["31/2/2026", "31-11-2026", "24/13/2026", "24/11/0001"])
def test_a_day_that_no_calendar_has_is_called_so(day: str) -> None:
    filled = Filled({"day": day})
    filled.day("day")
    assert filled.problems == {"day": (NO_SUCH_DAY, {})}


def test_nobody_is_written_as_nought() -> None:
    filled = Filled({"against": " ", "minutes": ""})
    assert (filled.count("against", 1000), filled.number("minutes", 1, 60)) == (0, 1)
    assert filled.problems == {
        "against": (NONE_IS_ZERO, {}),
        "minutes": (NO_NUMBER, {"least": 1, "most": 60}),
    }


@pytest.mark.parametrize("text", ["-1", "1001", "1,5", "mười", "٣", "1e3"])
def test_numbers_out_of_bounds(text: str) -> None:
    filled = Filled({"heads": text})
    filled.number("heads", 0, 1000)
    assert filled.problems == {"heads": (NO_NUMBER, {"least": 0, "most": 1000})}


def test_an_empty_number_may_mean_something() -> None:
    assert Filled({"heads": " "}).number("heads", 0, 1000, default=-1) == -1


def test_words() -> None:
    filled = Filled(
        {"place": "  Nhà   văn hóa ", "why": " ", "long": "x" * 201, "how": "letter", "other": "x"}
    )
    assert filled.line("place") == "Nhà văn hóa"
    assert (filled.line("why"), filled.line("long")) == ("", "")
    assert filled.chosen("how", Channel, Channel.APP) is Channel.LETTER
    assert filled.among("nobody", ["a"], empty=True) == ""
    assert filled.problems == {"why": (FILL_IN, {}), "long": (TOO_LONG, {})}
    filled.among("other", ["a"])
    assert "other" in filled.problems


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["day", "time", "n", "line", "long"]), st.text(max_size=30)))
def test_nothing_typed_breaks_a_form_or_is_lost(typed: dict[str, str]) -> None:
    filled = Filled(typed, n="1")
    filled.moment("day", "time", DEFAULT_ZONE)
    filled.number("n", 1, 60)
    filled.line("line")
    filled.long("long")
    assert {name: filled.get(name) for name in typed} == typed
