"""The build hooks' own part: reading the pins, loading the font maker by path."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="hatchling is in build environments only")

from hatch_build import foundry, pins, scripts

ROOT = Path(__file__).resolve().parents[1]


def test_pins_are_read_without_comments_and_options(tmp_path: Path) -> None:
    source = tmp_path / "requirements.in"
    source.write_text("-c other.txt\n# a comment\n\naiohttp==3.14.5\nsegno==1.6.6  # QR\n", "utf-8")
    assert pins(source) == ["aiohttp==3.14.5", "segno==1.6.6"]


def test_without_a_file_there_are_no_pins(tmp_path: Path) -> None:
    assert pins(tmp_path / "requirements.in") == []


def test_the_font_maker_is_found_by_path() -> None:
    assert foundry(ROOT).fonts_of(ROOT) == ROOT / "meetings" / "minutes" / "fonts"


def test_the_builder_of_scripts_is_found_by_path() -> None:
    assert scripts(ROOT).scripts_of(ROOT) == ROOT / "meetings" / "pages" / "static"
