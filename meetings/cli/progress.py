"""A line on the error stream while something takes long; what a program reads from the other stream stays whole."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

FIRST, EVERY = 2.0, 5.0  # seconds until the first line, and between the next ones


@contextmanager
def told_while(
    doing: str, *, first: float = FIRST, every: float = EVERY, to: TextIO | None = None
) -> Iterator[None]:
    """Say `doing` (both languages) and for how long already, as long as the block lasts; nothing if it is quick."""
    over, stream = threading.Event(), to or sys.stderr
    teller = threading.Thread(target=_tell, args=(doing, over, stream, first, every), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(doing: str, over: threading.Event, stream: TextIO, first: float, every: float) -> None:
    began, pause = time.monotonic(), first
    while not over.wait(pause):
        print(f"chibo: {doing} … {time.monotonic() - began:.0f} s", file=stream, flush=True)
        pause = every
