"""How the fonts come onto a machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from meetings.minutes import foundry
from meetings.minutes.foundry import (
    FACES,
    LICENCE,
    FontsUnreachable,
    fonts_of,
    make_fonts,
    up_to_date,
    wanted,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A source tree with the font package named but not fetched."""
    shutil.copytree(
        ROOT / "web" / "fonts", tmp_path / "web" / "fonts", ignore=shutil.ignore_patterns("node_modules")
    )
    return tmp_path


def test_the_lock_names_hashes_and_no_addresses() -> None:
    text = (ROOT / "web" / "fonts" / "package-lock.json").read_text("utf-8")
    packages = [entry for name, entry in json.loads(text)["packages"].items() if name]
    assert "resolved" not in text
    assert "://" not in text
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)


def test_fonts_and_licence_are_in_place() -> None:
    assert up_to_date(ROOT)
    assert make_fonts(ROOT) == fonts_of(ROOT)
    assert "OPEN FONT LICENSE" in (fonts_of(ROOT) / "OFL.txt").read_text("utf-8").upper()


def test_a_tree_without_fonts_wants_them_unless_told_to_skip(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(foundry.SKIP, raising=False)
    assert wanted(copy)
    monkeypatch.setenv(foundry.SKIP, "skip")
    assert not wanted(copy)


def test_another_lock_asks_for_other_fonts(copy: Path) -> None:
    shutil.copytree(fonts_of(ROOT), fonts_of(copy))
    assert up_to_date(copy)
    lock = copy / "web" / "fonts" / "package-lock.json"
    lock.write_text(lock.read_text("utf-8") + " ", "utf-8")
    assert not up_to_date(copy)


@pytest.mark.parametrize("name", [*FACES, *LICENCE])
def test_a_missing_file_asks_for_the_fonts(copy: Path, name: str) -> None:
    shutil.copytree(fonts_of(ROOT), fonts_of(copy))
    (fonts_of(copy) / name).unlink()
    assert not up_to_date(copy)


def test_an_unreachable_package_says_what_to_do(
    copy: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_offline", "true")
    monkeypatch.setenv("npm_config_cache", str(tmp_path_factory.mktemp("npm")))
    with pytest.raises(FontsUnreachable, match="CHIBO_WEB=skip"):
        make_fonts(copy)
    assert not fonts_of(copy).exists()
