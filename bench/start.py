"""Start-up and memory: time to ready beside the time of importing the pinned libraries; RSS of both processes idle.

`python -m bench.start [rounds]` prints one JSON line; best of the rounds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

LIBRARIES = (
    *("aiohttp", "aiohttp_jinja2", "aiortc", "livekit.api", "apscheduler.schedulers.asyncio", "sqlmodel"),
    *(
        "reportlab.pdfgen.canvas",
        "pyhanko.sign",
        "alembic.command",
        "asyncpg",
        "aiosqlite",
        "orjson",
        "babel",
    ),
    *("openpyxl", "segno", "yaml", "pydantic", "rfc8785"),
)
IDLE = 5.0


def imports() -> float:
    """Seconds to import what is pinned, in a fresh process."""
    code = "; ".join(f"import {name}" for name in LIBRARIES)
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun


def start(folder: Path) -> tuple[float, float]:
    """(seconds from the command to ready with its media server, MB of both processes after a pause)."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("CHIBO_")}
    given |= {"CHIBO_DATA__DIR": str(folder), "CHIBO_HTTP__PORT": "0", "CHIBO_MEDIA__PORT": "0"}
    given["CHIBO_MEDIA__RTC_PORT"] = "0"
    begun = time.perf_counter()
    words = [sys.executable, "-m", "meetings.cli.main", "serve", "--json"]
    with subprocess.Popen(words, env=given, stdout=subprocess.PIPE) as service:
        try:
            if service.stdout is None or not json.loads(service.stdout.readline()):
                raise SystemExit("it did not start")
            ready = time.perf_counter() - begun
            time.sleep(IDLE)
            main = psutil.Process(service.pid)
            resident = sum(one.memory_info().rss for one in [main, *main.children(recursive=True)])
        finally:
            service.terminate()
    return ready, resident / 1e6


def main(rounds: int = 3) -> None:
    """Measure; the first start also migrates an empty database and is reported apart."""
    with tempfile.TemporaryDirectory() as name:
        first, _ = start(Path(name))
        starts = [start(Path(name)) for _ in range(rounds)]
        imported = min(imports() for _ in range(rounds))
    ready, memory = min(one[0] for one in starts), max(one[1] for one in starts)
    found = {"first_start_s": first, "ready_s": ready, "imports_s": imported, "ratio": ready / imported}
    print(json.dumps({key: round(value, 2) for key, value in (found | {"idle_mb": memory}).items()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
