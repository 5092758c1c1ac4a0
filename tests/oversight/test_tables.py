"""The report as rows of text."""

from __future__ import annotations

from meetings.convening.obligations import MonthState
from meetings.convening.rules import Mode
from meetings.oversight.rules import CellMonth
from meetings.oversight.tables import day_text, moment_text, quarter_text
from tests.oversight.reports import (
    MEETING,
    NOVEMBER,
    OCTOBER,
    OPENED,
    decision,
    facts_of,
    report,
    restatement,
    sitting,
)


def test_the_head_and_the_sums() -> None:
    text = quarter_text(facts_of(report()))
    assert (text.org, text.quarter, text.months) == (
        "Đảng bộ xã Thử",
        "quý 4/2026",
        ("10/2026", "11/2026", "12/2026"),
    )
    assert text.sums == ("1/1", "1/1", "1/1")
    assert [total.months for total in text.totals] == [(0, 1, 0), (0, 0, 0), (0, 0, 0), (1, 0, 0), (0, 0, 1)]


def test_a_held_month() -> None:
    november = quarter_text(facts_of(report())).cells[0].months[1]
    assert (november.word, november.day, november.rate) == ("đã họp", "24/11/2026", "15/22 = 68,18 %")
    assert november.meeting == MEETING
    assert november.lines == (
        "trực tiếp, có người dự qua điện thoại",
        "chính thức tại hội trường 14 (mức tối thiểu 11)",
        "95 phút",
        "biên bản chưa ký",
    )


def test_further_lines() -> None:
    held = CellMonth(
        month=NOVEMBER,
        state=MonthState.HELD,
        sitting=sitting(mode=Mode.IN_PERSON, entered_late_on=OPENED.date(), signed=True),
        decisions=(decision(lifts=False),),
        restatements=(restatement(),),
    )
    lines = quarter_text(facts_of(report(november=held))).cells[0].months[1].lines
    assert lines[0] == "trực tiếp"
    assert lines[3:] == (
        "nhập sau, ngày 24/11/2026",
        "biên bản đã ký",
        "Công văn số 45-CV/ĐU ngày 20/10/2026 (thí điểm trực tuyến, không tính)",
        "Đính chính 19:30 ngày 26/11/2026: giờ kết thúc: 21:05 → 21:00. Lý do: ghi nhầm",
    )


def test_a_month_without_a_sitting() -> None:
    cell = quarter_text(facts_of(report())).cells[0]
    assert (cell.months[0].meeting, cell.months[0].rate) == (None, "")
    assert len(cell.months[0].lines) == 1
    assert str(OCTOBER) == "2026-10"


def test_findings_name_the_cell() -> None:
    found = quarter_text(facts_of(report())).findings
    assert {one.name for one in found} == {"Chi bộ thôn Nà Mây"}
    assert any(one.meeting == MEETING for one in found)


def test_moments_are_those_of_viet_nam() -> None:
    assert moment_text(OPENED) == moment_text(OPENED.isoformat()) == "19:30 ngày 24/11/2026"
    assert day_text("2026-11-04") == "04/11/2026"
