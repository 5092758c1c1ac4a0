"""One speaker in a process of its own, as a browser is: whoever listens does not make it late.

`Apart` starts it and tells it when to play. The child reads JSON lines from its standard input (first how to join, then
seconds to play) and answers each with a line: its worst lateness in seconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any

import aiohttp

from bench.media.client import Client
from bench.media.speaker import VIDEO_TICK_S, Speaker, pace
from media_server.transport import new_certificate

AUDIO, VIDEO = 1000, 1001  # SSRCs
PATIENCE_S = 30.0


class Apart:
    """The parent's end. `start` returns when it has joined and published."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def start(self, url: str, token: str) -> None:
        """Sound and one video of 720p."""
        words = (sys.executable, "-m", "bench.media.apart")
        self._process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
        await self._ask({"url": url, "token": token})

    async def play(self, seconds: float) -> float:
        """The worst lateness in seconds."""
        return await self._ask({"seconds": seconds}, seconds)

    async def close(self) -> None:
        """It leaves when its input ends."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()

    async def _ask(self, what: dict[str, Any], takes: float = 0.0) -> float:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S + takes)
        return float(line)


async def main() -> None:
    """The child."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    asked = json.loads(await lines.readline())
    async with aiohttp.ClientSession() as http:
        client = Client(http, new_certificate())
        await asyncio.wait_for(client.join(asked["url"], asked["token"]), PATIENCE_S)
        await asyncio.wait_for(client.publish({"audio": AUDIO, "video": VIDEO}), PATIENCE_S)
        speaker = Speaker(client.publisher, AUDIO, VIDEO)
        print(0.0, flush=True)
        while line := await lines.readline():
            seconds = json.loads(line)["seconds"]
            works = (pace([speaker.speak], 0.02, seconds), pace([speaker.show], VIDEO_TICK_S, seconds))
            print(max(await asyncio.gather(*works)), flush=True)
        await client.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(main())
