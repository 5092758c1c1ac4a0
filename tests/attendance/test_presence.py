"""Who was present and entitled at a second, and the minimum in the hall."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.presence import (
    DEFAULT_MINIMUM,
    HallMinimum,
    below_minimum_text,
    entitled_at,
    hall_present,
    hall_required,
    in_hall,
    minimum_on,
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


@pytest.mark.parametrize(
    ("base", "strength", "required"),
    [
        (20, 24, 11),
        (19, 24, 10),
        (21, 24, 11),
        (4, 4, 3),
        (3, 3, 3),
        (1, 5, 3),
        (2, 2, 2),
        (1, 1, 1),
        (0, 0, 1),
    ],
)
def test_the_minimum_is_more_than_half_and_three_where_there_are_three(
    base: int, strength: int, required: int
) -> None:
    assert hall_required(base, strength) == required


@settings(max_examples=100, deadline=None, derandomize=True)
@given(base=st.integers(0, 250), more=st.integers(0, 50))
def test_the_default_minimum_is_always_more_than_half(base: int, more: int) -> None:
    required = hall_required(base, base + more)
    assert 2 * required > base
    assert required >= max(1, min(3, base + more))


def test_a_committee_may_set_another_share_from_a_day() -> None:
    strict = HallMinimum(
        effective_from=date(2026, 12, 1),
        numerator=2,
        denominator=3,
        set_by="Đảng ủy xã Thử Nghiệm",
        source="số 1",
    )
    assert minimum_on(date(2026, 11, 30), [strict]) is DEFAULT_MINIMUM
    assert hall_required(20, 24, minimum_on(date(2026, 12, 1), [strict])) == 14


def test_hall_present_counts_the_base_only() -> None:
    attendance = attendance_of(november())
    assert hall_present(attendance, {*ids(Category.OFFICIAL), ELDER}) == 14


def test_the_notice_below_the_minimum() -> None:
    set_by = HallMinimum(effective_from=date.min, set_by="Đảng ủy xã Thử Nghiệm")
    text = below_minimum_text(
        held_on=date(2026, 11, 24), present=9, required=11, policy=set_by, month_still_runs=True
    )
    assert text == (
        "Đã họp trực tiếp ngày 24/11/2026, nhưng số đảng viên chính thức tại hội trường (9) thấp hơn mức tối "
        "thiểu (11). Buổi họp được lưu đầy đủ; tháng 11 chưa được tính là hoàn thành sinh hoạt thường kỳ. "
        "Mức này do Đảng ủy xã Thử Nghiệm quy định. Đồng chí có thể triệu tập lại trong tháng."
    )
    default = below_minimum_text(
        held_on=date(2026, 11, 24), present=9, required=11, policy=DEFAULT_MINIMUM, month_still_runs=False
    )
    assert default.endswith("sinh hoạt thường kỳ. Mức này là mặc định của phần mềm.")
