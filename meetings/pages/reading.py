"""A page that is only shown is read in one unit of work: every service that makes it sees the same state, and what
several of them ask (who somebody is, what the sitting is, who is on the roll) is asked once."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

from meetings.db.unit import Units

# These write although they are asked for by GET, or take long over something else than the database.
APART = frozenset(
    {
        "/m/{meeting}/live",
        "/m/{meeting}/verification",
        "/oidc",
        "/oidc/callback",
        "/installation",
        "/trouble/line",
    }
)


def in_one_unit(units: Units, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """The same routes; those of pages that are shown open a reading unit, which the services' own join."""
    return [
        web.RouteDef(route.method, route.path, _reading(units, route.handler), route.kwargs)
        if route.method == "GET" and route.path not in APART
        else route
        for route in routes
    ]


def _reading(units: Units, handler: Handler) -> Handler:
    async def show(request: web.Request) -> web.StreamResponse:
        async with units.read():
            return await handler(request)

    return show
