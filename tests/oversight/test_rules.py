"""The auditor's quarter: five states that sum, supplements beside them, rates as two sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.convening.obligations import MonthState, ThemeState
from meetings.convening.rules import Mode
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month, Quarter
from meetings.oversight import rules
from meetings.oversight.rules import (
    CellMonth,
    CellQuarter,
    Flaw,
    MonthSitting,
    QuarterReport,
    Rate,
    Supplement,
)

QUARTER = Quarter(2026, 4)
NOVEMBER = Month(2026, 11)
START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def ids(prefix: str, count: int) -> frozenset[str]:
    return frozenset(f"{prefix}{number}" for number in range(count))


def rate(part: int, whole: int) -> Rate:
    return Rate(present=ids("m", part), counted=ids("m", whole))


def sitting(present: int = 14, mode: Mode = Mode.HYBRID) -> MonthSitting:
    return MonthSitting(
        meeting=new_id(),
        mode=mode,
        opened_at=START,
        closed_at=START + timedelta(minutes=95),
        device_opened_at=START,
        device_closed_at=START + timedelta(minutes=95),
        hall_present=present,
        hall_required=11,
        minutes_held=95,
        minimum_minutes=90,
        rate=rate(15, 22),
        signed=True,
    )


def cell_month(month: Month, state: MonthState) -> CellMonth:
    held = {MonthState.HELD: sitting(), MonthState.HELD_BELOW_MINIMUM: sitting(9)}
    return CellMonth(month=month, state=state, sitting=held.get(state))


def cell(*states: MonthState) -> CellQuarter:
    months = tuple(cell_month(month, state) for month, state in zip(QUARTER.months(), states, strict=True))
    return CellQuarter(cell=new_id(), name="Chi bộ thôn Mẫu", months=months, theme=ThemeState.HELD)


def report(*cells: CellQuarter) -> QuarterReport:
    return QuarterReport(
        org="commune",
        org_name="Đảng bộ xã Thí Dụ",
        quarter=QUARTER,
        as_of=START + timedelta(days=60),
        cells=cells,
    )


HELD = (MonthState.HELD,) * 3


def test_over_eighteen_cells_the_five_states_sum_to_eighteen_each_month() -> None:
    cells = [
        *(cell(*HELD) for _ in range(11)),
        *(cell(MonthState.HELD, MonthState.HELD_BELOW_MINIMUM, MonthState.NO_DATA_YET) for _ in range(3)),
        *(
            cell(MonthState.NOT_HELD, MonthState.BY_SUPERIOR_DECISION, MonthState.NO_DATA_YET)
            for _ in range(4)
        ),
    ]
    totals = rules.month_totals(report(*cells))
    assert [sum(states.values()) for states in totals.values()] == [18, 18, 18]
    assert totals[NOVEMBER][MonthState.HELD] == 11
    assert totals[NOVEMBER][MonthState.HELD_BELOW_MINIMUM] == 3
    assert totals[NOVEMBER][MonthState.BY_SUPERIOR_DECISION] == 4
    assert rules.check_sums(report(*cells)) == ()


def test_supplements_add_nothing_to_any_month() -> None:
    bare = cell(*HELD)
    online = Supplement(meeting=new_id(), month=NOVEMBER, held_on=date(2026, 11, 28), joined=12)
    hybrid = replace(online, of_hybrid=True, joined=4, meeting=new_id())
    with_supplements = replace(bare, supplements=(online, hybrid))
    assert rules.month_totals(report(with_supplements)) == rules.month_totals(report(bare))
    assert rules.check_sums(report(with_supplements)) == ()


def test_a_report_whose_sums_are_wrong_says_how() -> None:
    good = cell(*HELD)
    first, second, third = good.months
    assert second.sitting is not None
    own = Supplement(meeting=second.sitting.meeting, month=NOVEMBER, held_on=date(2026, 11, 24), joined=4)
    online = replace(second, sitting=replace(second.sitting, mode=Mode.ONLINE))
    few = replace(second, sitting=replace(second.sitting, hall_present=10))
    enough = replace(second, state=MonthState.HELD_BELOW_MINIMUM)
    expected = {
        Flaw.CELL_TWICE: report(good, good),
        Flaw.MONTHS_MISSING: report(replace(good, months=(first, second))),
        Flaw.STATES_DO_NOT_SUM: report(replace(good, months=(first, third))),
        Flaw.STATE_WITHOUT_SITTING: report(
            replace(good, months=(first, replace(second, sitting=None), third))
        ),
        Flaw.SUPPLEMENT_AS_MEETING: report(replace(good, months=(first, online, third))),
        Flaw.BELOW_MINIMUM_COUNTED: report(replace(good, months=(first, few, third))),
    }
    for flaw, wrong in expected.items():
        assert flaw in rules.check_sums(wrong)
    assert rules.check_sums(report(replace(good, supplements=(own,)))) == (Flaw.SUPPLEMENT_AS_MEETING,)
    assert rules.check_sums(report(replace(good, supplements=(replace(own, of_hybrid=True),)))) == ()
    assert rules.check_sums(report(replace(good, months=(first, enough, third)))) == (
        Flaw.BELOW_MINIMUM_COUNTED,
    )


def test_an_empty_subtree_sums_to_nothing() -> None:
    assert rules.check_sums(report()) == ()


# Cell S in its November hybrid (rules.md 7).
OFFICIAL, PROBATIONARY, ARRIVED = ids("o", 19), ids("p", 2), ids("a", 1)
AWAY, EXEMPT, SUSPENDED = ids("w", 2), ids("e", 3), ids("s", 1)
ROLL = OFFICIAL | PROBATIONARY | ARRIVED | AWAY | EXEMPT | SUSPENDED
HALL = ids("o", 13) | ids("p", 1) | ARRIVED | ids("e", 1)


def test_the_rate_of_cell_s() -> None:
    found = rules.attendance(present_in_hall=HALL, on_roll=ROLL, outside=EXEMPT | SUSPENDED, away=AWAY)
    assert (found.part, found.whole) == (15, 22)
    assert found.text() == "15/22 = 68,18 %"
    assert found.present.isdisjoint(EXEMPT)
    assert found.counted.isdisjoint(EXEMPT | AWAY | SUSPENDED)


def test_a_member_away_who_came_is_in_both_sets() -> None:
    came = frozenset({"w0"})
    found = rules.attendance(present_in_hall=HALL | came, on_roll=ROLL, outside=EXEMPT | SUSPENDED, away=AWAY)
    assert (found.part, found.whole) == (16, 23)


def test_a_guest_is_in_neither_set() -> None:
    guest = frozenset({"guest"})
    found = rules.attendance(
        present_in_hall=HALL | guest, on_roll=ROLL, outside=EXEMPT | SUSPENDED, away=AWAY
    )
    assert (found.part, found.whole) == (15, 22)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    hall=st.frozensets(st.integers(0, 40).map(str)),
    roll=st.frozensets(st.integers(0, 30).map(str)),
    outside=st.frozensets(st.integers(0, 40).map(str)),
    away=st.frozensets(st.integers(0, 40).map(str)),
)
def test_a_rate_never_passes_one_hundred(
    hall: frozenset[str], roll: frozenset[str], outside: frozenset[str], away: frozenset[str]
) -> None:
    found = rules.attendance(present_in_hall=hall, on_roll=roll, outside=outside, away=away)
    assert found.present <= found.counted <= roll
    assert 0 <= found.part <= found.whole


@pytest.mark.parametrize(
    ("part", "whole", "standard", "reached"),
    [
        (85, 100, ">85", False),
        (86, 100, ">85", True),
        (9, 10, ">=90", True),
        (89, 100, ">=90", False),
        (15, 22, ">=90", False),
        (0, 0, ">=90", None),
    ],
)
def test_standards_are_reached_exactly(part: int, whole: int, standard: str, reached: bool | None) -> None:
    assert rules.meets(rate(part, whole), standard) is reached


@pytest.mark.parametrize("standard", ["", "90", ">", ">=x", ">=101", "<90", ">=٩٠"])
def test_a_standard_must_be_readable(standard: str) -> None:
    with pytest.raises(rules.BadStandard):
        rules.meets(rate(1, 2), standard)


@pytest.mark.parametrize(("standard", "text"), [(">85", "trên 85 %"), (">=90", "từ 90 %")])
def test_a_standard_is_said_in_words(standard: str, text: str) -> None:
    assert rules.standard_text(standard) == text
