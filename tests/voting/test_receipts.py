"""Receipts: exact words, and three harmless ones."""

from __future__ import annotations

import unicodedata
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.receipts import (
    WORDS,
    hall_receipt,
    late_text,
    phone_receipt,
    supplement_receipt,
    waiting_text,
    words_of,
)
from meetings.voting.rules import Choice
from tests.cell_s import at

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

# Syllables that make, alone or with a neighbour, an unlucky, coarse or political phrase.
_SHUNNED = frozenset(
    (
        *("ma", "mộ", "tang", "chết", "thác", "táng", "quan", "hương", "nến", "khói", "máu"),
        *("dao", "súng", "gươm", "bão", "lũ", "sét", "gió", "mưa", "mây", "hoa", "bướm"),
        *("chim", "bưởi", "cờ", "đỏ", "vàng", "sao", "búa", "liềm", "dân", "nước", "đất"),
        *("đảng", "bác", "hồ", "minh", "chí", "ngô", "lê", "biển", "đảo", "trời", "quốc"),
        *("ghế", "bí", "phiếu", "mật", "tổ", "đồng", "lạc", "bãi", "lưới", "gạo", "tiền"),
        *("chó", "bò", "lợn", "chăn", "gối", "khăn", "kèn", "trống", "chiếu", "quýt", "cam"),
        *("sắn", "cỏn", "khoai"),
    )
)


def test_the_list_is_long_enough_composed_and_without_repetition() -> None:
    assert 64 <= len(WORDS) <= 128
    assert len(set(WORDS)) == len(WORDS)
    assert all(unicodedata.is_normalized("NFC", word) and word == word.lower() for word in WORDS)


def test_no_shunned_syllable_is_in_the_list() -> None:
    syllables = {syllable for word in WORDS for syllable in word.split()}
    assert not syllables & _SHUNNED


def test_the_example_of_the_design_is_in_the_list() -> None:
    assert {"suối", "lúa", "trăng"} <= set(WORDS)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.uuids(), st.integers(1, 50))
def test_three_different_words_always_the_same(ballot: object, version: int) -> None:
    words = words_of(str(ballot), version)
    assert len(set(words)) == 3
    assert set(words) <= set(WORDS)
    assert words_of(str(ballot), version) == words


def test_versions_and_ballots_spread_over_the_list() -> None:
    seen = {words_of("a", version) for version in range(500)}
    assert len(seen) > 490
    assert {word for words in seen for word in words} == set(WORDS)


def test_the_exact_texts() -> None:
    words = ("suối", "lúa", "trăng")
    hall = hall_receipt(at=at(22), choice=Choice.FOR, until=at(28), words=words, zone=ZONE)
    assert hall == (
        "Đã ghi nhận lúc 19:52: TÁN THÀNH. Đồng chí được đổi ý kiến đến 19:58. "
        "Mã đối chiếu: suối · lúa · trăng."
    )
    assert phone_receipt(at=at(22), choice=Choice.AGAINST, zone=ZONE) == (
        "Đã ghi nhận ý kiến lúc 19:52: KHÔNG TÁN THÀNH. Ý kiến này được ghi riêng, không tính vào kết quả "
        "biểu quyết tại hội trường."
    )
    assert supplement_receipt(at=at(22), choice=Choice.ABSTAIN, zone=ZONE).startswith(
        "Đã ghi nhận ý kiến lúc 19:52: KHÔNG CÓ Ý KIẾN. Buổi bổ trợ"
    )
    assert waiting_text(until=at(28), zone=ZONE) == (
        "Chưa gửi được, chưa được ghi nhận. Máy sẽ tự gửi khi có mạng; nếu đến sau 19:58 thì không được "
        "tính. Nếu ở hội trường, kết quả tính theo giơ tay."
    )
    assert late_text(arrived=at(33), ended=at(28), zone=ZONE) == (
        "Ý kiến đến lúc 20:03, sau khi biểu quyết kết thúc lúc 19:58, nên không được tính. "
        "Hệ thống chỉ lưu lại là đến muộn."
    )
