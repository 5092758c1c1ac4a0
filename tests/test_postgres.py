"""No server outlives the tests, however they end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.postgres import NoPostgres, find_binaries

STARTS_ONE = """
from tests.postgres import PostgresCluster
with PostgresCluster() as cluster:
    print(cluster._folder, flush=True)
    input()
"""


def test_a_killed_run_leaves_no_server() -> None:
    try:
        find_binaries()
    except NoPostgres as reason:
        pytest.skip(str(reason))
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True
    ) as user:
        assert user.stdout is not None
        folder = Path(user.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        user.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
