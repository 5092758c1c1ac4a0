"""The exact words of a result (rules.md 6.3) and what becomes of them when a number is zero."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees.rules import Category, Member
from meetings.voting.base import base_of
from meetings.voting.instruments import MORE_THAN_HALF, TWO_THIRDS, rule_on
from meetings.voting.rules import Base, DecisionKind, Tally, Threshold
from meetings.voting.sentences import Count, explain, explain_en, opinions, opinions_en, phone_line, share
from tests.cell_s import CONVOKED, ELDER, HALL, PHONES, ROSTER, ids, member

RULE = rule_on(DecisionKind.RESOLUTION, date(2025, 11, 24))
SOURCE = (
    "Căn cứ: Điều lệ Đảng ngày 19/01/2011, Điều 9; "
    "Quy định 294-QĐ/TW ngày 26/05/2025, điểm 9.3.2. Xem danh sách."
)


def count(base: Base, in_favour: int, against: int = 0, abstain: int = 0) -> Count:
    """Numbers that fit the base."""
    return Count(
        needed=base.size // 2 + 1,
        in_favour=in_favour,
        against=against,
        abstain=abstain,
        not_cast=len(base.present) - in_favour - against - abstain,
        absent=base.size - len(base.present),
        passed=2 * in_favour > base.size,
    )


def test_the_sentence_of_cell_s() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES, taking_part={ELDER})
    assert explain(base, RULE, count(base, 12, 1, 1)) == (
        "Số đảng viên làm căn cứ tính: 20, gồm 24 đảng viên chính thức được triệu tập, trừ 2 đồng chí đang "
        "sinh hoạt tạm thời nơi khác vắng mặt và 2 đồng chí được miễn sinh hoạt vắng mặt. 6 đồng chí vắng "
        "mặt khác (kể cả 3 đồng chí dự qua điện thoại) vẫn được tính. Cần ít nhất 11 tán thành (quá một "
        "nửa). Kết quả: tán thành 12, không tán thành 1, không có ý kiến 1, vắng mặt 6. "
        f"Nghị quyết được thông qua. {SOURCE}"
    )
    assert explain_en(base, RULE, count(base, 12, 1, 1)) == (
        "Vote base: 20, of 24 official members convoked, less 2 temporarily elsewhere (absent) and 2 exempt "
        "(absent). Other absent members still counted: 6 (3 of them by phone). At least 11 in favour are "
        "needed (more than 1/2). Result: in favour 12, against 1, abstaining 1, absent 6. "
        "The resolution is passed. Source: Điều lệ Đảng of 19/01/2011, Điều 9; "
        "Quy định 294-QĐ/TW of 26/05/2025, điểm 9.3.2."
    )


def test_three_kinds_are_taken_off() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES)
    text = explain(base, RULE, count(base, 12, 1))
    assert text.startswith(
        "Số đảng viên làm căn cứ tính: 19, gồm 24 đảng viên chính thức được triệu tập, trừ 2 đồng chí đang "
        "sinh hoạt tạm thời nơi khác vắng mặt, 2 đồng chí được miễn sinh hoạt vắng mặt và 1 đồng chí được "
        "miễn sinh hoạt có mặt nhưng không tham gia biểu quyết. 6 đồng chí vắng mặt khác"
    )


def roster(size: int) -> list[Member]:
    return [member(Category.OFFICIAL, number) for number in range(size)]


def test_with_everybody_there_nothing_is_taken_off() -> None:
    people = roster(5)
    base = base_of(people, convoked=[one.id for one in people], present=[one.id for one in people])
    assert explain(base, RULE, count(base, 5)) == (
        "Số đảng viên làm căn cứ tính: 5, gồm 5 đảng viên chính thức được triệu tập. Cần ít nhất 3 tán thành "
        f"(quá một nửa). Kết quả: tán thành 5. Nghị quyết được thông qua. {SOURCE}"
    )
    assert explain_en(base, RULE, count(base, 5)).startswith(
        "Vote base: 5, of 5 official members convoked. At least 3"
    )


@pytest.mark.parametrize(
    ("phones", "words"),
    [
        (0, " 2 đồng chí vắng mặt vẫn được tính."),
        (1, " 2 đồng chí vắng mặt (kể cả 1 đồng chí dự qua điện thoại) vẫn được tính."),
        (2, " 2 đồng chí vắng mặt (dự qua điện thoại) vẫn được tính."),
    ],
)
def test_the_absent_who_stay_in(phones: int, words: str) -> None:
    called = [one.id for one in roster(5)]
    base = base_of(roster(5), convoked=called, present=called[2:], by_phone=called[:phones])
    assert words in explain(base, RULE, count(base, 3))


def test_only_exempt_members_are_taken_off() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present={*HALL, *ids(Category.TEMPORARY_AWAY)})
    text = explain(base, RULE, count(base, 15))
    assert "nơi khác" not in text
    assert ", trừ 2 đồng chí được miễn sinh hoạt vắng mặt và 1 đồng chí" in text


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (MORE_THAN_HALF, "quá một nửa"),
        (TWO_THIRDS, "ít nhất hai phần ba"),
        (Threshold(numerator=3, denominator=4, strict=True), "quá 3/4"),
    ],
)
def test_a_share_in_words(threshold: Threshold, words: str) -> None:
    assert share(threshold) == words


def test_opinions_have_no_verdict() -> None:
    phone = Tally(in_favour=9, against=2, abstain=1)
    assert opinions(phone).endswith("Ý kiến: tán thành 9, không tán thành 2, không có ý kiến 1.")
    assert "thông qua" not in opinions(phone)
    assert "passed" not in opinions_en(phone)
    assert "không tính vào kết quả" in phone_line(phone)
