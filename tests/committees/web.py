"""The storey behind HTTP, with every middleware that stands before it."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestClient

from meetings.committees.handlers import CommitteesHandlers
from meetings.committees.pages import CommitteesPages
from meetings.committees.service import CommitteesService
from meetings.committees.sign_in import Handed
from meetings.db.unit import Units
from meetings.http.idempotency import idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.http.safety import safety
from meetings.http.templates import set_up_templates
from meetings.kernel.ids import Id
from tests.committees.house import ADMIN, House

Browser = TestClient[web.Request, web.Application]


def make_app(units: Units, service: CommitteesService) -> web.Application:
    """As the composition root builds it, for this storey alone."""
    middlewares = [problems, safety, identity(service.authenticate), idempotency(units)]
    app = web.Application(middlewares=middlewares)
    set_up_templates(app)
    app.add_routes([one.route() for one in CommitteesHandlers(service).endpoints()])
    app.add_routes(CommitteesPages(service).routes())
    app.router.add_get("/", _home)
    return app


async def _home(_: web.Request) -> web.Response:
    return web.Response(text="home")


async def token_for(service: CommitteesService, house: House, name: str) -> str:
    """A personal link's token on paper, from the administrator of the commune."""
    asker = house.asks(ADMIN)
    cell: Id = house.cell_of(name)
    link = await service.links.invite(asker, cell, house.members[name], Handed.PAPER)
    return link.token


async def signed_in(browser: Browser, service: CommitteesService, house: House, name: str) -> Browser:
    """The browser, bound to that member."""
    token = await token_for(service, house, name)
    answer = await browser.post("/api/v1/sign-in", json={"token": token})
    assert answer.status == 200, await answer.text()
    assert COOKIE_PLAIN in answer.cookies
    return browser
