"""A small application over attendance and the agenda, in which a cookie is somebody's label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from meetings.http.endpoint import API, Endpoint
from meetings.http.idempotency import idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.http.safety import safety
from meetings.kernel.asker import Asker
from tests.attendance.world import World

Client = TestClient[web.Request, web.Application]


def application(world: World, endpoints: Sequence[Endpoint]) -> web.Application:
    """The endpoints behind the same middlewares as in the house."""

    async def authenticate(cookie: str) -> Asker | None:
        return world.asks(cookie)

    app = web.Application(middlewares=[problems, safety, identity(authenticate), idempotency(world.units)])
    app.add_routes([endpoint.route() for endpoint in endpoints])
    return app


class Phone:
    """Somebody's browser. `answer` holds the last JSON, `laid` the names of the cookies that came with it."""

    def __init__(
        self,
        client: Client,
        label: str = "",
        token: str = "",
        cookies: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._client = client
        self._cookies = ({COOKIE_PLAIN: label} if label else {}) | dict(cookies)
        self.laid: set[str] = set()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.answer: Any = None

    async def get(self, path: str, **query: str) -> int:
        """GET; the status."""
        return await self._send("GET", path, params=query)

    async def post(self, path: str, body: object = None, *, key: str = "") -> int:
        """POST JSON; the status. `key`: Idempotency-Key."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self._send("POST", path, json=body if body is not None else {}, headers=headers)

    async def put(self, path: str, body: object) -> int:
        """PUT JSON; the status."""
        return await self._send("PUT", path, json=body)

    async def _send(self, method: str, path: str, **more: Any) -> int:
        headers = self._headers | more.pop("headers", {})
        async with self._client.request(
            method, API + path, cookies=self._cookies, headers=headers, **more
        ) as response:
            self.answer = await response.json()
            self.laid = set(response.cookies)
            return response.status
