"""How much one asker may ask: a bucket of requests for each session, or for each address without one."""

from __future__ import annotations

from collections.abc import Callable, Collection

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from meetings.http.identity import ASKER
from meetings.kernel.errors import TooMany

MOST_KEYS = 50_000


class TooManyRequests(TooMany):
    """The bucket is empty; it fills evenly."""

    code = "too-many-requests"


class Pace:
    """`per_minute` at once, then evenly. Kept in memory: a restart forgives. `seconds`: a steady clock."""

    def __init__(self, per_minute: int, seconds: Callable[[], float], most: int = MOST_KEYS) -> None:
        self._refill = 60 / per_minute
        self._seconds, self._most = seconds, most
        self._full_at: dict[str, float] = {}

    def take(self, key: str) -> None:
        """Count one request. Raises TooManyRequests."""
        now = self._seconds()
        after = max(self._full_at.get(key, now), now) + self._refill
        if after - now > 60:
            raise TooManyRequests
        self._full_at[key] = after
        if len(self._full_at) > self._most:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Full buckets say nothing; if hardly any is full, the oldest half goes."""
        kept = [pair for pair in self._full_at.items() if pair[1] > now]
        self._full_at = dict(kept[-(self._most // 2) :])


def pace(most: Pace, *, free: Collection[str]) -> Middleware:
    """Middleware, inside `identity`. Requests to the paths `free` prove themselves and are not counted: a webhook is
    signed by a machine, a secret ballot by the question's key, and a whole hall votes from one address."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in free:
            asker = request.get(ASKER)
            most.take(asker.session if asker else request.remote or "")
        return await handler(request)

    return middleware
