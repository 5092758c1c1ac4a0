from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from media_server import admission
from media_server.admission import Admission
from media_server.config import Limits

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LIMITS = Limits(
    connections=6,
    connections_of_address=3,
    joins_per_s=0.1,
    joins_at_once=20,
    joins_per_s_of_address=0.1,
    joins_at_once_of_address=5,
    refusals_per_s_of_address=0.1,
    refusals_at_once_of_address=3,
)


@dataclass
class Knocker:
    """Asks a server behind the bounds, from any address it says it has."""

    session: aiohttp.ClientSession
    url: str
    admission: Admission

    async def get(self, path: str, host: str) -> int:
        """The status."""
        async with self.session.get(self.url + path, headers={"X-Test-From": host}) as response:
            return response.status

    async def stay(self, host: str) -> aiohttp.ClientWebSocketResponse:
        """A signal connection."""
        return await self.session.ws_connect(self.url + "/rtc", headers={"X-Test-From": host})


@web.middleware
async def _elsewhere(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await handler(request.clone(remote=request.headers["X-Test-From"]))


async def _signal(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.receive()
    return socket


async def _refuse(_: web.Request) -> web.Response:
    return web.Response(status=401)


async def _echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@asynccontextmanager
async def _server(limits: Limits) -> AsyncIterator[Knocker]:
    bounds = Admission(limits)
    app = web.Application(middlewares=[_elsewhere, bounds.watch])
    app.add_routes(
        [
            web.get("/rtc", _signal),
            web.get("/rtc/validate", _echo),
            web.get("/refuse", _refuse),
            web.post("/", _echo),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Knocker(session, f"http://127.0.0.1:{runner.addresses[0][1]}", bounds)
    await runner.cleanup()


async def test_one_address_cannot_keep_others_from_joining() -> None:
    async with _server(LIMITS) as knocker:
        statuses = [await knocker.get("/rtc/validate", "192.0.2.1") for _ in range(8)]
        assert statuses == [200] * 5 + [429] * 3
        assert await knocker.get("/rtc/validate", "192.0.2.2") == 200
        assert knocker.admission.refused == 3


async def test_a_network_of_ipv6_is_one_address() -> None:
    async with _server(LIMITS) as knocker:
        statuses = [await knocker.get("/rtc/validate", f"2001:db8::{at + 1}") for at in range(8)]
        assert statuses == [200] * 5 + [429] * 3
        assert await knocker.get("/rtc/validate", "2001:db8:0:1::1") == 200
        statuses = [await knocker.get("/refuse", f"2001:db8::{at + 1}") for at in range(5)]
        assert statuses == [401, 401, 401, 429, 429]


async def test_all_together_are_bounded_too() -> None:
    async with _server(LIMITS) as knocker:
        statuses = [await knocker.get("/rtc/validate", f"192.0.2.{at}") for at in range(30)]
        assert statuses == [200] * 20 + [429] * 10


async def test_connections_that_stay_are_counted_and_given_back() -> None:
    async with _server(LIMITS) as knocker:
        sockets = [await knocker.stay("192.0.2.1") for _ in range(3)]
        assert await knocker.get("/rtc/validate", "192.0.2.1") == 429
        sockets += [await knocker.stay("127.0.0.1") for _ in range(3)]
        assert await knocker.get("/rtc/validate", "192.0.2.3") == 429, "full"
        for socket in sockets:
            await socket.close()
        assert await knocker.get("/rtc/validate", "192.0.2.3") == 200
        assert knocker.admission.connections() == 0


async def test_who_is_refused_again_and_again_is_not_even_verified() -> None:
    async with _server(LIMITS) as knocker:
        statuses = [await knocker.get("/refuse", "192.0.2.1") for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        assert await knocker.get("/refuse", "192.0.2.2") == 401
        assert await knocker.get("/refuse", "127.0.0.1") == 401


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "REQUEST_WITHIN_S", 0.1)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(2)
        yield b"b"

    async with (
        _server(LIMITS) as knocker,
        knocker.session.post(knocker.url, data=slowly(), headers={"X-Test-From": "::1"}) as response,
    ):
        assert response.status == 408
