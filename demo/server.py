"""The service as a process of its own, with its own data folder, ports and accelerated clock."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

_READY_WITHIN = 300.0  # a loaded machine imports the libraries slowly; one that ended is seen at once
_STOP_WITHIN = 20.0


class NotStarted(Exception):
    """The service did not say that it is ready."""


@dataclass
class Server:
    """`data` holds everything it writes; `media` is (address, key, secret) of the media server.

    `ready`: what it said when it was ready.
    """

    data: Path
    start: datetime
    rate: float
    media: tuple[str, str, str]
    ready: dict[str, Any] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None

    @property
    def base(self) -> str:
        """Where it is."""
        return str(self.ready["url"])

    def environment(self) -> Mapping[str, str]:
        """Settings, by environment only."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHIBO_")},
            "CHIBO_DATA__DIR": str(self.data),
            "CHIBO_HTTP__PORT": "0",
            "CHIBO_LIVEKIT__URL": self.media[0],
            "CHIBO_LIVEKIT__API_KEY": self.media[1],
            "CHIBO_LIVEKIT__API_SECRET": self.media[2],
            "CHIBO_CLOCK__MODE": "demo",
            "CHIBO_CLOCK__START": self.start.isoformat(),
            "CHIBO_CLOCK__RATE": str(self.rate),
        }

    async def command(self, *words: str) -> str:
        """Run a command line of the program to its end; returns what it printed."""
        process = await asyncio.create_subprocess_exec(
            *_program(words), env=dict(self.environment()), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise NotStarted(f"chibo {words[0]} ended with {process.returncode}:\n{said.decode()}")
        return said.decode()

    async def run(self, *words: str) -> None:
        """Start serving and wait until it is ready."""
        self._process = await asyncio.create_subprocess_exec(
            *_program(("serve", "--json", *words)),
            env=dict(self.environment()),
            stdout=asyncio.subprocess.PIPE,
        )
        if self._process.stdout is None:
            raise NotStarted("no pipe")
        try:
            async with asyncio.timeout(_READY_WITHIN):
                while line := await self._process.stdout.readline():
                    if line.startswith(b"{"):
                        self.ready = json.loads(line)
                        return
                await self._process.wait()
        except TimeoutError:
            pass
        ended = self._process.returncode
        await self.stop()
        raise NotStarted(f"the service {'did not start in time' if ended is None else f'ended with {ended}'}")

    async def crash(self) -> None:
        """End it without a warning, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def _program(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "meetings.cli.main", *words]
