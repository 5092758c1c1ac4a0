"""One process writes to the data of a folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from meetings.db.lock import DataLock, InUse

HOLD = """
import sys, pathlib
from meetings.db.lock import DataLock
with DataLock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_refused_until_the_first_leaves(tmp_path: Path) -> None:
    folder = tmp_path / "made on the way"
    with DataLock(folder), pytest.raises(InUse), DataLock(folder):
        pass
    with DataLock(folder):
        assert folder.is_dir()


def test_a_killed_process_leaves_the_lock_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(InUse), DataLock(tmp_path):
            pass
        other.kill()
        other.wait(10)
    with DataLock(tmp_path):
        pass
