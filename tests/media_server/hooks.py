"""A receiver of webhooks that verifies each with livekit-api's own receiver."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from livekit import api

from media_server.testing import KEY, SECRET


class Hooks:
    """Verified events in the order of arrival; answers `failing_status` as often as `failures` says."""

    def __init__(self) -> None:
        self.url = ""
        self.events: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.refused: list[str] = []
        self.failures = 0
        self.failing_status = 500

    def names(self, identity: str = "") -> list[str]:
        """Names of all events, or of one participant's."""
        return [e.event for e in self.events if not identity or e.participant.identity == identity]

    async def receive(self, request: web.Request) -> web.Response:
        """One delivery."""
        if self.failures:
            self.failures -= 1
            return web.Response(status=self.failing_status)
        body = (await request.read()).decode()
        receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
        try:
            self.events.append(receiver.receive(body, request.headers["Authorization"]))
        except Exception as problem:  # the library raises bare Exception
            self.refused.append(str(problem))
        self.headers.append(dict(request.headers))
        return web.Response()


@asynccontextmanager
async def receiving(port: int = 0) -> AsyncIterator[Hooks]:
    """A receiver on this port, or an ephemeral one."""
    hooks = Hooks()
    app = web.Application()
    app.add_routes([web.post("/hook", hooks.receive)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    hooks.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hooks
    finally:
        await runner.cleanup()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
