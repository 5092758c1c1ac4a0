"""A report as plain facts: canonical, complete, with its sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.convening.obligations import MonthState, ThemeState
from meetings.kernel.canonical import canonical
from meetings.oversight.facts import supplement_text, theme_word
from meetings.oversight.rules import CellMonth
from meetings.oversight.shapes import QuarterView
from tests.oversight.reports import MEETING, NOVEMBER, OPENED, facts_of, report, restatement, sitting


def test_facts_are_canonical_json_and_fit_the_documented_shape() -> None:
    facts = facts_of(report())
    assert canonical(facts) == canonical(facts_of(report()))
    view = QuarterView.model_validate({**facts, "frozen": None, "since_frozen": []})
    assert [month.state for month in view.cells[0].months] == ["by_superior_decision", "held", "no_data_yet"]


def test_only_the_counted_stand_in_the_sets() -> None:
    rate = facts_of(report())["cells"][0]["months"][1]["sitting"]["rate"]
    assert (rate["text"], len(rate["present"]), len(rate["counted"])) == ("15/22 = 68,18 %", 15, 22)


def test_a_lifted_month_speaks_and_a_short_one_too() -> None:
    assert facts_of(report())["cells"][0]["months"][0]["text"].startswith("Tháng 10/2026: không tổ chức")
    short = CellMonth(month=NOVEMBER, state=MonthState.HELD_BELOW_MINIMUM, sitting=sitting(9))
    made = report(november=short)
    facts = facts_of(made, {(made.cells[0].cell, NOVEMBER): "Đã họp nhưng thiếu người."})
    assert facts["cells"][0]["months"][1]["text"] == "Đã họp nhưng thiếu người."


def test_what_was_entered_late_and_restated_is_said() -> None:
    held = CellMonth(
        month=NOVEMBER,
        state=MonthState.HELD,
        sitting=replace(sitting(), entered_late_on=OPENED.date()),
        restatements=(restatement(),),
    )
    november = facts_of(report(november=held))["cells"][0]["months"][1]
    assert november["sitting"]["entered_late_text"] == "nhập sau, ngày 24/11/2026"
    assert november["restatements"][0]["meeting"] == MEETING


@pytest.mark.parametrize("state", ThemeState)
def test_every_theme_has_a_word(state: ThemeState) -> None:
    assert theme_word(state)


def test_a_supplement_never_sounds_like_a_meeting() -> None:
    day = OPENED.date()
    assert supplement_text(day, 4, of_hybrid=True).startswith("Dự qua điện thoại (bổ trợ)")
    assert supplement_text(day, 12, of_hybrid=False).startswith("Buổi bổ trợ trực tuyến")
