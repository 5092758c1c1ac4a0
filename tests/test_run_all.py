"""What ./test says before the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import run_all


def test_what_is_missing_is_named_with_the_tests_it_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run_all, "TRIED", tmp_path / "tried")
    run_all.prepare_system()
    said = capsys.readouterr().out.splitlines()
    assert "without poppler-utils: tests with pdfsig and pdftotext are skipped" in said
    assert not (tmp_path / "tried").exists()


def test_a_failing_check_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_all.passes("fine", [sys.executable, "-c", "print('quiet')"])
    assert not run_all.passes("bad", [sys.executable, "-c", "print('loud'); raise SystemExit(3)"])
    assert capsys.readouterr().out == "fine … ok\nbad … FAILED\nloud\n\n"


def test_every_source_is_checked() -> None:
    (mypy,) = [command for name, command in run_all.checks() if name == "mypy --strict"]
    assert {"meetings", "scheduler", "media_server", "demo", "tests", "bootstrap.py"} <= set(mypy)


def test_scratch_files_lie_in_memory_only_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_all, "ROOM", 0)
    assert run_all.surroundings({"A": "b"}, tmp_path) == {"A": "b", "TMPDIR": str(tmp_path)}
    assert run_all.surroundings({"TMPDIR": "/mine"}, tmp_path) == {"TMPDIR": "/mine"}
    assert run_all.surroundings({}, tmp_path / "absent") == {}
    monkeypatch.setattr(run_all, "ROOM", 1 << 60)
    assert run_all.surroundings({}, tmp_path) == {}
