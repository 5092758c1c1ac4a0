"""A member's phone in a process that may be killed at any moment.

`python -m tests.crash.phone SHELF URL COOKIE CHOICE...` answers one vote, changing its mind from choice to choice. What
it sends lies on its shelf before it is sent, and the receipt beside it once there is one: started again after it was
killed, it sends the same again, as the pages do (web/src/outbox.ts).
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

TRIES, PAUSE = 2400, 0.05  # two minutes and more: a service that starts takes its time


class Silent(Exception):
    """Nobody answered for all that time."""


def cast(shelf: Path, url: str, cookie: str, choices: Sequence[str]) -> None:
    """Go on where it was interrupted."""
    shelf.mkdir(parents=True, exist_ok=True)
    for version, choice in enumerate(choices, 1):
        parcel, receipt = shelf / f"{version}.parcel", shelf / f"{version}.receipt"
        if not parcel.exists():
            said = {"id": str(uuid.uuid4()), "version": version, "choice": choice}
            _keep(parcel, json.dumps(said).encode())
        if not receipt.exists():
            _keep(receipt, _surely(url, cookie, parcel.read_bytes()))


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = file.with_suffix(".half")
    half.write_bytes(content)
    half.replace(file)


def _surely(url: str, cookie: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    for _ in range(TRIES):
        try:
            asked = urllib.request.Request(url, data=body, headers=headers)
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refused:
            if refused.code < 500:
                raise
        except (OSError, HTTPException):
            pass  # the line broke, before the answer or within it
        time.sleep(PAUSE)
    raise Silent


if __name__ == "__main__":
    cast(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])
