"""Vietnamese text: order of names, folding for search, characters that hide."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.text import (
    BadText,
    clean_line,
    clean_text,
    date_text,
    fold,
    name_key,
    nfc,
    number_text,
    percent_text,
    time_text,
)

# Given name, then family name, then the middle; letters before tones, đ after d, ă â after a.
IN_ORDER = [
    "Trần Văn An",
    "Lê Thị Ánh",
    "Đỗ Văn Ân",
    "Ngô Ẩn",
    "Bùi Văn Ba",
    "Lê Văn Bá",
    "Hoàng Dung",
    "Hoàng Dũng",
    "Hoàng Đông",
    "Ngô Thị Hoa",
    "Ngô Thị Hòa",
    "Trần Thị Hòa",
    "Lê Văn Uy",
    "Lê Văn Ưng",
]


def test_names_stand_in_the_order_of_a_roll() -> None:
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=name_key) == IN_ORDER


def test_a_name_sorts_the_same_however_it_is_composed() -> None:
    for name in IN_ORDER:
        assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)
        assert name_key(name.upper()) == name_key(name)


@pytest.mark.parametrize("odd", ["", "   ", "ʰ", "Y Ksơr 2", "Zeng Wei"])
def test_any_name_has_a_place(odd: str) -> None:
    assert sorted([odd, "Lê Văn An"], key=name_key)


@pytest.mark.parametrize(
    ("one", "other"), [("uỷ", "ủy"), ("Hoà", "hòa"), ("Thuý", "thúy"), ("Đặng", "dang"), ("ĐỖ", "đo")]
)
def test_both_spellings_meet_in_a_search(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_different_letters_apart() -> None:
    assert fold("Lê Thị Hoa") == "le thi hoa"
    assert fold("ba") != fold("bo")


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\x00", "\x07", "\u00ad", "\ue000", "\x7f"]
)
def test_hidden_characters_are_refused(hidden: str) -> None:
    with pytest.raises(BadText) as refused:
        clean_line(f"Lê{hidden}Văn An")
    assert "Lê" not in str(refused.value)
    with pytest.raises(BadText):
        clean_text(f"một\nhai{hidden}ba")


def test_a_line_is_composed_and_its_spaces_folded() -> None:
    assert clean_line(unicodedata.normalize("NFD", "  Nguyễn\t Văn \n Ba ")) == "Nguyễn Văn Ba"


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(BadText):
        clean_line("a\ud800b")


def test_lengths_hold_after_folding() -> None:
    assert clean_line("a" * 200) == "a" * 200
    with pytest.raises(BadText, match="200"):
        clean_line("a" * 201)
    with pytest.raises(BadText):
        clean_line("  ")
    assert clean_line("  ", empty=True) == ""


def test_several_lines_keep_their_ends() -> None:
    assert clean_text("một  \r\nhai\tba\rbốn\n\n") == "một\nhai ba\nbốn"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_what_was_cleaned_stays_as_it_is(text: str) -> None:
    try:
        once = clean_text(text)
    except BadText:
        return
    assert clean_text(once) == once == nfc(once)


def test_dates_times_and_numbers_as_in_papers() -> None:
    assert date_text(date(2026, 11, 4)) == "04/11/2026"
    moment = datetime(2026, 11, 24, 12, 52, tzinfo=UTC)
    assert time_text(moment, ZoneInfo("Asia/Ho_Chi_Minh")) == "19:52"
    assert [number_text(value) for value in (0, 999, 1000, 1_234_567)] == ["0", "999", "1.000", "1.234.567"]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (15, 22, "68,18 %"),
        (1, 3, "33,33 %"),
        (2, 3, "66,67 %"),
        (0, 9, "0,00 %"),
        (9, 9, "100,00 %"),
        (1, 20_000, "0,01 %"),
        (48_597, 57_597, "84,37 %"),
        (0, 0, "–"),
    ],
)
def test_a_share_rounds_half_up(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text
