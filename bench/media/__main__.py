"""Media under load: `python -m bench.media [scene ...] [--seconds 5] [--servers embedded,livekit-server]`.

Each scene runs against the embedded server and, where it is on the path, against a real livekit-server, one right after
the other; one JSON line each, then their ratios. CPU is that of the server's process alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import psutil

from bench.media.servers import EMBEDDED, REAL, available, running

# The one speaker is a process of its own: lateness of the hundred listeners would be lateness of the media.
LECTURE = {"rooms": 1, "speakers": 0, "apart": True, "video": True}
# rooms; in each: who speaks (and shows), who only listens
SCENES: Mapping[str, Mapping[str, Any]] = {
    "lecture": {**LECTURE, "listeners": 100},
    "lecture-50": {**LECTURE, "listeners": 50},
    "lecture-200": {**LECTURE, "listeners": 200},
    "grid": {"rooms": 1, "speakers": 30, "listeners": 0, "video": True, "grid": True},
    "rooms-40": {"rooms": 40, "speakers": 1, "listeners": 24, "video": False},
    "rooms-100": {"rooms": 100, "speakers": 1, "listeners": 24, "video": False},
    "joins": {"rooms": 1, "speakers": 1, "listeners": 4, "video": False, "joins": 20},
}
USUAL = ("lecture", "grid", "rooms-40", "joins")
COMPARED = (
    "server_us_per_packet",
    "server_cores",
    "delay_ms_p99",
    "first_audio_ms_p50",
    "server_cpu_ms_per_join",
)


def run(scene: str, name: str, seconds: float) -> dict[str, float]:
    """One scene against one fresh server."""
    with running(name) as server:
        others = _apart(server.pid)
        asked = {**SCENES[scene], "seconds": seconds, "url": server.url, "pid": server.pid, "cpus": others}
        words = [sys.executable, "-m", "bench.media.load"]
        done = subprocess.run(words, input=json.dumps(asked).encode(), stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _apart(pid: int) -> list[int]:
    """Give the server one CPU of its own, if there is another one for the generator; which the generator may use."""
    if not hasattr(os, "sched_setaffinity"):
        return []
    first, *others = sorted(os.sched_getaffinity(0))
    if others:
        for thread in psutil.Process(pid).threads():
            os.sched_setaffinity(thread.id, {first})
    return others


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.media")
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []], default=[])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--servers", default=",".join(available()))
    given = parser.parse_args()
    for scene in given.scenes or USUAL:
        found = {}
        for name in given.servers.split(","):
            found[name] = run(scene, name, given.seconds)
            print(json.dumps({"scene": scene, "server": name, **found[name]}), flush=True)
        if {EMBEDDED, REAL} <= found.keys():
            print(json.dumps({"scene": scene, "ratios": ratios(found[EMBEDDED], found[REAL])}), flush=True)


def ratios(embedded: Mapping[str, float], real: Mapping[str, float]) -> dict[str, float]:
    """The embedded server's figures over the real one's."""
    both = [name for name in COMPARED if real.get(name) and name in embedded]
    return {name: round(embedded[name] / real[name], 2) for name in both}


if __name__ == "__main__":
    main()
