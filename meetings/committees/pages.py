"""The page of a personal link: plain HTML that works without JavaScript (ui.md 9)."""

from __future__ import annotations

import os
from collections.abc import Mapping

from aiohttp import web

from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.handlers.sign_in import KeyNotTaken
from meetings.committees.service import CommitteesService
from meetings.committees.service.sign_in import Attempt
from meetings.committees.sign_in import (
    TOKEN_BYTES,
    LinkGone,
    TriedTooOften,
    WrongBirthYear,
    token_text,
)
from meetings.http.idempotency import HEADER
from meetings.http.problems import said, status_of
from meetings.http.safety import ForeignRequest, check_same_site, csrf_token, shows_csrf
from meetings.http.templates import render
from meetings.kernel.errors import Refused
from meetings.kernel.ids import BadId, parse_id

PAGE_FIELD = "page"


class CommitteesPages:
    """GET asks the name back and consumes nothing, because chat apps fetch links for previews; only the POST
    from the very browser that opened the page consumes the link."""

    def __init__(self, service: CommitteesService, public_url: str = "") -> None:
        self._service = service
        self._browsers = Browsers(public_url)

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        return [web.get("/l/{token}", self.show), web.post("/l/{token}", self.enter)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The question."""
        secret = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        try:
            return await self._question(request, secret)
        except (LinkGone, TriedTooOften) as refusal:
            return _refused(request, refusal)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The answer."""
        if HEADER in request.headers:
            raise KeyNotTaken
        try:
            secret, year = await self._answer(request)
            attempt = Attempt(
                token=request.match_info["token"],
                browser=secret,
                client=client_of(request),
                label=label_of(request),
                birth_year=year,
            )
            entered = await self._service.sign_in.enter(attempt)
        except WrongBirthYear as refusal:
            return await self._asked_again(request, refusal)
        except (LinkGone, TriedTooOften, ForeignRequest) as refusal:
            return _refused(request, refusal)
        response = web.Response(status=303, headers={"Location": _onwards(request) or "/"})
        self._browsers.bind(request, response, entered.token)
        return response

    async def _answer(self, request: web.Request) -> tuple[str, int | None]:
        """The secret of the browser that opened the page, and the year. Raises ForeignRequest."""
        secret = await own_page(request, self._browsers)
        return secret, year_of(await request.post())

    async def _asked_again(self, request: web.Request, refusal: WrongBirthYear) -> web.StreamResponse:
        secret = self._browsers.link_secret(request) or ""
        try:
            return await self._question(request, secret, refusal)
        except (LinkGone, TriedTooOften) as final:
            return _refused(request, final)

    async def _question(
        self, request: web.Request, secret: str, refusal: Refused | None = None
    ) -> web.StreamResponse:
        greeting = await self._service.sign_in.greet(request.match_info["token"], client_of(request))
        context = {
            "name": greeting.full_name,
            "asks_birth_year": greeting.asks_birth_year,
            "page": csrf_token(secret),
            "action": f"{request.rel_url.path}{_query(request)}",
            "problem": said(request, refusal) if refusal else "",
        }
        status = status_of(refusal) if refusal else 200
        response = render(request, "committees/enter.html", context, status=status)
        self._browsers.lay_link_secret(request, response, secret)
        return response


def _refused(request: web.Request, refusal: Refused) -> web.Response:
    context = {"problem": said(request, refusal)}
    return render(request, "committees/refused.html", context, status=status_of(refusal))


async def own_page(request: web.Request, browsers: Browsers) -> str:
    """The secret of the browser, whose own page sent the form. Raises ForeignRequest."""
    check_same_site(request)
    secret = browsers.link_secret(request)
    shown = str((await request.post()).get(PAGE_FIELD, ""))
    if secret is None or not shows_csrf(shown, secret):
        raise ForeignRequest
    return secret


def _onwards(request: web.Request) -> str:
    """The room of the sitting that a hand-off was made in; nowhere else can an address lead."""
    try:
        return f"/m/{parse_id(request.query['m'])}/room"
    except (KeyError, BadId):
        return ""


def _query(request: web.Request) -> str:
    return f"?m={request.query['m']}" if _onwards(request) else ""


def year_of(form: Mapping[str, object]) -> int | None:
    """The year of birth, as it was typed."""
    digits = str(form.get("birth_year", "")).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 4 else None
