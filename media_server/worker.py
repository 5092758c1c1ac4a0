"""One worker of several: a media server in a process of its own, started again if it dies."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from media_server.config import MediaConfig

log = logging.getLogger(__name__)

READY_WITHIN_S = 20.0
STOP_WITHIN_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0


class WorkerFailed(OSError):
    """A worker did not start; its own log says why."""


class Worker:
    """Signalling on loopback for the front; media on ports of its own. `url` is empty while it is down."""

    def __init__(self, number: int, config: MediaConfig) -> None:
        self.url = ""
        self.media: list[str] = []
        self._number = number
        self._settings = worker_settings(number, config)
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it and wait until it listens. Raises `WorkerFailed`."""
        await self._launch()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self, drain_s: float) -> None:
        """Let it drain, close its pipe, and end it if it does not go."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._process is None:
            return
        if drain_s and self._process.returncode is None:
            self._process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), drain_s + STOP_WITHIN_S)
        await _end(self._process)

    async def _launch(self) -> None:
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "media_server"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                ready = await _greet(process, self._settings)
        except (TimeoutError, OSError, ValueError, KeyError) as problem:
            await _end(process)
            raise WorkerFailed(f"worker {self._number} did not start") from problem
        self.url, self.media = ready["url"], ready["rtc"]
        self._settings["port"] = int(self.url.rpartition(":")[2])
        if self.media:
            self._settings["rtc_port"] = int(self.media[0].rpartition(":")[2])

    async def _keep(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            if self._process is not None:
                await self._process.wait()
            self.url = ""
            log.warning("worker ended, starting it again", extra={"worker": self._number})
            await asyncio.sleep(pause)
            try:
                await self._launch()
                pause = FIRST_PAUSE_S
            except WorkerFailed:
                pause = min(pause * 2, LONGEST_PAUSE_S)


def worker_settings(number: int, config: MediaConfig) -> dict[str, Any]:
    """What a worker is told: its own ports and file, signalling for the front only."""
    settings = dataclasses.asdict(config)
    file = Path(config.webhook_file)
    settings |= {
        "processes": 1,
        "host": "127.0.0.1",
        "port": 0,
        "rtc_addresses": list(config.media_addresses()),
        "rtc_interfaces": [],
        "rtc_port": config.rtc_port + number if config.rtc_port else 0,
        "rtc_tcp_port": config.rtc_tcp_port + number if config.rtc_tcp_port else 0,
        "webhook_file": str(file.with_stem(f"{file.stem}-{number}")) if config.webhook_file else "",
    }
    return settings


async def _greet(process: asyncio.subprocess.Process, settings: dict[str, Any]) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(json.dumps(settings).encode() + b"\n")
    await process.stdin.drain()
    ready: dict[str, Any] = json.loads(await process.stdout.readline())
    return ready


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
