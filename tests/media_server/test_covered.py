"""Fuzzing that follows the lines it reaches (atheris): no bytes are too much for any parser of a stranger's words."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media_server.hostile import PARSERS

PLANTED = "a planted fault"
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system"
)


def fuzzed(name: str, folder: Path, runs: int) -> subprocess.CompletedProcess[str]:
    """One parser, in a process of its own: libFuzzer ends it."""
    command = [sys.executable, "-m", "tests.media_server.covered", name, str(folder), str(runs)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def test_a_planted_fault_is_found(tmp_path: Path) -> None:
    done = fuzzed(PLANTED, tmp_path, 100_000)
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stdout


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PARSERS)
def test_no_bytes_reach_a_line_that_fails(name: str, tmp_path: Path) -> None:
    done = fuzzed(name, tmp_path, 300_000)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Done 300000 runs" in done.stdout
