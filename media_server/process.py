"""The child process: one line of JSON in, one line of JSON out, end of standard input means stop."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
import threading

from media_server import VERSION
from media_server.app import CannotStart, MediaServer
from media_server.config import ConfigRefused, parse_config
from media_server.failures import FieldFormatter
from media_server.interfaces import has_network_interface

log = logging.getLogger("media_server")

LONGEST_CONFIG = 1 << 20
STOP_PATIENCE_S = 2.8


def main() -> int:
    """Exit status: 0 stopped as told, 2 the configuration was refused or the server cannot start."""
    _log_to_stderr()
    try:
        server = MediaServer(parse_config(sys.stdin.readline(LONGEST_CONFIG)))
    except ConfigRefused as problem:
        log.error("configuration refused: %s", problem)  # noqa: TRY400 - the message says it all
        return 2
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(_serve(server))


async def _serve(server: MediaServer) -> int:
    stop = asyncio.Event()
    try:
        await server.start()
    except (OSError, CannotStart, ConfigRefused) as problem:
        log.error("cannot start: %s", problem)  # noqa: TRY400 - the message says it all
        return 2
    _stop_when_told(stop)
    gc.freeze()  # what was imported stays for good: a collection that looks at it again takes 50 ms of everybody's sound
    ready = {
        "url": server.url,
        "rtc": server.media_addresses(),
        "version": VERSION,
        "interfaces": has_network_interface(),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await stop.wait()
    try:
        await asyncio.wait_for(server.stop(), STOP_PATIENCE_S)
    except TimeoutError:
        log.warning("stopped before everything was closed")
    return 0


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FieldFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # it would print what was sent to it
    logging.getLogger("aiortc").setLevel(logging.ERROR)


def _stop_when_told(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True, name="parent-watch").start()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Read the rest of standard input; its end means that the parent is gone."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


def _new_loop() -> asyncio.AbstractEventLoop:
    return (
        asyncio.SelectorEventLoop()
    )  # media sockets are watched directly, which the Windows default cannot do
