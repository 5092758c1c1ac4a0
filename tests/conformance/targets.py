"""The servers the suite runs against: the embedded one, a livekit-server of this machine, one given by address."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import yaml

from media_server.testing import KEY, SECRET, running_server
from tests.media_server.hooks import Hooks, receiving

EMBEDDED = "embedded"
REAL = "livekit-server"
GIVEN = "LIVEKIT_URL"
START_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One running server. `hooks` receives its webhooks, `metrics` is where it tells its figures, if anywhere."""

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
async def started(name: str, *, auto_create: bool = True) -> AsyncIterator[Target]:
    """A server of this name with webhooks to the test, until the block is left."""
    async with AsyncExitStack() as stack:
        if name == GIVEN:
            yield _given()
            return
        hooks = await stack.enter_async_context(receiving())
        start = _embedded if name == EMBEDDED else _real
        yield await stack.enter_async_context(start(hooks, auto_create))


def _given() -> Target:
    environment = os.environ
    return Target(
        name=GIVEN,
        url=environment["LIVEKIT_URL"].replace("ws", "http", 1),
        key=environment["LIVEKIT_API_KEY"],
        secret=environment["LIVEKIT_API_SECRET"],
    )


@asynccontextmanager
async def _embedded(hooks: Hooks, auto_create: bool) -> AsyncIterator[Target]:  # noqa: FBT001 - a setting
    async with running_server(auto_create=auto_create, webhook_urls=[hooks.url]) as server:
        yield Target(name=EMBEDDED, url=server.url, key=server.key, secret=server.secret, hooks=hooks)


@asynccontextmanager
async def _real(hooks: Hooks, auto_create: bool) -> AsyncIterator[Target]:  # noqa: FBT001 - a setting
    signal, tcp, udp = _free_ports(socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
    with TemporaryDirectory() as folder:
        config, log = Path(folder) / "config.yaml", Path(folder) / "log"
        config.write_text(yaml.safe_dump(_settings(signal, tcp, udp, hooks.url, auto_create)))
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                REAL, "--config", str(config), stdout=output, stderr=output
            )
        try:
            url = f"http://127.0.0.1:{signal}"
            await _answering(url, log)
            yield Target(name=REAL, url=url, key=KEY, secret=SECRET, hooks=hooks)
        finally:
            process.kill()  # told to end, it would wait for the last participant
            await process.wait()


def _settings(signal: int, tcp: int, udp: int, hook: str, auto_create: bool) -> Mapping[str, Any]:  # noqa: FBT001
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


def _free_ports(*kinds: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def _answering(url: str, log: Path) -> None:
    deadline = asyncio.get_running_loop().time() + START_S
    async with aiohttp.ClientSession() as session:
        while asyncio.get_running_loop().time() < deadline:
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
    raise RuntimeError(f"{REAL} did not start: {log.read_text()[-800:]}")
