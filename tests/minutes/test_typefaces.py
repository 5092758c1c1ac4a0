"""The faces show all of Vietnamese; what they cannot show is refused, never replaced."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics

from meetings.minutes.foundry import UNITS_PER_EM
from meetings.minutes.typefaces import (
    FILES,
    FONTS,
    FontMissing,
    HiddenCharacter,
    MissingGlyph,
    check_characters,
    install_faces,
)
from meetings.voting.notes import came_and_went
from meetings.voting.rules import Move
from meetings.voting.subjects import REASONS

TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VOWELS = "aăâeêioôơuưy"
VIETNAMESE = {
    unicodedata.normalize("NFC", letter + tone)
    for vowel in VOWELS
    for letter in (vowel, vowel.upper())
    for tone in TONES
} | set("đĐ")
ORDINARY = set("bcdghklmnpqrstvxBCDGHKLMNPQRSTVXfjwzFJWZ0123456789 .,;:!?()[]-–—“”‘’…%/*+&<>\"'@₫°−")


@pytest.mark.parametrize("name", FILES.values())
def test_each_face_shows_all_of_vietnamese_at_a_thousand_units(name: str) -> None:
    with TTFont(FONTS / name) as font:
        assert font["head"].unitsPerEm == UNITS_PER_EM
        assert {ord(char) for char in VIETNAMESE | ORDINARY} <= set(font.getBestCmap())
        assert "fpgm" not in font


def test_ordinary_text_passes() -> None:
    install_faces()
    check_characters(VIETNAMESE | ORDINARY | {"\n"})
    assert set(FILES) <= set(pdfmetrics.getRegisteredFontNames())


@pytest.mark.parametrize("char", ["☑", "漢", "я", "😀", "\u0301"])
def test_a_character_without_a_glyph_is_refused(char: str) -> None:
    install_faces()
    with pytest.raises(MissingGlyph):
        check_characters({"a", char})


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00", "\x07"])
def test_a_hidden_character_is_refused(char: str) -> None:
    install_faces()
    with pytest.raises(HiddenCharacter):
        check_characters({"a", char})


def test_without_the_fonts_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(FontMissing):
        install_faces(tmp_path)


def test_what_the_house_says_of_a_vote_can_be_printed() -> None:
    """A sentence about who came and went once held an arrow: the evening's minutes could not be made."""
    moves = [Move(member="x", before=before, after=after) for before in REASONS for after in (None, *REASONS)]
    [(vi, en)] = came_and_went(moves, {})
    install_faces()
    check_characters(vi + en)
