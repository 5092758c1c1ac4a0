"""JSON: passkeys made, entered by, taken back."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from meetings.committees.ceremony import site_of
from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.handlers.sign_in import KeyNotTaken, MeView, me_view
from meetings.committees.passkeys import Passkey, Site
from meetings.committees.service import CommitteesService
from meetings.committees.service.passkeys import PasskeyAttempt
from meetings.committees.sign_in import TOKEN_BYTES, token_text
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import HEADER
from meetings.http.safety import ForeignRequest, check_same_site
from meetings.http.shapes import Body, Line, Nothing, View
from meetings.kernel.ids import Id

_TAGS = ("sign-in",)


class QuestionView(View):
    """For `navigator.credentials.create` or `.get`, with every run of bytes as base64url."""

    public_key: dict[str, Any]


class MadeBody(Body):
    """What the device answered, as `PublicKeyCredential.toJSON` gives it, and what its person calls the key."""

    credential: dict[str, Any]
    label: Annotated[Line, Field(max_length=100)]


class EnterBody(Body):
    """What the device answered, as `PublicKeyCredential.toJSON` gives it."""

    credential: dict[str, Any]


class PasskeyView(View):
    """A key, without what it is made of. `host`: where it works."""

    id: Id
    label: str
    host: str
    made_at: datetime
    used_at: datetime | None


class PasskeysView(View):
    """In order of making."""

    passkeys: list[PasskeyView]


class PasskeyHandlers:
    """Keys of one's own, of a member, and entering."""

    def __init__(self, service: CommitteesService, browsers: Browsers) -> None:
        self._service, self._browsers = service, browsers

    async def begin_passkey(self, call: Call[Body, Body]) -> QuestionView:
        """What to ask the device for."""
        asked = await self._service.passkeys.begin(call.asker, self._site(call.request))
        return QuestionView(public_key=asked)

    async def keep_passkey(self, call: Call[MadeBody, Body]) -> PasskeyView:
        """Keep what the device made."""
        site, answer = self._site(call.request), json.dumps(call.body.credential)
        made = await self._service.passkeys.made(call.asker, site, answer, call.body.label)
        return PasskeyView.model_validate(await self._service.passkeys.keep(call.asker, made))

    async def list_own_passkeys(self, call: Call[Body, Body]) -> PasskeysView:
        """The asker's."""
        return _listed(await self._service.passkeys.mine(call.asker))

    async def revoke_own_passkey(self, call: Call[Body, Body]) -> Nothing:
        """It opens nothing any more."""
        await self._service.passkeys.revoke_own(call.asker, call.id("passkey"))
        return Nothing()

    async def list_passkeys(self, call: Call[Body, Body]) -> PasskeysView:
        """A member's, for themself and for whoever may invite them."""
        return _listed(await self._service.passkeys.of_member(call.asker, call.id("member")))

    async def revoke_passkey(self, call: Call[Body, Body]) -> Nothing:
        """A member's."""
        await self._service.passkeys.revoke_of(call.asker, call.id("member"), call.id("passkey"))
        return Nothing()

    async def ask_for_passkey(self, call: Call[Body, Body]) -> web.Response:
        """What to ask the device; the answer counts in this browser alone."""
        request = call.request
        secret = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        asked = self._service.passkeys.ask(secret, self._site(request))
        response = _json(QuestionView(public_key=asked))
        self._browsers.lay_link_secret(request, response, secret)
        return response

    async def sign_in_by_passkey(self, call: Call[EnterBody, Body]) -> web.Response:
        """The session's token goes into a cookie, never into the answer."""
        request = call.request
        if HEADER in request.headers:
            raise KeyNotTaken
        check_same_site(request)
        if request.content_type != "application/json":  # what a page of another site could send unasked
            raise ForeignRequest
        attempt = PasskeyAttempt(
            answer=json.dumps(call.body.credential),
            browser=self._browsers.link_secret(request) or "",
            client=client_of(request),
            label=label_of(request),
        )
        entered = await self._service.passkeys.enter(attempt, self._site(request))
        response = _json(me_view(await self._service.people.me(entered.asker)))
        self._browsers.bind(request, response, entered.token)
        return response

    def _site(self, request: web.Request) -> Site:
        """Raises NoPasskeysHere."""
        return site_of(self._browsers.url(request, ""))

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [*self._own(), *self._of_members(), *self._entering()]

    def _own(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/me/passkeys/question",
                handler=self.begin_passkey,
                summary="Hỏi trước khi tạo khóa truy cập",
                answer=QuestionView,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/me/passkeys",
                handler=self.keep_passkey,
                summary="Giữ khóa truy cập vừa tạo",
                body=MadeBody,
                answer=PasskeyView,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/me/passkeys",
                handler=self.list_own_passkeys,
                summary="Khóa truy cập của tôi",
                answer=PasskeysView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/me/passkeys/{passkey}/revoke",
                handler=self.revoke_own_passkey,
                summary="Thu hồi khóa truy cập của tôi",
                tags=_TAGS,
            ),
        ]

    def _of_members(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/members/{member}/passkeys",
                handler=self.list_passkeys,
                summary="Khóa truy cập của một đảng viên",
                answer=PasskeysView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/members/{member}/passkeys/{passkey}/revoke",
                handler=self.revoke_passkey,
                summary="Thu hồi khóa truy cập của một đảng viên",
                tags=_TAGS,
            ),
        ]

    def _entering(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/sign-in/passkey/question",
                handler=self.ask_for_passkey,
                summary="Hỏi trước khi vào bằng khóa truy cập",
                answer=QuestionView,
                anyone=True,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/sign-in/passkey",
                handler=self.sign_in_by_passkey,
                summary="Vào bằng khóa truy cập",
                body=EnterBody,
                answer=MeView,
                anyone=True,
                own_key=True,
                tags=_TAGS,
            ),
        ]


def _listed(found: list[Passkey]) -> PasskeysView:
    return PasskeysView(passkeys=[PasskeyView.model_validate(one) for one in found])


def _json(view: View) -> web.Response:
    return web.Response(body=view.model_dump_json().encode(), content_type="application/json")
