"""What came after a quarter was frozen."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from meetings.convening.obligations import MonthState
from meetings.oversight.rules import CellMonth
from meetings.oversight.since import since_frozen
from tests.oversight.reports import DECEMBER, NOVEMBER, facts_of, report, restatement, sitting


def test_the_same_report_differs_in_nothing() -> None:
    assert since_frozen(facts_of(report()), facts_of(report())) == ()


def test_a_month_that_came_later_is_named_line_by_line() -> None:
    empty = CellMonth(month=NOVEMBER, state=MonthState.NO_DATA_YET)
    found = since_frozen(facts_of(report(november=empty)), facts_of(report()))
    assert {one.month for one in found} == {str(NOVEMBER)}
    told = {one.what: (one.before, one.after) for one in found}
    assert told["trạng thái"] == ("chưa có số liệu", "đã họp")
    assert told["buổi họp"] == ("–", "24/11/2026")
    assert told["tỷ lệ dự họp"] == ("–", "15/22 = 68,18 %")


def test_restatements_and_signatures_are_named() -> None:
    after = CellMonth(
        month=NOVEMBER,
        state=MonthState.HELD,
        sitting=replace(sitting(), signed=True),
        restatements=(restatement(),),
    )
    found = since_frozen(facts_of(report()), facts_of(report(november=after)))
    assert [(one.what, one.before, one.after) for one in found] == [
        ("số lần đính chính", "0", "1"),
        ("biên bản", "chưa ký", "đã ký"),
    ]


def test_a_cell_that_came_or_went_is_named() -> None:
    frozen = facts_of(report())
    live = deepcopy(frozen)
    live["cells"] = []
    gone = since_frozen(frozen, live)
    assert all(one.after == "–" for one in gone)
    assert {one.month for one in gone} >= {None, str(DECEMBER)}
    assert [one.before for one in since_frozen(live, frozen)] == ["–"] * len(gone)
