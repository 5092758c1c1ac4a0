"""The demonstration's clock over HTTP: forward only, kept, for people who signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from meetings.http.demo_clock import DemoClockHandlers
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.kernel.asker import Asker
from meetings.kernel.clock import ShiftedClock
from meetings.kernel.ids import new_id

START = datetime.fromisoformat("2026-11-24T19:00:00+07:00")
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def kept() -> list[datetime]:
    return []


@pytest.fixture
async def client(kept: list[datetime]) -> AsyncIterator[Client]:
    async def authenticate(_: str) -> Asker | None:
        return Asker(person=new_id(), session=new_id())

    handlers = DemoClockHandlers(ShiftedClock(START), lambda clock: kept.append(clock.start))
    app = web.Application(middlewares=[problems, identity(authenticate)])
    app.add_routes([one.route() for one in handlers.endpoints()])
    async with TestClient(TestServer(app), cookies={COOKIE_PLAIN: "x"}) as made:
        yield made


async def move(client: Client, to: datetime) -> datetime:
    async with client.post("/api/v1/demo-clock", json={"to": to.isoformat()}) as answer:
        assert answer.status == 200
        return datetime.fromisoformat((await answer.json())["now"])


async def test_it_goes_forward_and_never_back(client: Client, kept: list[datetime]) -> None:
    later = START + timedelta(days=7)
    assert await move(client, later) >= later
    assert await move(client, START) >= later
    assert kept[0] == later
    assert len(kept) == 2


async def test_a_moment_needs_a_zone(client: Client, kept: list[datetime]) -> None:
    for wrong in ({"to": "2026-12-01T10:00:00"}, {"to": "mai"}, {}):
        async with client.post("/api/v1/demo-clock", json=wrong) as answer:
            assert answer.status == 422
    assert kept == []


async def test_it_is_not_for_strangers(client: Client, kept: list[datetime]) -> None:
    client.session.cookie_jar.clear()
    async with client.post("/api/v1/demo-clock", json={"to": START.isoformat()}) as answer:
        assert answer.status == 401
    assert kept == []
