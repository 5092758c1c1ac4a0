"""Who was present and entitled at a second, and how many the hall holds."""

from __future__ import annotations

from datetime import timedelta

from meetings.attendance.presence import (
    entitled_at,
    hall_present,
    in_hall,
    official_strength,
    present_at,
)
from meetings.attendance.rules import EvidenceKind
from meetings.committees.rules import Category
from tests.cell_s import (
    CONVOKED,
    ELDER,
    HALL,
    PHONES,
    ROSTER,
    at,
    attendance_of,
    ids,
    marked,
    member,
    november,
)


def test_present_at_a_second_tells_two_lists() -> None:
    attendance = attendance_of(november())
    before, during = present_at(attendance, at(-1)), present_at(attendance, at(50))
    assert (before.hall, before.online) == (frozenset(), frozenset())
    assert (during.hall, during.online) == (frozenset(HALL), frozenset(PHONES))
    assert present_at(attendance, at(95)).hall == frozenset()


def test_who_left_early_is_not_there_afterwards() -> None:
    gone = marked(EvidenceKind.LEFT_EARLY, HALL[0], 60, 99)
    attendance = attendance_of([*november(), gone])
    assert HALL[0] in present_at(attendance, at(60) - timedelta(seconds=1)).hall
    assert HALL[0] not in present_at(attendance, at(60)).hall
    assert HALL[0] in in_hall(attendance)


def test_entitled_are_official_members_in_the_hall() -> None:
    attendance = attendance_of(november())
    official = frozenset(ids(Category.OFFICIAL, 0, 13))
    assert entitled_at(attendance, ROSTER, at(50), convoked=CONVOKED) == official
    with_elder = entitled_at(attendance, ROSTER, at(50), convoked=CONVOKED, taking_part={ELDER})
    assert with_elder == official | {ELDER}
    assert entitled_at(attendance, ROSTER, at(50), convoked=()) == frozenset()


def test_official_strength_leaves_out_the_suspended() -> None:
    assert official_strength(ROSTER) == 24
    assert official_strength([member(Category.EXEMPT, official=False)]) == 0


def test_hall_present_counts_the_base_only() -> None:
    attendance = attendance_of(november())
    assert hall_present(attendance, {*ids(Category.OFFICIAL), ELDER}) == 14
