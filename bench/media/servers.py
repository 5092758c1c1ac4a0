"""The servers that are measured, each a process of its own: the embedded one, and livekit-server where there is one."""

from __future__ import annotations

import json
import shutil
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
    words = [sys.executable, "-m", "media_server"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
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
    signal, tcp, udp = (_free(kind) for kind in (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM))
    settings = {
        "port": signal,
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
            url = f"http://127.0.0.1:{signal}"
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
