"""The signalling port. A connection that asks nothing, or asks too slowly, does not stay."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import cast

from aiohttp import web

from media_server.config import Limits, is_loopback
from media_server.failures import log_failure
from media_server.floods import household

log = logging.getLogger(__name__)

FIRST_REQUEST_WITHIN_S = 10.0
SWEEP_S = 1.0
KEEPALIVE_S = 30.0
LARGEST_BODY = 2 << 20
SPARE_CONNECTIONS = 1000  # for the server API, beyond those of clients
SPARE_OF_ADDRESS = 100
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
}
LONGEST_LINE = 256 << 10  # bytes; a join in single mode carries a session description in its address
LONGEST_FIELD = 256 << 10  # bytes of a header: tokens carry 64 KB of metadata and of attributes, in base64
MOST_FIELDS = 64  # browsers send some twenty

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class HttpDoor:
    """Listens for one application; `most` connections at a time, and so many of one address.

    An address of this machine is a proxy, which has bounds of its own: only the total counts.
    """

    def __init__(
        self, most: int, most_of_address: int, first_request_within_s: float = FIRST_REQUEST_WITHIN_S
    ) -> None:
        self._most = most
        self._most_of_address = most_of_address
        self._guests: Counter[str] = Counter()  # connections by `household`
        self._within = first_request_within_s
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._silent: dict[asyncio.BaseProtocol, float] = {}  # connections without a request yet, since when
        self.refused = 0

    @classmethod
    def within(cls, limits: Limits) -> HttpDoor:
        """A door with places for all signal connections, and some more for the server API."""
        return cls(limits.connections + SPARE_CONNECTIONS, limits.connections_of_address + SPARE_OF_ADDRESS)

    async def open(self, app: web.Application, host: str, port: int) -> int:
        """Serve; return the port. Raises OSError."""
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=0.5,
            keepalive_timeout=KEEPALIVE_S,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_FIELD,
            max_headers=MOST_FIELDS,
        )
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(self._accept, host, port, backlog=1024)
        self._sweeper = asyncio.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A middleware: whoever has asked something is no longer waited for."""
        self.forget(request.protocol)
        return await handler(request)

    def connections(self) -> int:
        """How many there are."""
        server = self._runner.server if self._runner is not None else None
        return len(server.connections) if server is not None else 0

    def _accept(self) -> asyncio.Protocol:
        server = self._runner.server if self._runner is not None else None
        if server is None or self.connections() >= self._most:
            self.refused += 1
            return _Refusal()
        protocol = server()
        self._silent[protocol] = time.monotonic()
        return _Guest(self, protocol)

    def seat(self, host: str) -> bool:
        """Whether one more connection of this address has a place; `unseat` gives it back."""
        if self._guests[host] >= self._most_of_address and not is_loopback(host):
            self.refused += 1
            return False
        self._guests[host] += 1
        return True

    def unseat(self, host: str) -> None:
        """It ended."""
        self._guests[host] -= 1
        if not self._guests[host]:
            del self._guests[host]

    def forget(self, protocol: asyncio.BaseProtocol) -> None:
        """It is no longer waited for."""
        self._silent.pop(protocol, None)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for protocol in [each for each, since in self._silent.items() if now - since > self._within]:
                del self._silent[protocol]
                transport = getattr(protocol, "transport", None)
                if transport is not None:
                    self.refused += 1
                    transport.abort()


class _Guest(asyncio.Protocol):
    """One connection: only when it is made is it known from where it comes."""

    def __init__(self, door: HttpDoor, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._host: str | None = None  # None: it has no place

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give it a place, or end it."""
        peer = transport.get_extra_info("peername")  # none: it is gone already
        host = household(peer[0]) if peer else "127.0.0.1"
        if not self._door.seat(host):
            self._door.forget(self._inner)
            cast("asyncio.Transport", transport).abort()
            return
        self._host = host
        self._inner.connection_made(transport)

    def connection_lost(self, problem: Exception | None) -> None:
        """Give the place back."""
        if self._host is not None:
            self._door.unseat(self._host)
            self._door.forget(self._inner)
            self._inner.connection_lost(problem)

    def data_received(self, data: bytes) -> None:
        """For the application."""
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """For the application."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """For the application."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """For the application."""
        self._inner.resume_writing()


class _Refusal(asyncio.Protocol):
    """Ends a connection for which there is no place."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accepted by the system, refused by us."""
        if isinstance(transport, asyncio.Transport):
            transport.abort()


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Browsers read answers of other origins, errors too: their fallback depends on seeing the status."""
    if request.method == "OPTIONS":
        return web.Response(headers=CORS)
    try:
        response = await handler(request)
    except web.HTTPException as problem:
        problem.headers.update(CORS)
        raise
    except Exception as problem:  # whatever it is, the client learns nothing of it
        log_failure(log, "request failed", problem)
        return web.Response(status=500, headers=CORS)
    if not response.prepared:
        response.headers.update(CORS)
    return response


def bracketed(host: str) -> str:
    """A host as it stands in an address."""
    with contextlib.suppress(ValueError):
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    return host


def token_of(request: web.Request) -> str:
    """The token of a request: in its header (servers, most SDKs) or its address (browsers)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else request.query.get("access_token", "")
