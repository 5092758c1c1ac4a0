"""Runs a PostgreSQL server while its standard input stays open, then stops it and removes its folder.

The pipe closes however the tests end, also by kill -9, so no server is ever left behind. A line on it asks for a crash:
every process of the server is killed and it is started again; a line answers once they are gone.
Arguments: the folder to remove, then the server's command line.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import suppress

import psutil


def guard(folder: str, command: list[str]) -> None:
    """Returns once the pipe is closed and the server is gone."""
    server = _started(command)
    try:
        while sys.stdin.readline():
            _kill(server)
            server = _started(command)
            print("killed", flush=True)
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _kill(server: subprocess.Popen[bytes]) -> None:
    """kill -9 of the postmaster and of every process it has: whoever is left would keep the shared memory."""
    children = psutil.Process(server.pid).children(recursive=True)
    server.kill()
    server.wait()
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children)


if __name__ == "__main__":
    guard(sys.argv[1], sys.argv[2:])
