"""A browser in which anybody of the house is signed in: the cookie is the person's id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from meetings.convening.handlers import ConveningHandlers
from meetings.convening.service import ConveningService
from meetings.db.unit import Units
from meetings.http.idempotency import HEADER, idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.http.safety import safety
from meetings.kernel.asker import Asker
from meetings.kernel.ids import new_id
from tests.committees.house import SECRETARY, House

Client = TestClient[web.Request, web.Application]


async def _known(cookie: str) -> Asker | None:
    return Asker(person=cookie, session=new_id())


def make_app(units: Units, service: ConveningService) -> web.Application:
    """The storey alone behind every middleware."""
    app = web.Application(middlewares=[problems, safety, identity(_known), idempotency(units)])
    handlers = ConveningHandlers(service, units.clock)
    app.add_routes([endpoint.route() for endpoint in handlers.endpoints()])
    return app


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Asks as somebody, gives back status and JSON."""

    client: Client
    house: House

    async def get(self, path: str, who: str = SECRETARY) -> tuple[int, Any]:
        """A look."""
        answer = await self.client.get(f"/api/v1{path}", cookies=self._cookie(who))
        return answer.status, await answer.json()

    async def post(
        self, path: str, body: object, who: str = SECRETARY, key: str | None = None
    ) -> tuple[int, Any]:
        """An act."""
        headers = {HEADER: key} if key else {}
        answer = await self.client.post(
            f"/api/v1{path}", json=body, cookies=self._cookie(who), headers=headers
        )
        return answer.status, await answer.json()

    def _cookie(self, who: str) -> dict[str, str]:
        return {COOKIE_PLAIN: self.house.persons[who]}
