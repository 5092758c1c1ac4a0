"""Who asks: the session cookie becomes an Asker. The lookup itself is injected (committees)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from meetings.kernel.asker import Asker

ASKER: web.RequestKey[Asker] = web.RequestKey("asker", Asker)
COOKIE = "__Host-chibo"
COOKIE_PLAIN = "chibo"  # on plain http (loopback only) browsers refuse the __Host- prefix

Authenticate = Callable[[str], Awaitable[Asker | None]]


def identity(authenticate: Authenticate) -> Middleware:
    """Middleware that fills request[ASKER] where a valid session cookie came."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        token = request.cookies.get(COOKIE) or request.cookies.get(COOKIE_PLAIN)
        if token and (asker := await authenticate(token)) is not None:
            request[ASKER] = asker
        return await handler(request)

    return middleware


def cookie_name(*, secure: bool) -> str:
    """The session cookie's name on this connection."""
    return COOKIE if secure else COOKIE_PLAIN
