"""The first start: what is asked of chibo, what counts as changed, and refusals in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], ["serve", "--sample"]),
        (["--port", "9000"], ["serve", "--sample", "--port", "9000"]),
        (["--own"], ["serve", "--own"]),
        (["--lan"], ["serve", "--lan"]),
        (["--own", "--lan"], ["serve", "--own", "--lan"]),
        (["--help"], ["serve", "--help"]),
        (["demo", "--out", "there"], ["demo", "--out", "there"]),
        (["verify", "minutes.pdf"], ["verify", "minutes.pdf"]),
    ],
)
def test_words_become_a_command_of_chibo(words: list[str], asked: list[str]) -> None:
    assert bootstrap.chibo_arguments(words) == asked


def test_a_changed_name_or_content_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    before = bootstrap.digest([one, two])
    assert bootstrap.digest([two, one]) == before
    one.write_text("b")
    two.write_text("a")
    assert bootstrap.digest([one, two]) != before


def test_what_a_build_reads_is_watched_and_what_it_makes_is_not() -> None:
    watched = {file.relative_to(ROOT).as_posix() for file in bootstrap.build_sources()}
    assert {"pyproject.toml", "requirements-build.txt", "requirements.in"} <= watched
    assert not [name for name in watched if "node_modules" in name or "/static/" in name]


def test_a_failed_step_says_what_failed_in_few_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    noisy = "import sys; print('x\\n' * 99); print('ERROR: no such package'); sys.exit(3)"
    with pytest.raises(bootstrap.CannotSetUp) as refused:
        bootstrap.step("Cài", [sys.executable, "-c", noisy])
    assert str(refused.value).splitlines() == [
        "Cài: không xong / failed (.venv.log)",
        "  ERROR: no such package",
    ]
    bootstrap.step("Cài", [sys.executable, "-c", "pass"])
    assert not (tmp_path / ".venv.log").exists()


def test_a_way_out_stands_before_the_errors() -> None:
    log = ["noise", "Lỗi: đặt CHIBO_WEB=skip", *["npm error one"] * 9, "note: This error is not pip's"]
    assert bootstrap.telling(log)[0] == "Lỗi: đặt CHIBO_WEB=skip"
    assert len(bootstrap.telling(log)) == 6
    assert bootstrap.telling([" only noise "]) == ["only noise"]


@pytest.mark.skipif(os.name != "posix", reason="locks are POSIX here")
def test_a_second_start_waits_and_says_so(tmp_path: Path) -> None:
    take = f"bootstrap.alone(Path({str(tmp_path / 'lock')!r}))"
    waits = f"import bootstrap; from pathlib import Path; {take}; print('turn')"
    with bootstrap.alone(tmp_path / "lock"):
        second = subprocess.Popen(
            [sys.executable, "-u", "-c", waits],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "waiting for another set-up" in second.stderr.readline()
        assert second.poll() is None
    assert second.communicate(timeout=30)[0] == "turn\n"


def test_a_long_step_shows_its_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "QUIET_SECONDS", 1)
    bootstrap.step("Chờ", [sys.executable, "-c", "import time; time.sleep(1.6)"])
    assert capsys.readouterr().err == "Chờ… 1 s\n"


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")
@pytest.mark.parametrize("script", ["run", "test"])
def test_without_a_fit_python_one_line_says_so(tmp_path: Path, script: str) -> None:
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [str(tmp_path / "sh"), str(ROOT / script)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")
def test_without_ensurepip_one_line_names_the_package(tmp_path: Path) -> None:
    hidden = (
        "import importlib.util as util, runpy, sys;"
        "find = util.find_spec; util.find_spec = lambda name: None if name == 'ensurepip' else find(name);"
        "sys.argv[1:] = ['run', 'doctor']; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    shutil.copy(ROOT / "bootstrap.py", tmp_path)
    start = f"import sys; sys.argv[0] = {str(tmp_path / 'bootstrap.py')!r}; {hidden}"
    done = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"sudo apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("name", ["run", "test", ".ci/run"])
def test_the_commands_may_be_executed(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
