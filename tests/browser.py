"""A browser before some endpoints, signed in as whoever its cookie names: a label of the invented world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from meetings.http.endpoint import API, Endpoint
from meetings.http.idempotency import HEADER, idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.kernel.asker import Asker
from tests.attendance.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What came back. `code`: of a problem."""

    status: int
    json: Any
    body: bytes
    type: str

    @property
    def code(self) -> tuple[int, str]:
        """(status, the stable code of the problem)."""
        return self.status, self.json.get("code", "") if isinstance(self.json, dict) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """Asks as a label; nobody, without one."""

    client: TestClient[web.Request, web.Application]

    async def ask(
        self, method: str, path: str, who: str = "", body: object = None, *, key: str = "", **options: Any
    ) -> Said:
        """One request under /api/v1."""
        cookies = {COOKIE_PLAIN: who} if who else {}
        headers = {HEADER: key} if key else {}
        if body is not None:
            options["json"] = body
        async with self.client.request(
            method, API + path, cookies=cookies, headers=headers | options.pop("headers", {}), **options
        ) as answer:
            raw = await answer.read()
            said = await answer.json(content_type=None) if "json" in answer.content_type else None
            return Said(status=answer.status, json=said, body=raw, type=answer.content_type)

    async def get(self, path: str, who: str = "") -> Said:
        """GET."""
        return await self.ask("GET", path, who)

    async def post(self, path: str, who: str = "", body: object = None, *, key: str = "") -> Said:
        """POST."""
        return await self.ask("POST", path, who, body, key=key)


@asynccontextmanager
async def browsing(
    world: World, endpoints: Iterable[Endpoint], routes: Iterable[web.RouteDef] = ()
) -> AsyncIterator[Browser]:
    """The endpoints behind the application's own middlewares."""

    async def authenticate(label: str) -> Asker | None:
        return world.asks(label)

    middlewares = [problems, identity(authenticate), idempotency(world.units)]
    app = web.Application(middlewares=middlewares, client_max_size=64 * 1024 * 1024)
    app.add_routes([*(one.route() for one in endpoints), *routes])
    async with TestClient(TestServer(app)) as client:
        yield Browser(client=client)
