"""Whom a forwarded address is believed from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web

from meetings.http.proxy import behind_proxies, client_of

NETWORKS = ("127.0.0.0/8", "fd00::/8")
TRUSTED = [ip_network(network) for network in NETWORKS]
Opener = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (["203.0.113.7"], "203.0.113.7"),
        (["198.51.100.9, 203.0.113.7"], "203.0.113.7"),  # the first is the client's own claim
        (["203.0.113.7, 127.0.0.2"], "203.0.113.7"),
        (["203.0.113.7", "fd00::1"], "203.0.113.7"),
        (["not an address"], None),
        (["127.0.0.1"], None),
        ([], None),
    ],
)
def test_the_nearest_address_that_is_no_proxy_counts(forwarded: list[str], expected: str | None) -> None:
    assert client_of(forwarded, TRUSTED) == expected


async def _seen(request: web.Request) -> web.Response:
    return web.json_response([request.remote, request.scheme])


@pytest.mark.parametrize(
    ("networks", "expected"), [(NETWORKS, ["203.0.113.7", "https"]), ((), ["127.0.0.1", "http"])]
)
async def test_only_our_proxy_is_believed(
    aiohttp_client: Opener, networks: tuple[str, ...], expected: list[str]
) -> None:
    app = web.Application(middlewares=[behind_proxies(networks)])
    app.router.add_get("/seen", _seen)
    client = await aiohttp_client(app)
    told = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    answer = await client.get("/seen", headers=told)
    assert await answer.json() == expected
