"""What an auditor is pointed to, without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.convening.obligations import MonthState, ThemeState
from meetings.convening.rules import Mode
from meetings.kernel.months import DEFAULT_ZONE, Month, Quarter
from meetings.minutes.results import Results, results_of
from meetings.oversight.findings import Finding, FindingKind, findings
from meetings.oversight.rules import CellMonth, CellQuarter, MonthSitting, QuarterReport, Rate, Restatement

QUARTER = Quarter(2026, 4)
START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
END = START + timedelta(minutes=95)
ALL = frozenset(f"m{number}" for number in range(10))
GOOD = MonthSitting(
    meeting="meeting",
    mode=Mode.IN_PERSON,
    opened_at=START,
    closed_at=END,
    device_opened_at=START,
    device_closed_at=END,
    hall_present=14,
    hall_required=11,
    minutes_held=95,
    minimum_minutes=90,
    rate=Rate(present=ALL, counted=ALL),
    signed=True,
)


def results(*, done: int) -> Results:
    """Due on the 26th, done so many days after the sitting."""
    return results_of(closed_at=END, zone=DEFAULT_ZONE, within=2, done_at=END + timedelta(days=done), now=END)


def found(month: CellMonth, theme: ThemeState = ThemeState.HELD) -> tuple[Finding, ...]:
    one = CellQuarter(cell="cell", name="Chi bộ thôn Mẫu", months=(month,), theme=theme)
    report = QuarterReport(org="o", org_name="Đảng bộ xã Thí Dụ", quarter=QUARTER, as_of=END, cells=(one,))
    return findings(report, standard=">=90")


def held(**changes: object) -> CellMonth:
    sitting = replace(GOOD, **changes)  # type: ignore[arg-type]  # each case its own field
    return CellMonth(month=Month(2026, 11), state=MonthState.HELD, sitting=sitting)


def test_a_good_month_finds_nothing() -> None:
    assert found(held()) == ()
    assert found(held(results=results(done=2))) == ()
    assert found(held(device_closed_at=END + timedelta(minutes=9))) == ()


@pytest.mark.parametrize(
    ("changes", "kind", "text"),
    [
        (
            {"minutes_held": 62},
            FindingKind.SHORT,
            "Tháng 11/2026: thời lượng 62 phút (mức quy định: 90 phút).",
        ),
        (
            {"entered_late_on": date(2026, 12, 1)},
            FindingKind.ENTERED_LATE,
            "Tháng 11/2026: nhập sau, ngày 01/12/2026.",
        ),
        (
            {"device_closed_at": END + timedelta(hours=10)},
            FindingKind.TIMES_DIFFER,
            "Tháng 11/2026: giờ ghi trong biên bản khác giờ máy ghi nhận.",
        ),
        ({"signed": False}, FindingKind.UNSIGNED, "Tháng 11/2026: biên bản chưa ký."),
        (
            {"results": results(done=5)},
            FindingKind.RESULTS_LATE,
            "Tháng 11/2026: kết quả hoàn thành ngày 29/11/2026, chậm 3 ngày (hạn: hết ngày 26/11/2026).",
        ),
        (
            {"left_out": 1},
            FindingKind.LEFT_OUT,
            "Tháng 11/2026: 1 đảng viên thuộc diện dự họp không được triệu tập.",
        ),
        (
            {"disagreements": 2},
            FindingKind.DISAGREEMENT,
            "Tháng 11/2026: 2 chỗ điểm danh khác với dữ liệu máy ghi nhận.",
        ),
        (
            {"rate": Rate(present=frozenset({"m0"}), counted=ALL)},
            FindingKind.LOW_ATTENDANCE,
            "Tháng 11/2026: tỷ lệ dự họp 1/10 = 10,00 %, chưa đạt mức từ 90 %.",
        ),
    ],
)
def test_one_thing_at_a_time(changes: dict[str, object], kind: FindingKind, text: str) -> None:
    (only,) = found(held(**changes))
    assert (only.kind, only.text, only.meeting, only.cell) == (kind, text, "meeting", "cell")


def test_paper_has_no_device_times_to_differ() -> None:
    assert found(held(device_opened_at=None, device_closed_at=None)) == ()


def test_a_month_not_held_below_minimum_or_restated() -> None:
    november = Month(2026, 11)
    (missed,) = found(CellMonth(month=november, state=MonthState.NOT_HELD))
    assert (missed.kind, missed.meeting) == (FindingKind.NOT_HELD, None)
    for quiet in (MonthState.NO_DATA_YET, MonthState.BY_SUPERIOR_DECISION):
        assert found(CellMonth(month=november, state=quiet)) == ()
    few = replace(held(hall_present=9), state=MonthState.HELD_BELOW_MINIMUM)
    assert [one.kind for one in found(few)] == [FindingKind.BELOW_MINIMUM]
    correction = Restatement(
        meeting="meeting",
        at=END,
        by="person",
        what="absence",
        before="unexcused",
        after="excused",
        reason="Ghi nhầm",
    )
    assert [one.kind for one in found(replace(held(), restatements=(correction,)))] == [FindingKind.RESTATED]


def test_a_quarter_without_theme() -> None:
    (only,) = found(held(), ThemeState.NOT_HELD)
    assert (only.kind, only.month) == (FindingKind.NO_THEME, None)
    assert found(held(), ThemeState.NO_DATA_YET) == ()
