"""Guests, passes and shared phones over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from meetings.attendance.guests import PassKind
from meetings.attendance.handlers.looks import GuestView
from meetings.attendance.service import AttendanceService
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import TOLD_ONCE
from meetings.http.shapes import Body, Line, UuidText, View

_TAGS = ("attendance",)


class GuestBody(Body):
    """A guest or the superior's overseer."""

    full_name: Line
    comes_from: Line
    overseer: bool = False


class PassBody(Body):
    """Who gets the pass, or what the kiosk is called."""

    name: Line
    kind: PassKind = PassKind.HELPER


class PassView(View):
    """The token is told this once; show it as `Authorization: Bearer …`. `expires_at`: real time."""

    id: str
    kind: str
    name: str
    token: str
    expires_at: datetime


class HeldPassView(View):
    """A pass without its token. `revoked_at`: taken back before it expired."""

    id: str
    kind: str
    name: str
    expires_at: datetime
    revoked_at: datetime | None


class PassesView(View):
    """In the order in which they were issued."""

    passes: list[HeldPassView]


class SharedPhoneBody(Body):
    """The members who share one phone."""

    members: Annotated[tuple[UuidText, ...], Field(min_length=2, max_length=20)]


class SharedPhoneView(View):
    """As declared."""

    id: str
    members: list[str]


class SharedPhonesView(View):
    """What was declared for the meeting."""

    phones: list[SharedPhoneView]


class PeopleHandlers:
    """Endpoints for people beside the roster."""

    def __init__(self, service: AttendanceService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/guests",
                handler=self.welcome_guest,
                summary="Ghi khách mời, cấp ủy viên dự",
                answer=GuestView,
                body=GuestBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/helpers",
                handler=self.issue_pass,
                summary="Cấp giấy cho người giúp việc hoặc màn hình tại chỗ",
                answer=PassView,
                body=PassBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/helpers",
                handler=self.list_passes,
                summary="Các giấy giúp việc của buổi họp",
                answer=PassesView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/helpers/{pass}/revoke",
                handler=self.revoke_pass,
                summary="Thu hồi một giấy giúp việc",
                answer=HeldPassView,
                tags=_TAGS,
            ),
            *self._phones(),
        ]

    def _phones(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/shared-phones",
                handler=self.declare_shared_phone,
                summary="Khai các đồng chí dùng chung một máy",
                answer=SharedPhoneView,
                body=SharedPhoneBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/shared-phones",
                handler=self.list_shared_phones,
                summary="Các máy dùng chung đã khai cho buổi họp",
                answer=SharedPhonesView,
                tags=_TAGS,
            ),
        ]

    async def welcome_guest(self, call: Call[GuestBody, Body]) -> GuestView:
        """Write down a guest."""
        body = call.body
        guest = await self._service.guests.welcome(
            call.asker,
            call.id("meeting"),
            full_name=body.full_name,
            comes_from=body.comes_from,
            overseer=body.overseer,
        )
        return GuestView.model_validate(guest)

    async def issue_pass(self, call: Call[PassBody, Body]) -> PassView:
        """A pass for this meeting."""
        body = call.body
        call.request[TOLD_ONCE] = True
        issued = await self._service.passes.issue(call.asker, call.id("meeting"), body.kind, body.name)
        held = issued.held
        return PassView(
            id=held.id,
            kind=held.kind.value,
            name=held.name,
            token=issued.token,
            expires_at=held.expires_at,
        )

    async def list_passes(self, call: Call[Body, Body]) -> PassesView:
        """For whoever may issue them."""
        found = await self._service.passes.held(call.asker, call.id("meeting"))
        return PassesView(passes=[HeldPassView.model_validate(one) for one in found])

    async def revoke_pass(self, call: Call[Body, Body]) -> HeldPassView:
        """Nothing opens by that pass any more."""
        done = await self._service.passes.revoke(call.asker, call.id("meeting"), call.id("pass"))
        return HeldPassView.model_validate(done)

    async def declare_shared_phone(self, call: Call[SharedPhoneBody, Body]) -> SharedPhoneView:
        """These members share a phone."""
        shared = await self._service.shared_phones.declare(call.asker, call.id("meeting"), call.body.members)
        return SharedPhoneView(id=shared.id, members=list(shared.members))

    async def list_shared_phones(self, call: Call[Body, Body]) -> SharedPhonesView:
        """For whoever may declare them."""
        found = await self._service.shared_phones.declared(call.asker, call.id("meeting"))
        return SharedPhonesView(
            phones=[SharedPhoneView(id=one.id, members=list(one.members)) for one in found]
        )
