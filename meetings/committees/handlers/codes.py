"""JSON: six digits that are read out, and going on in another browser."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.handlers.sign_in import KeyNotTaken, MeView, me_view
from meetings.committees.service import CommitteesService
from meetings.committees.service.codes import CodeAttempt
from meetings.committees.sign_in import TOKEN_BYTES, token_text
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import HEADER, TOLD_ONCE
from meetings.http.safety import ForeignRequest, check_same_site
from meetings.http.shapes import Body, View


class CodeBody(Body):
    """As the secretary read it out, and whose it is."""

    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    birth_year: Annotated[int, Field(ge=1800, le=2200)]


class CodeView(View):
    """The code is told this once."""

    code: str
    expires_at: datetime


class HandOffView(View):
    """Where the other browser goes; told this once."""

    link: str
    expires_at: datetime


class CodeHandlers:
    """Codes and hand-offs."""

    def __init__(self, service: CommitteesService, browsers: Browsers) -> None:
        self._service, self._browsers = service, browsers

    async def read_out_code(self, call: Call[Body, Body]) -> CodeView:
        """A code of the member's read out before is void."""
        call.request[TOLD_ONCE] = True
        made = await self._service.codes.read_out(call.asker, call.id("member"))
        return CodeView(code=made.digits, expires_at=made.expires_at)

    async def sign_in_by_code(self, call: Call[CodeBody, Body]) -> web.Response:
        """The session's token goes into a cookie, never into the answer."""
        request = call.request
        if HEADER in request.headers:
            raise KeyNotTaken
        check_same_site(request)
        if request.content_type != "application/json":  # what a page of another site could send unasked
            raise ForeignRequest
        secret = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        attempt = CodeAttempt(
            digits=call.body.code,
            birth_year=call.body.birth_year,
            browser=secret,
            client=client_of(request),
            label=label_of(request),
        )
        entered = await self._service.codes.enter(attempt)
        view = me_view(await self._service.people.me(entered.asker))
        response = web.Response(body=view.model_dump_json().encode(), content_type="application/json")
        self._browsers.lay_link_secret(request, response, secret)
        self._browsers.bind(request, response, entered.token)
        return response

    async def hand_off_browser(self, call: Call[Body, Body]) -> HandOffView:
        """A link for another browser on the same device, good for two minutes."""
        call.request[TOLD_ONCE] = True
        made = await self._service.codes.hand_off(call.asker)
        link = self._browsers.url(call.request, f"/l/{made.token}")
        return HandOffView(link=link, expires_at=made.expires_at)

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        tags = ("sign-in",)
        return [
            Endpoint(
                method="POST",
                path="/members/{member}/code",
                handler=self.read_out_code,
                summary="Đọc mã 6 số cho một đảng viên",
                answer=CodeView,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/sign-in/code",
                handler=self.sign_in_by_code,
                summary="Vào bằng mã 6 số",
                body=CodeBody,
                answer=MeView,
                anyone=True,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/hand-off",
                handler=self.hand_off_browser,
                summary="Mở tiếp bằng trình duyệt khác",
                answer=HandOffView,
                own_key=True,
                tags=tags,
            ),
        ]
