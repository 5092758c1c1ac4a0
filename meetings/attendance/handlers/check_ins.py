"""The hall code, check-ins and heartbeats over HTTP."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated, Self

import segno
from aiohttp import web
from pydantic import Field, model_validator

from meetings.attendance.handlers.browser import BrowserMark, browser_of
from meetings.attendance.handlers.holder import holder_of
from meetings.attendance.service import AttendanceService, CheckIn
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Moment, UuidText, View
from meetings.kernel.ids import Id

_TAGS = ("attendance",)
Code = Annotated[str, Field(min_length=1, max_length=40)]
Nonce = Annotated[str, Field(min_length=1, max_length=200)]
Sid = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$")]


class ScanQuery(Body):
    """The code that was scanned."""

    code: Code


class CheckInBody(Body):
    """Made by the phone: an `id` of its own, and the code just scanned or the nonce given for it. `member`: in whose
    hands the phone is, where they were declared to share it."""

    id: UuidText
    code: Code | None = None
    nonce: Nonce | None = None
    device_at: Moment | None = None
    member: UuidText | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.code is None) == (self.nonce is None):
            raise ValueError("one of code and nonce")
        return self


class HeartbeatBody(Body):
    """The connection that is alive, by the media server's own name for it."""

    participant_sid: Sid


class HallCodeView(View):
    """For the kiosk: show `svg` until `changes_at` (real time), then ask again."""

    code: str
    link: str
    svg: str
    changes_at: datetime


class SharerView(View):
    """To whom a shared phone may be handed. `scanned`: their arrival is kept already."""

    member: str
    full_name: str
    scanned: bool


class ScanView(View):
    """Greets by name; `nonce` goes into the check-in and dies at `expires_at` (real time)."""

    name: str
    nonce: str
    expires_at: datetime
    sharing: list[SharerView]
    practice: bool


class CheckInView(View):
    """The check-in is kept."""

    id: str
    member: str
    at: datetime


class HeartbeatView(View):
    """When to send the next one."""

    next_after_seconds: int


class CheckInHandlers:
    """Endpoints around the hall code."""

    def __init__(self, service: AttendanceService, public_url: str) -> None:
        self._service = service
        self._public_url = public_url.rstrip("/")
        self._mark = BrowserMark(public_url)

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        meeting = "/meetings/{meeting}"
        return [
            Endpoint(
                method="GET",
                path=f"{meeting}/hall-code",
                handler=self.get_hall_code,
                summary="Mã hội trường lúc này, cho màn hình tại chỗ",
                answer=HallCodeView,
                anyone=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path=f"{meeting}/check-ins",
                handler=self.get_scan,
                summary="Mở trang “Tôi có mặt” từ mã vừa quét",
                answer=ScanView,
                query=ScanQuery,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{meeting}/check-ins",
                handler=self.post_check_in,
                summary="Tôi có mặt",
                answer=CheckInView,
                body=CheckInBody,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{meeting}/heartbeats",
                handler=self.post_heartbeat,
                summary="Máy đang dự báo vẫn còn kết nối",
                answer=HeartbeatView,
                body=HeartbeatBody,
                own_key=True,
                tags=_TAGS,
            ),
        ]

    async def get_hall_code(self, call: Call[Body, Body]) -> HallCodeView:
        """The code, its link and the picture of it."""
        meeting = call.id("meeting")
        shown = await self._service.check_ins.hall_code(holder_of(call), meeting)
        link = self._link(call.request, meeting, shown.code)
        return HallCodeView(code=shown.code, link=link, svg=_svg(link), changes_at=shown.changes_at)

    async def get_scan(self, call: Call[Body, ScanQuery]) -> web.Response:
        """The nonce for a good code."""
        scan = await self._service.check_ins.scan(call.asker, call.id("meeting"), call.query.code)
        secret = self._mark.secret(call.request)
        return self._mark.lay(call.request, _json(ScanView.model_validate(scan)), secret)

    async def post_check_in(self, call: Call[CheckInBody, Body]) -> web.Response:
        """Keep a check-in."""
        body, secret = call.body, self._mark.secret(call.request)
        sent = CheckIn(
            id=body.id, code=body.code, nonce=body.nonce, device_at=body.device_at, member=body.member
        )
        checked = await self._service.check_ins.check_in(
            call.asker, call.id("meeting"), sent, browser=browser_of(secret)
        )
        return self._mark.lay(call.request, _json(CheckInView.model_validate(checked)), secret)

    async def post_heartbeat(self, call: Call[HeartbeatBody, Body]) -> HeartbeatView:
        """Stretch the row of this connection."""
        sid = call.body.participant_sid
        after = await self._service.machines.beat(call.asker, call.id("meeting"), sid)
        return HeartbeatView(next_after_seconds=int(after.total_seconds()))

    def _link(self, request: web.Request, meeting: Id, code: str) -> str:
        address = self._public_url or f"{request.scheme}://{request.host}"
        return f"{address}/meetings/{meeting}/check-in?code={code}"


def _json(view: View) -> web.Response:
    return web.Response(body=view.model_dump_json().encode(), content_type="application/json")


def _svg(link: str) -> str:
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="svg", xmldecl=False, scale=8, title="Mã QR")
    return picture.getvalue().decode()
