"""The page of the six digits: plain HTML that works without JavaScript (ui.md 9)."""

from __future__ import annotations

import os

from aiohttp import web

from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.handlers.sign_in import KeyNotTaken
from meetings.committees.pages import own_page, year_of
from meetings.committees.service import CommitteesService
from meetings.committees.service.codes import CodeAttempt
from meetings.committees.sign_in import CODE_DIGITS, TOKEN_BYTES, TriedTooOften, WrongCode, token_text
from meetings.http.idempotency import HEADER
from meetings.http.problems import said, status_of
from meetings.http.safety import ForeignRequest, csrf_token
from meetings.http.templates import render
from meetings.kernel.errors import Refused

PATH = "/code"


class CodePages:
    """Digits alone name nobody, so the year of birth is asked with them; the form belongs to the browser that opened
    the page, as that of a link."""

    def __init__(self, service: CommitteesService, public_url: str = "") -> None:
        self._service = service
        self._browsers = Browsers(public_url)

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        return [web.get(PATH, self.show), web.post(PATH, self.enter)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The question."""
        return self._question(
            request, self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        )

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The answer."""
        if HEADER in request.headers:
            raise KeyNotTaken
        try:
            secret = await own_page(request, self._browsers)
            form = await request.post()
            attempt = CodeAttempt(
                digits=_digits(str(form.get("code", ""))),
                birth_year=year_of(form),
                browser=secret,
                client=client_of(request),
                label=label_of(request),
            )
            entered = await self._service.codes.enter(attempt)
        except (WrongCode, TriedTooOften, ForeignRequest) as refusal:
            laid = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
            return self._question(request, laid, refusal)
        response = web.Response(status=303, headers={"Location": "/"})
        self._browsers.bind(request, response, entered.token)
        return response

    def _question(
        self, request: web.Request, secret: str, refusal: Refused | None = None
    ) -> web.StreamResponse:
        context = {
            "page": csrf_token(secret),
            "action": PATH,
            "here": PATH,
            "problem": said(request, refusal) if refusal else "",
        }
        status = status_of(refusal) if refusal else 200
        response = render(request, "committees/code.html", context, status=status)
        self._browsers.lay_link_secret(request, response, secret)
        return response


def _digits(text: str) -> str:
    """As people type them: 482 913. Nothing where they are not six."""
    digits = "".join(text.split()).replace("-", "").replace(".", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) == CODE_DIGITS else ""
