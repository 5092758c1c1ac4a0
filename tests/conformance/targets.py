"""The servers the suite runs against: the embedded one, a livekit-server of this machine, one given by address."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import yaml

from media_server.interfaces import own_addresses
from media_server.testing import KEY, SECRET, running_server
from tests.media_server.hooks import Hooks, receiving

EMBEDDED = "embedded"
REAL = "livekit-server"
GIVEN = "LIVEKIT_URL"
START_S = 15.0
STARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One running server. `hooks` receives its webhooks."""

    name: str
    url: str
    key: str
    secret: str = field(repr=False)
    hooks: Hooks | None = None


def available() -> Sequence[str]:
    """The embedded server always; the others where they can be had."""
    real = [REAL] if shutil.which(REAL) else []
    given = [GIVEN] if os.environ.get("LIVEKIT_URL") else []
    return [EMBEDDED, *real, *given]


@asynccontextmanager
async def started(
    name: str, *, auto_create: bool = True, beyond_loopback: bool = False
) -> AsyncIterator[Target]:
    """A server of this name with webhooks to the test, until the block is left.

    `beyond_loopback`: the embedded server's media are at this machine's own address, for a client without candidates
    on loopback; what it is sent there does not leave the machine.
    """
    async with AsyncExitStack() as stack:
        if name == GIVEN:
            yield _given()
            return
        hooks = await stack.enter_async_context(receiving())
        if name == EMBEDDED:
            addresses = tuple(own_addresses()[:1]) if beyond_loopback else None
            server = _embedded(hooks, auto_create, addresses)
        else:
            server = _real(hooks, auto_create)
        yield await stack.enter_async_context(server)


def _given() -> Target:
    environment = os.environ
    return Target(
        name=GIVEN,
        url=environment["LIVEKIT_URL"].replace("ws", "http", 1),
        key=environment["LIVEKIT_API_KEY"],
        secret=environment["LIVEKIT_API_SECRET"],
    )


@asynccontextmanager
async def _embedded(
    hooks: Hooks, auto_create: bool, rtc_addresses: tuple[str, ...] | None
) -> AsyncIterator[Target]:
    async with running_server(
        auto_create=auto_create, webhook_urls=[hooks.url], rtc_addresses=rtc_addresses
    ) as server:
        yield Target(name=EMBEDDED, url=server.url, key=server.key, secret=server.secret, hooks=hooks)


@asynccontextmanager
async def _real(hooks: Hooks, auto_create: bool) -> AsyncIterator[Target]:
    with TemporaryDirectory() as folder:
        process, url = await _running(Path(folder) / "config.yaml", hooks.url, auto_create)
        try:
            yield Target(name=REAL, url=url, key=KEY, secret=SECRET, hooks=hooks)
        finally:
            process.kill()  # told to end, it would wait for the last participant
            await process.wait()


async def _running(config: Path, hook: str, auto_create: bool) -> tuple[Process, str]:
    for _ in range(STARTS):  # somebody may take a port that was free a moment ago
        signal, tcp, udp = _free_ports(socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
        _write(config, _settings(signal, tcp, udp, hook, auto_create))
        process = await asyncio.create_subprocess_exec(
            REAL, "--config", str(config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        url = f"http://127.0.0.1:{signal}"
        if await _answers(url, process):
            return process, url
    raise RuntimeError(f"{REAL} does not start")


def _settings(signal: int, tcp: int, udp: int, hook: str, auto_create: bool) -> Mapping[str, Any]:
    """Loopback only: nothing leaves the machine, and clients are sent to no public STUN server."""
    return {
        "port": signal,
        "bind_addresses": ["127.0.0.1"],
        "keys": {KEY: SECRET},
        "logging": {"level": "info", "json": True},
        "room": {"auto_create": auto_create},
        "webhook": {"api_key": KEY, "urls": [hook]},
        "rtc": {
            "node_ip": "127.0.0.1",
            "udp_port": udp,
            "tcp_port": tcp,
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": ["lo"]},
            "ips": {"includes": ["127.0.0.1/32"]},
            "stun_servers": [f"127.0.0.1:{udp}"],
        },
    }


def _write(file: Path, settings: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(settings))


def _free_ports(*kinds: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def _answers(url: str, process: Process) -> bool:
    deadline = asyncio.get_running_loop().time() + START_S
    async with aiohttp.ClientSession() as session:
        while process.returncode is None and asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as response:
                    if response.status == 200:
                        return True
            await asyncio.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    return False
