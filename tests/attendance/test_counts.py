"""Story 2 of the design: the numbers of cell S."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.counts import CELLS, counts, rate
from meetings.attendance.fold import fold
from meetings.attendance.leave import LeaveRecord, absences, undecided
from meetings.attendance.presence import hall_present, official_strength
from meetings.committees.rules import Category
from meetings.convening.rules import Mode
from meetings.convening.states import hall_required
from meetings.voting.base import base_of
from tests.cell_s import (
    CLOSED,
    CONVOKED,
    ELDER,
    HALL,
    OPENED,
    PHONES,
    ROSTER,
    at,
    attendance_of,
    confirmed,
    ids,
    joined,
    leave,
    november,
    scanned,
)


def row(**cells: int) -> dict[str, int]:
    return {cell: cells.get(cell, 0) for cell in CELLS}


def test_story_2_rate_is_15_of_22() -> None:
    found = rate(ROSTER, attendance_of(november()), mode=Mode.HYBRID)
    assert (len(found.part), len(found.whole)) == (15, 22)
    assert found.text() == "15/22 = 68,18 %"
    assert ELDER not in found.whole
    assert not set(PHONES) & set(found.part)


def test_story_2_counts_show_the_two_lists_apart() -> None:
    attendance = attendance_of(november())
    found = absences(ROSTER, attendance, leave(), mode=Mode.HYBRID, convoked=CONVOKED)
    assert counts(ROSTER, attendance, found) == {
        Category.OFFICIAL: row(hall=13, online=3, excused=2, unexcused=1),
        Category.PROBATIONARY: row(hall=1, online=1),
        Category.TEMPORARY_ARRIVED: row(hall=1),
        Category.TEMPORARY_AWAY: row(),
        Category.EXEMPT: row(hall=1),
        Category.SUSPENDED: row(),
    }


def test_story_2_november_is_held_with_14_of_at_least_11() -> None:
    attendance = attendance_of(november())
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES, taking_part={ELDER})
    assert hall_present(attendance, base.members) == 14
    assert hall_required(base=base.size, official_strength=official_strength(ROSTER)) == 11


def test_a_member_sent_elsewhere_counts_when_in_the_hall() -> None:
    away = ids(Category.TEMPORARY_AWAY)[0]
    found = rate(ROSTER, attendance_of([*november(), scanned(away, 0)]), mode=Mode.HYBRID)
    assert (len(found.part), len(found.whole)) == (16, 23)
    phone = rate(ROSTER, attendance_of([*november(), joined(away, 0, "PA_9")]), mode=Mode.HYBRID)
    assert away not in phone.whole


def test_a_supplement_counts_connections() -> None:
    facts = [joined(who, 1, f"PA_{place}") for place, who in enumerate(HALL[:12])]
    attendance = fold(facts, opened_at=OPENED, closed_at=CLOSED, roster=ROSTER, now=CLOSED, mode=Mode.ONLINE)
    assert rate(ROSTER, attendance, mode=Mode.ONLINE).text() == "12/22 = 54,55 %"
    found = absences(ROSTER, attendance, LeaveRecord(), mode=Mode.ONLINE, convoked=CONVOKED)
    table = counts(ROSTER, attendance, found)
    assert table[Category.OFFICIAL] == row(online=12)  # nobody owes a supplement, so nobody owes a reason
    assert undecided(found) == ()


def test_nobody_to_expect_gives_no_rate() -> None:
    assert rate([], {}, mode=Mode.HYBRID).text() == "0/0 = –"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    hall=st.sets(st.sampled_from([one.id for one in ROSTER])),
    phones=st.sets(st.sampled_from([one.id for one in ROSTER])),
    convoked=st.sets(st.sampled_from([one.id for one in ROSTER])),
)
def test_nobody_is_counted_twice_and_no_rate_passes_one(
    hall: set[str], phones: set[str], convoked: set[str]
) -> None:
    facts = [scanned(who, 0) for who in sorted(hall)] + [confirmed(1, 1)]
    facts += [replace(joined(who, 2, who), since=at(2)) for who in sorted(phones)]
    attendance = attendance_of(facts)
    found = absences(ROSTER, attendance, leave(), mode=Mode.HYBRID, convoked=convoked)
    table = counts(ROSTER, attendance, found)
    for category in Category:
        assert sum(table[category].values()) <= len(ids(category))
    rated = rate(ROSTER, attendance, mode=Mode.HYBRID)
    assert set(rated.part) <= set(rated.whole)
    assert not set(rated.part) & (phones - hall)
