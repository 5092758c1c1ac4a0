"""One asker cannot ask without end; others do not notice."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from meetings.http.pace import Pace, TooManyRequests, pace
from meetings.http.problems import problems


class Watch:
    """A steady clock that stands still."""

    now = 1000.0

    def seconds(self) -> float:
        return self.now


def taken(most: Pace, key: str, tries: int) -> int:
    """How many of the tries went through."""
    through = 0
    for _ in range(tries):
        try:
            most.take(key)
        except TooManyRequests:
            continue
        through += 1
    return through


def test_a_burst_then_evenly() -> None:
    watch = Watch()
    most = Pace(30, watch.seconds)
    assert taken(most, "a", 40) == 30
    assert taken(most, "b", 40) == 30
    watch.now += 4
    assert taken(most, "a", 40) == 2
    watch.now += 3600
    assert taken(most, "a", 40) == 30


def test_memory_is_bounded_and_the_newest_are_remembered() -> None:
    watch = Watch()
    most = Pace(1, watch.seconds, most=10)
    for number in range(100):
        most.take(str(number))
    with pytest.raises(TooManyRequests):
        most.take("99")
    most.take("0")


async def test_over_http_machines_are_not_counted() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(middlewares=[problems, pace(Pace(2, Watch().seconds), free=("/hook",))])
    app.add_routes([web.get("/", answer), web.get("/hook", answer)])
    async with TestClient(TestServer(app)) as client:
        seen = [(await client.get("/")).status for _ in range(3)]
        hooks = [(await client.get("/hook")).status for _ in range(5)]
        refused = await client.get("/")
        assert (seen, hooks) == ([200, 200, 429], [200] * 5)
        assert (await refused.json())["code"] == "too-many-requests"
        assert refused.headers["Retry-After"] == "2"
