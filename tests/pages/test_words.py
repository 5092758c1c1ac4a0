"""Dates, times and standings in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from meetings.attendance.rules import Reason
from meetings.committees.rules import Category
from meetings.convening.rules import AnySitting, Kind, MeetingPlan, Mode, State, draft
from meetings.convening.titles import KINDS
from meetings.kernel.ids import new_id
from meetings.kernel.months import Quarter
from meetings.pages.words import COUNTS_FOR, STATES, Words, is_practice, is_supplement

STARTS = datetime.fromisoformat("2026-11-24T19:30:00+07:00")


def sitting(kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, starts: datetime = STARTS) -> AnySitting:
    """A draft."""
    plan = MeetingPlan(
        cell="cell",
        kind=kind,
        mode=mode,
        title="Buổi họp mẫu",
        place="Nhà văn hóa thôn Mẫu",
        starts_at=starts,
    )
    return draft(plan, sitting=new_id())


def words(language: str = "vi") -> Words:
    return Words(make_mocked_request("GET", f"/?lang={language}"))


def test_days_are_written_out() -> None:
    assert words().day(sitting()) == "thứ Ba ngày 24 tháng 11"
    assert words("en").day(sitting()) == "Tuesday 24 November"
    assert words().leaf(sitting()) == ("Thứ Ba", 24, "tháng 11")
    assert words("en").leaf(sitting()) == ("Tue", 24, "November")
    assert words().time(STARTS, sitting()) == "19:30"


def test_a_day_is_that_of_the_cell() -> None:
    early = sitting(starts=datetime.fromisoformat("2026-11-24T00:30:00+07:00"))
    assert words().day(early) == "thứ Ba ngày 24 tháng 11"


@pytest.mark.parametrize(("before", "said"), [(0, "hôm nay"), (1, "ngày mai"), (2, ""), (-1, "")])
def test_near_days_have_names(before: int, said: str) -> None:
    assert words().near(sitting(), STARTS - timedelta(days=before)) == said


def test_a_supplement_is_never_called_by_its_kind() -> None:
    online = sitting(Kind.THEMATIC, Mode.ONLINE)
    assert is_supplement(online)
    assert words().standing(online) == "Buổi bổ trợ trực tuyến"
    assert words().standing(sitting(Kind.THEMATIC)) == "Sinh hoạt chuyên đề"
    assert words().standing(sitting()) == "Sinh hoạt thường kỳ"
    assert is_practice(sitting(Kind.PRACTICE))


def test_everything_that_can_be_said_has_words() -> None:
    assert (set(COUNTS_FOR), set(KINDS), set(STATES)) == (set(Category), set(Kind), set(State))
    assert [words().reason(reason)[0] for reason in Reason] == ["Ố", "C", "Đ", "V", "K"]
    assert words().quarter(Quarter(2026, 4)) == "Quý IV/2026"
    assert words("en").quarter(Quarter(2026, 4)) == "Q4 2026"
