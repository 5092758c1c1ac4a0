"""Two days, counted from the day after the sitting, in the cell's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.committees.policies import Certainty, PolicyKey, default_of, whole
from meetings.convening.rules import State
from meetings.minutes.results import Results, Stage, reminder_text, results_of, results_text, stage_of

ZONE = "Asia/Ho_Chi_Minh"
HERE = ZoneInfo(ZONE)
CLOSED = datetime(2026, 11, 24, 21, 5, tzinfo=HERE)
LAST = date(2026, 11, 26)


def at(now: datetime, done: datetime | None = None) -> Results:
    return results_of(closed_at=CLOSED.astimezone(UTC), zone=ZONE, within=2, done_at=done, now=now)


def day(number: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, minute, tzinfo=HERE)


def test_the_figure_is_dated_with_its_instrument() -> None:
    figure = default_of(PolicyKey.RESULTS_DEADLINE, LAST)
    assert (whole(figure), figure.citation) == (2, "Hướng dẫn số 42-HD/BTCTW ngày 28/10/2025")
    assert figure.certainty is Certainty.SECOND_HAND


@pytest.mark.parametrize(
    ("now", "late"), [(day(25), 0), (day(26, 23, 59), 0), (day(27, 0), 1), (day(29, 8), 3)]
)
def test_the_last_day_is_whole(now: datetime, late: int) -> None:
    found = at(now)
    assert (found.last_day, found.late, found.done_on) == (LAST, late, None)


def test_what_is_done_does_not_get_later() -> None:
    found = at(day(30), done=day(28, 7))
    assert (found.done_on, found.late) == (date(2026, 11, 28), 2)
    assert at(day(30), done=day(26, 23, 59)).late == 0


def test_a_sitting_after_midnight_belongs_to_the_day_on_which_it_closed() -> None:
    closed = datetime(2026, 12, 1, 0, 30, tzinfo=HERE)
    found = results_of(closed_at=closed, zone=ZONE, within=2, done_at=None, now=closed)
    assert found.last_day == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (day(24, 22), None),
        (day(25, 23, 59), None),
        (day(26, 0), Stage.SOON),
        (day(26, 23, 59), Stage.SOON),
        (day(27, 0), Stage.LATE),
        (day(30), Stage.LATE),
    ],
)
def test_stages(now: datetime, stage: Stage | None) -> None:
    assert stage_of(at(now), ZONE, now) is stage
    assert stage_of(at(now, done=CLOSED + timedelta(hours=1)), ZONE, now) is None


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (at(day(25)), "kết quả chưa hoàn thành (hạn: hết ngày 26/11/2026)"),
        (at(day(28)), "kết quả chưa hoàn thành, đã quá hạn 2 ngày (hạn: hết ngày 26/11/2026)"),
        (at(day(28), day(25)), "kết quả hoàn thành ngày 25/11/2026, đúng hạn (hạn: hết ngày 26/11/2026)"),
        (at(day(29), day(28)), "kết quả hoàn thành ngày 28/11/2026, chậm 2 ngày (hạn: hết ngày 26/11/2026)"),
    ],
)
def test_words_for_those_above(found: Results, text: str) -> None:
    assert results_text(found) == text


def test_reminders_say_what_to_do() -> None:
    soon = reminder_text(at(day(26)), Stage.SOON, State.CLOSED, "Sinh hoạt chi bộ")
    assert soon.startswith("Sinh hoạt chi bộ: xin đọc lại và chốt biên bản trong hôm nay.")
    late = reminder_text(at(day(28)), Stage.LATE, State.MINUTED, "Sinh hoạt chi bộ")
    assert "quá hạn ngày 26/11/2026. Xin ký biên bản" in late
