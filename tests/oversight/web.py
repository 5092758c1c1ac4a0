"""Oversight behind HTTP; the cookie holds a person's label."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from meetings.http.idempotency import idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.http.safety import safety
from meetings.http.templates import set_up_templates
from meetings.kernel.asker import Asker
from meetings.oversight.handlers import OversightHandlers
from tests.attendance.world import AUDITOR
from tests.oversight.world import Above

Browser = TestClient[web.Request, web.Application]


def oversight_app(above: Above) -> web.Application:
    """As the composition root builds it, for this storey alone."""

    async def authenticate(token: str) -> Asker | None:
        return above.below.asks(token)

    middlewares = [problems, safety, identity(authenticate), idempotency(above.units)]
    app = web.Application(middlewares=middlewares)
    set_up_templates(app)
    app.add_routes([endpoint.route() for endpoint in OversightHandlers(above.service).endpoints()])
    return app


async def get(browser: Browser, path: str, *, who: str | None = AUDITOR) -> ClientResponse:
    """The answer to that person (nobody, without one)."""
    cookie = {"Cookie": f"{COOKIE_PLAIN}={who}"} if who else {}
    return await browser.get(f"/api/v1{path}", headers=cookie)


async def json_of(browser: Browser, path: str, *, who: str | None = AUDITOR) -> tuple[int, Any]:
    """Status and JSON."""
    answer = await get(browser, path, who=who)
    return answer.status, await answer.json(content_type=None)


async def post(browser: Browser, path: str, *, who: str = AUDITOR) -> tuple[int, Any]:
    """Status and JSON of a write without a body."""
    answer = await browser.post(f"/api/v1{path}", headers={"Cookie": f"{COOKIE_PLAIN}={who}"}, json={})
    return answer.status, await answer.json(content_type=None)
