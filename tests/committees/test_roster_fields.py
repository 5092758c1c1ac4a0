"""Single fields of a roster: what is read, what is refused, and that a refusal quotes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from meetings.committees import roster_fields as fields
from meetings.committees.rules import Category, Role

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/11/1980", date(1980, 11, 24)),
        ("3/2/1990", date(1990, 2, 3)),
        ("03-02-1990", date(1990, 2, 3)),
        ("3.2.1990", date(1990, 2, 3)),
        ("1990-02-03", date(1990, 2, 3)),
        ("1990-02-03 00:00:00", date(1990, 2, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        ("24/11/2026", TODAY),
    ],
)
def test_days_that_can_be_read(text: str, day: date) -> None:
    assert fields.day_of(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/02/1990",
        "29/02/2023",
        "11/24/1980",
        "1980",
        "25/11/2026",
        "24/11/80",
        "0/0/0000",
        "mùng 3",
        "٣/٢/١٩٩٠",
    ],
)
def test_days_that_cannot(text: str) -> None:
    with pytest.raises(fields.BadField):
        fields.day_of(text, TODAY)


@pytest.mark.parametrize(
    ("text", "fits"), [("24/11/2008", True), ("25/11/2008", False), ("24/11/1905", False)]
)
def test_a_member_is_18_or_older(text: str, fits: bool) -> None:
    if fits:
        assert fields.birth_of(text, TODAY).year == 2008
    else:
        with pytest.raises(fields.BadField):
            fields.birth_of(text, TODAY)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0100000001", "0100000001"),
        ("010 000 0001", "0100000001"),
        ("0100.000.001", "0100000001"),
        ("+84 100 000 001", "0100000001"),
        ("", None),
    ],
)
def test_telephone_numbers(text: str, number: str | None) -> None:
    assert fields.phone_of(text) == number


@pytest.mark.parametrize(
    "text", ["100000001", "01000000", "01000000011", "0000000001", "máy bàn", "+1 202 555 0100"]
)
def test_bad_telephone_numbers(text: str) -> None:
    with pytest.raises(fields.BadField):
        fields.phone_of(text)


def test_a_lost_leading_zero_is_explained() -> None:
    with pytest.raises(fields.BadField, match="mất số 0"):
        fields.phone_of("100000001")


@pytest.mark.parametrize(("text", "card"), [("99.000001", "99000001"), ("990 000 000 001", "990000000001")])
def test_card_numbers(text: str, card: str) -> None:
    assert fields.card_of(text) == card


@pytest.mark.parametrize("text", ["1234567", "1234567890123", "99-000001", "ABC12345", "٩٩٠٠٠٠٠١"])
def test_bad_card_numbers(text: str) -> None:
    with pytest.raises(fields.BadField):
        fields.card_of(text)


@pytest.mark.parametrize("text", ["Hoa", "Lê Thị Mẫu 2", "Lê <b>Hoa</b>", "Mẫu " * 40])
def test_bad_names(text: str) -> None:
    with pytest.raises(fields.BadField):
        fields.name_of(text)


def test_words_are_read_without_tones_and_case() -> None:
    assert fields.category_of("CHÍNH THỨC") is Category.OFFICIAL
    assert fields.category_of("sinh hoat tam thoi den") is Category.TEMPORARY_ARRIVED
    assert fields.role_of("Chi uỷ viên") is Role.COMMITTEE_MEMBER
    assert fields.role_of("") is None
    assert [fields.yes_of(text) for text in ("Có", "x", "không", "")] == [True, True, False, False]


@pytest.mark.parametrize("parse", [fields.category_of, fields.role_of, fields.yes_of])
def test_unknown_words_are_refused_without_being_quoted(parse: Callable[[str], object]) -> None:
    with pytest.raises(fields.BadField) as caught:
        parse("Bí mật riêng")
    assert "riêng" not in str(caught.value)


def test_faults_of_the_characters_themselves() -> None:
    assert fields.spelling_faults("Lê Thị Mẫu Hoa") == ()
    assert "NFD" in fields.spelling_faults(unicodedata.normalize("NFD", "Lê Thị Mẫu Hoa"))[0]
    assert "ký tự ẩn" in fields.spelling_faults("Lê\u200b Thị")[0]
    assert "ký tự ẩn" in fields.spelling_faults("Lê\u202eThị")[0]
    both = unicodedata.normalize("NFD", "Lê") + "\u200d" + "Thị"
    assert len(fields.spelling_faults(both)) == 2
    assert fields.tidy("  Lê \u00a0 Thị ") == "Lê Thị"
