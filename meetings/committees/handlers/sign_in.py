"""JSON: entering by a link, leaving, who am I; handing over links; bound browsers."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated, Literal

import segno
from aiohttp import web
from pydantic import Field

from meetings.committees.handlers.browser import Browsers, client_of, label_of, session_token
from meetings.committees.rules import Category, Role
from meetings.committees.service import CommitteesService
from meetings.committees.service.people import Self
from meetings.committees.service.sign_in import Attempt
from meetings.committees.sign_in import TOKEN_BYTES, Handed, token_text
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import HEADER, TOLD_ONCE
from meetings.http.safety import ForeignRequest, check_same_site
from meetings.http.shapes import Body, Nothing, UuidText, View
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id


class KeyNotTaken(Invalid):
    """Entering is not repeated under a key: each try counts."""

    code = "key-not-taken"
    message = "Việc này không dùng mã gửi lại."


class SignInBody(Body):
    """`birth_year` where the link came by message."""

    token: Annotated[str, Field(min_length=1, max_length=100)]
    birth_year: Annotated[int, Field(ge=1800, le=2200)] | None = None


class InvitationBody(Body):
    """For whom, and whether the link is handed over on paper or sent by message."""

    member: UuidText
    channel: Literal[Handed.PAPER, Handed.MESSAGE]


class InvitationView(View):
    """The link is told this once. `qr_svg` shows the same link."""

    id: Id
    link: str
    expires_at: datetime
    qr_svg: str


class DeviceView(View):
    """A bound browser; `current`: the one that asks."""

    id: Id
    label: str
    bound_at: datetime
    seen_at: datetime
    current: bool


class DevicesView(View):
    """In order of binding."""

    devices: list[DeviceView]


class MyMembershipView(View):
    """One of my cells."""

    member: Id
    cell: Id
    cell_name: str
    category: Category
    official: bool


class MyMandateView(View):
    """One of my powers."""

    role: Role
    org: Id
    org_name: str


class MeView(View):
    """Who I am."""

    person: Id
    full_name: str
    members: list[MyMembershipView]
    mandates: list[MyMandateView]


class SignInHandlers:
    """Links, browsers, the asker."""

    def __init__(self, service: CommitteesService, browsers: Browsers) -> None:
        self._service = service
        self._browsers = browsers

    async def sign_in(self, call: Call[SignInBody, Body]) -> web.Response:
        """The session's token goes into a cookie, never into the answer."""
        request = call.request
        if HEADER in request.headers:
            raise KeyNotTaken
        check_same_site(request)
        if request.content_type != "application/json":  # what a page of another site could send unasked
            raise ForeignRequest
        secret = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        attempt = Attempt(
            token=call.body.token,
            browser=secret,
            client=client_of(request),
            label=label_of(request),
            birth_year=call.body.birth_year,
        )
        entered = await self._service.sign_in.enter(attempt)
        response = _json(me_view(await self._service.people.me(entered.asker)))
        self._browsers.lay_link_secret(request, response, secret)
        self._browsers.bind(request, response, entered.token)
        return response

    async def sign_out(self, call: Call[Body, Body]) -> web.Response:
        """This browser is unbound."""
        await self._service.sign_in.sign_out(call.asker)
        response = _json(Nothing())
        self._browsers.forget(call.request, response)
        return response

    async def me(self, call: Call[Body, Body]) -> web.Response:
        """Also renews the cookie's 400 days."""
        response = _json(me_view(await self._service.people.me(call.asker)))
        if token := session_token(call.request):
            self._browsers.bind(call.request, response, token)
        return response

    async def invite_member(self, call: Call[InvitationBody, Body]) -> InvitationView:
        """A new link; the member's unused ones of the same channel are revoked."""
        call.request[TOLD_ONCE] = True
        body = call.body
        made = await self._service.links.invite(call.asker, call.id("cell"), body.member, body.channel)
        link = self._browsers.url(call.request, f"/l/{made.token}")
        picture = segno.make(link, error="m", micro=False).svg_inline(scale=6)
        return InvitationView(id=made.invitation, link=link, expires_at=made.expires_at, qr_svg=str(picture))

    async def list_devices(self, call: Call[Body, Body]) -> DevicesView:
        """For the member and for whoever may invite them."""
        found = await self._service.links.devices(call.asker, call.id("member"))
        mine = call.asker.session
        return DevicesView(
            devices=[
                DeviceView(
                    id=one.id,
                    label=one.label,
                    bound_at=one.bound_at,
                    seen_at=one.seen_at,
                    current=one.id == mine,
                )
                for one in found
            ]
        )

    async def revoke_device(self, call: Call[Body, Body]) -> Nothing:
        """Unbind a browser."""
        await self._service.links.revoke(call.asker, call.id("member"), call.id("device"))
        return Nothing()

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        tags = ("sign-in",)
        return [
            Endpoint(
                method="POST",
                path="/sign-in",
                handler=self.sign_in,
                summary="Vào bằng đường dẫn riêng",
                body=SignInBody,
                answer=MeView,
                anyone=True,
                own_key=True,
                tags=tags,
            ),
            Endpoint(method="POST", path="/sign-out", handler=self.sign_out, summary="Ra", tags=tags),
            Endpoint(
                method="GET", path="/me", handler=self.me, summary="Tôi là ai", answer=MeView, tags=tags
            ),
            Endpoint(
                method="POST",
                path="/cells/{cell}/invitations",
                handler=self.invite_member,
                summary="Trao đường dẫn riêng cho một đảng viên",
                body=InvitationBody,
                answer=InvitationView,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/members/{member}/devices",
                handler=self.list_devices,
                summary="Các máy đang nhớ đảng viên",
                answer=DevicesView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/members/{member}/devices/{device}/revoke",
                handler=self.revoke_device,
                summary="Thu hồi một máy",
                tags=tags,
            ),
        ]


def me_view(found: Self) -> MeView:
    """As JSON."""
    members = [
        MyMembershipView(
            member=one.id,
            cell=one.cell,
            cell_name=found.org_names[one.cell],
            category=one.category,
            official=one.official,
        )
        for one in found.members
    ]
    mandates = [
        MyMandateView(role=one.role, org=one.org, org_name=found.org_names[one.org]) for one in found.mandates
    ]
    return MeView(
        person=found.person.id, full_name=found.person.full_name, members=members, mandates=mandates
    )


def _json(view: View) -> web.Response:
    return web.Response(body=view.model_dump_json().encode(), content_type="application/json")
