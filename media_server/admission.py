"""Who may knock how often: bounds on HTTP requests, asked before anything is read or verified."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from media_server.config import Limits, is_loopback
from media_server.floods import Bucket, Callers, household

REQUEST_WITHIN_S = 10.0  # the body of a call to the server API must be here by then
JOIN_PATHS = "/rtc"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Admission:
    """A middleware. An address of this machine is a proxy, which has bounds of its own: only the total counts."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = Bucket(limits.joins_per_s, limits.joins_at_once)
        self._callers = Callers(limits.joins_per_s_of_address, limits.joins_at_once_of_address)
        self._refusals = Callers(limits.refusals_per_s_of_address, limits.refusals_at_once_of_address)
        self._seats: Counter[str] = Counter()
        self.refused = 0

    def connections(self) -> int:
        """Signal connections (and joins under way) now."""
        return self._seats.total()

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse with 429, or let through; what is no signal connection must be over in some seconds."""
        host = household(request.remote or "")
        if request.path.startswith(JOIN_PATHS):
            if not self._may_join(host):
                self.refused += 1
                return web.Response(status=429, text="too many connections", headers={"Retry-After": "2"})
            with self._seat(host):
                return await handler(request)
        return await self._call(host, request, handler)

    async def _call(self, host: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._refusals.has(host, time.monotonic()):
            self.refused += 1
            return web.Response(status=429, text="too many refused requests")
        try:
            async with asyncio.timeout(REQUEST_WITHIN_S):
                response = await handler(request)
        except TimeoutError:
            return web.Response(status=408)
        if response.status == 401 and not _is_own(host):
            self._refusals.take(host, time.monotonic())
        return response

    def _may_join(self, host: str) -> bool:
        now = time.monotonic()
        if self._seats.total() >= self._limits.connections:
            return False
        if not _is_own(host):
            if self._seats[host] >= self._limits.connections_of_address:
                return False
            if not self._callers.take(host, now):
                return False
        return self._all.take(now)

    @contextmanager
    def _seat(self, host: str) -> Iterator[None]:
        self._seats[host] += 1
        try:
            yield
        finally:
            self._seats[host] -= 1
            if not self._seats[host]:
                del self._seats[host]


def _is_own(host: str) -> bool:
    return not host or is_loopback(host)
