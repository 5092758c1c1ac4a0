"""Runs a PostgreSQL server while its standard input stays open, then stops it and removes its folder.

The pipe closes however the tests end, also by kill -9, so no server is ever left behind.
Arguments: the folder to remove, then the server's command line.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys


def guard(folder: str, command: list[str]) -> None:
    """Returns once the pipe is closed and the server is gone."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        sys.stdin.read()
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    guard(sys.argv[1], sys.argv[2:])
