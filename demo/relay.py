"""Stands between the media server and the service: loses one webhook and sends another twice, on demand."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import aiohttp
from aiohttp import web

_TRIES = 20


class Relay:
    """Forwards webhooks unchanged, signature and all. `target` may be set later."""

    def __init__(self) -> None:
        self.target = ""
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self._lose: Counter[str] = Counter()
        self._double: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> str:
        """Listen on loopback; returns the address for the media server."""
        app = web.Application()
        app.router.add_post("/webhook", self._receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._http = aiohttp.ClientSession()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/webhook"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._http is not None:
            await self._http.close()

    def lose_next(self, event: str) -> None:
        """The next event of this kind will never arrive."""
        self._lose[event] += 1

    def double_next(self, event: str) -> None:
        """The next event of this kind will arrive twice."""
        self._double[event] += 1

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        event = str(json.loads(body).get("event"))
        if self._lose[event]:
            self._lose[event] -= 1
            self.lost.append(event)
            return web.Response()
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        status = await self._forward(body, headers)
        if self._double[event]:
            self._double[event] -= 1
            self.doubled.append(event)
            status = await self._forward(body, headers)
        return web.Response(status=status)

    async def _forward(self, body: bytes, headers: dict[str, str]) -> int:
        """To the service, again and again while it restarts."""
        for _ in range(_TRIES):
            try:
                if self._http is not None and self.target:
                    async with self._http.post(self.target, data=body, headers=headers) as answer:
                        return answer.status
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.25)
        return 503
