"""The embedded media server as a child process: it ends with its pipe, and is started again if it dies."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from meetings.kernel.errors import Busy

log = logging.getLogger(__name__)

Told = Callable[[], Awaitable[None]]

_READY_WITHIN = 20.0
_STOP_WITHIN = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_LINE_LIMIT = 65_536


class MediaServerFailed(Busy):
    """The embedded media server did not start; meetings go on without sound."""

    code = "media-server-failed"
    message = "Máy chủ âm thanh không khởi động được. Các việc khác vẫn làm được."


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildPlan:
    """How to start it. Ports 0: any free one, kept over restarts.

    `webhook_file` keeps what the application has not yet taken; None: memory does.
    """

    key: str
    secret: str
    host: str
    port: int
    rtc_addresses: Sequence[str]
    rtc_port: int
    webhook_url: str
    webhook_file: Path | None = None
    rtc_interfaces: Sequence[str] = ()
    rtc_announced: Sequence[str] = ()
    rtc_tcp_port: int = 0
    processes: int = 1

    def line(self) -> bytes:
        """The one line it reads."""
        plan = {
            "keys": {self.key: self.secret},
            "webhook_key": self.key,
            "host": self.host,
            "port": self.port,
            "rtc_addresses": list(self.rtc_addresses) or None,
            "rtc_interfaces": list(self.rtc_interfaces),
            "rtc_announced": list(self.rtc_announced),
            "rtc_port": self.rtc_port,
            "rtc_tcp_port": self.rtc_tcp_port,
            "webhook_urls": [self.webhook_url],
            "webhook_file": str(self.webhook_file or ""),
            "processes": self.processes,
        }
        return json.dumps(plan).encode() + b"\n"


async def _nothing() -> None:
    """For whom nothing depends on it."""


class MediaChild:
    """Keeps one media server running. `url` is http(s), once `start` has returned.

    `ended` is told at once when it died by itself, `back` when its successor serves.
    """

    def __init__(self, plan: ChildPlan, *, ended: Told = _nothing, back: Told = _nothing) -> None:
        self._plan = plan
        self._ended, self._back = ended, back
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.url = ""
        self.has_interfaces = True

    async def start(self, *, insist: bool = False) -> None:
        """Start it and wait until it listens. Raises MediaServerFailed; who insists has it tried again all the same,
        until `stop`: `back` is told when it serves."""
        try:
            await self._launch()
        except MediaServerFailed:
            if insist:
                self._keeper = asyncio.create_task(self._keep())
            raise
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Close its pipe and wait; kill it if it does not go."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        if self._process is not None:
            await _end(self._process)

    @property
    def secret(self) -> str:
        """The secret that its tokens are signed with."""
        return self._plan.secret

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None else None

    async def _launch(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "media_server"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
        )
        self._process = process
        try:
            async with asyncio.timeout(_READY_WITHIN):
                ready = await self._greet(process)
        except (TimeoutError, OSError, ValueError, KeyError) as exc:
            await _end(process)
            raise MediaServerFailed from exc
        self.url, self.has_interfaces = ready["url"], bool(ready["interfaces"])
        self._plan = _with_ports(self._plan, ready["url"], ready["rtc"])

    async def _greet(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(self._plan.line())
        await process.stdin.drain()
        answer: dict[str, Any] = json.loads(await process.stdout.readline())
        return answer

    async def _keep(self) -> None:
        while True:
            if self._process is not None and self._process.returncode is None:
                await self._process.wait()
            log.warning("media server ended, starting it again")
            await _tell(self._ended)
            await self._launch_again()
            await _tell(self._back)

    async def _launch_again(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            try:
                await self._launch()
            except MediaServerFailed:
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return


async def _tell(told: Told) -> None:
    try:
        await told()
    except Exception as problem:  # whatever the application makes of it, the server is kept running
        log.warning("news of the media server lost", extra={"problem": type(problem).__name__})


def _with_ports(plan: ChildPlan, url: str, rtc: Sequence[str]) -> ChildPlan:
    port = urlsplit(url).port or plan.port
    several = plan.processes > 1  # then the ports of one process say nothing about those of the others
    rtc_port = int(rtc[0].rpartition(":")[2]) if rtc and not several else plan.rtc_port
    return replace(plan, port=port, rtc_port=rtc_port)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
