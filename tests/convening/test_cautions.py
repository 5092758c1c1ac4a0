"""What the secretary should look at, in words."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.convening.calendar import Caution
from meetings.convening.cautions import told
from meetings.convening.holidays import vietnam

TABLE = vietnam()
SAID = [
    (Caution.SHORT_MONTH, date(2026, 6, 30), "lấy ngày cuối tháng: 30/6/2026"),
    (Caution.LEFT_MONTH, date(2026, 10, 30), "lấy ngày làm việc trước đó: 30/10/2026"),
    (Caution.ON_DAY_OFF, date(2026, 8, 1), "Ngày 01/8/2026 là cuối tuần."),
    (Caution.ON_DAY_OFF, date(2026, 4, 30), "Ngày 30/4/2026 là ngày nghỉ: Ngày Chiến thắng."),
    (Caution.UNSURE_HOLIDAY, date(2026, 11, 24), "Ngày 24/11/2026 (Ngày Văn hóa Việt Nam)"),
    (Caution.NO_TABLE, date(2033, 2, 2), "lịch nghỉ của năm 2033"),
]


@pytest.mark.parametrize(("caution", "day", "said"), SAID)
def test_each_caution_has_its_sentence(caution: Caution, day: date, said: str) -> None:
    [one] = told({caution}, day, day, TABLE)
    assert one.caution is caution
    assert said in one.text.replace("/06/", "/6/").replace("/08/", "/8/").replace("/04/", "/4/")


def test_an_unsure_day_that_was_passed_over_is_named() -> None:
    [one] = told({Caution.UNSURE_HOLIDAY}, date(2027, 9, 2), date(2027, 9, 6), TABLE)
    assert "Nghỉ liền Quốc khánh" in one.text


def test_nothing_to_look_at_says_nothing() -> None:
    assert told(set(), date(2026, 11, 3), date(2026, 11, 3), TABLE) == ()
