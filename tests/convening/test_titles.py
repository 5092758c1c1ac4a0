"""Every sitting has a name, and an online one says what it is."""

from __future__ import annotations

import unicodedata

import pytest

from meetings.convening.rules import Kind, Mode
from meetings.convening.titles import spoken_title, title_of
from meetings.kernel.months import Month

NOVEMBER = Month(2026, 11)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("mode", Mode)
def test_every_kind_has_a_name(kind: Kind, mode: Mode) -> None:
    title = title_of(kind, mode, NOVEMBER)
    assert unicodedata.is_normalized("NFC", title)
    assert title[0].isupper()
    if mode is Mode.ONLINE and kind is not Kind.PRACTICE:
        assert "bổ trợ trực tuyến" in title


def test_inside_a_sentence() -> None:
    assert spoken_title("Đại hội chi bộ") == "đại hội chi bộ"
    assert spoken_title("") == ""
