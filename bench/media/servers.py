"""The servers that are measured, each a process of its own: the embedded one, and livekit-server where there is one."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

KEY, SECRET = "bench", "b" * 40
EMBEDDED, REAL = "embedded", "livekit-server"
START_S = 30.0
# everybody comes from one address
UNBOUNDED = {"connections_of_address": 5000, "joins_per_s": 1000, "joins_per_s_of_address": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: where it is and which process it is."""

    name: str
    url: str
    pid: int


def available() -> Sequence[str]:
    """What can be measured here."""
    return [EMBEDDED, REAL] if shutil.which(REAL) else [EMBEDDED]


# The server as it is; asked by a signal it collects its garbage, by which its memory rises and falls otherwise.
PROGRAM = (
    sys.executable,
    "-c",
    (
        "import gc, runpy, signal; signal.signal(signal.SIGUSR1, lambda *_: gc.collect()); "
        "runpy.run_module('media_server', run_name='__main__', alter_sys=True)"
    ),
)
SETTLING_S = 1.0


async def held(process: psutil.Process) -> int:
    """Resident bytes of a server started by PROGRAM, without its garbage."""
    process.send_signal(signal.SIGUSR1)
    await asyncio.sleep(SETTLING_S)
    return int(process.memory_info().rss)


@contextmanager
def running(name: str) -> Iterator[Server]:
    """Start it, give it, end it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        (_embedded if name == EMBEDDED else _real)(Path(folder)) as server,
    ):
        yield server


@contextmanager
def _embedded(_folder: Path) -> Iterator[Server]:
    with subprocess.Popen(
        PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        settings = {"keys": {KEY: SECRET}, "auto_create": True, "limits": UNBOUNDED}
        child.stdin.write(json.dumps(settings).encode() + b"\n")
        child.stdin.flush()
        yield Server(name=EMBEDDED, url=json.loads(child.stdout.readline())["url"], pid=child.pid)
        child.stdin.close()
        child.wait(10)


@contextmanager
def _real(folder: Path) -> Iterator[Server]:
    signalling, tcp, udp = (
        _free(kind) for kind in (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
    )
    settings = {
        "port": signalling,
        "bind_addresses": ["127.0.0.1"],
        "keys": {KEY: SECRET},
        "logging": {"level": "error"},
        "rtc": {
            "node_ip": "127.0.0.1",
            "udp_port": udp,
            "tcp_port": tcp,
            "use_external_ip": False,
            "use_ice_lite": True,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": ["lo"]},
            "ips": {"includes": ["127.0.0.1/32"]},
        },
    }
    config = folder / "config.yaml"
    config.write_text(json.dumps(settings))  # JSON is YAML
    words = [REAL, "--config", str(config)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            url = f"http://127.0.0.1:{signalling}"
            _wait(url)
            yield Server(name=REAL, url=url, pid=child.pid)
        finally:
            child.kill()


def _wait(url: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{REAL} did not start")


def _free(kind: int) -> int:
    with closing(socket.socket(socket.AF_INET, kind)) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
