"""The child process: one line of JSON in, one line of JSON out, end of standard input means stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol

from media_server import VERSION
from media_server.app import CannotStart, MediaServer
from media_server.config import ConfigRefused, MediaConfig, parse_config
from media_server.failures import FieldFormatter, log_failure
from media_server.front import Front
from media_server.interfaces import has_network_interface

if sys.platform != "win32":
    import resource

log = logging.getLogger("media_server")

LONGEST_CONFIG = 1 << 20
STOP_PATIENCE_S = 2.8


class Server(Protocol):
    """One process's media server, or the front of several."""

    config: MediaConfig
    url: str

    async def start(self) -> None:
        """Bind."""

    async def stop(self, *, drain_s: float = 0.0) -> None:
        """Free."""

    def media_addresses(self) -> list[str]:
        """`host:port` of every media socket."""


def main() -> int:
    """Exit status: 0 stopped as told, 2 the configuration was refused or the server cannot start."""
    _log_to_stderr()
    try:
        config = parse_config(sys.stdin.readline(LONGEST_CONFIG))
    except ConfigRefused as problem:
        log.error("configuration refused: %s", problem)  # noqa: TRY400 - the message says it all
        return 2
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(_serve(config))


async def _serve(config: MediaConfig) -> int:
    asyncio.get_running_loop().set_exception_handler(_log_unexpected)
    _allow_many_sockets()
    try:
        server: Server = MediaServer(config) if config.processes == 1 else Front(config)
        await server.start()
    except (OSError, CannotStart, ConfigRefused) as problem:
        log.error("cannot start: %s", problem)  # noqa: TRY400 - the message says it all
        return 2
    told = _when_told(config.drain_s)
    gc.freeze()  # looking through all that was imported would take 50 ms and more of everybody's sound
    ready = {
        "url": server.url,
        "rtc": server.media_addresses(),
        "version": VERSION,
        "interfaces": has_network_interface(),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    drain_s = await told
    try:
        await asyncio.wait_for(server.stop(drain_s=drain_s), 2 * drain_s + STOP_PATIENCE_S)
    except TimeoutError:
        log.warning("stopped before everything was closed")
    return 0


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FieldFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # it would print what was sent to it
    logging.getLogger("aiortc").setLevel(logging.ERROR)


def _log_unexpected(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody awaited. asyncio's own line would show the failure's text, which may hold names."""
    problem = context.get("exception")
    if isinstance(problem, BaseException):
        log_failure(log, "unexpected failure", problem)
    else:
        log.error("unexpected failure")


def _allow_many_sockets() -> None:
    """Many systems start a process with room for 1024; the system's own bound is what counts."""
    if sys.platform == "win32":
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _when_told(drain_s: float) -> asyncio.Future[float]:
    """When to stop: the end of standard input gives no time to drain, a signal does."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[float] = loop.create_future()

    def tell(patience_s: float) -> None:
        if not told.done():
            told.set_result(patience_s)

    watch = threading.Thread(target=_watch_parent, args=(loop, tell), daemon=True, name="parent-watch")
    watch.start()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, tell, drain_s)
    return told


def _watch_parent(loop: asyncio.AbstractEventLoop, tell: Callable[[float], None]) -> None:
    """Read the rest of standard input; its end means that the parent is gone."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(tell, 0.0)


def _new_loop() -> asyncio.AbstractEventLoop:
    return (
        asyncio.SelectorEventLoop()
    )  # media sockets are watched directly, which the Windows default cannot do
