"""Rooms over HTTP: tickets, removals, and the media server's webhook."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from meetings.http.endpoint import API, Call, Endpoint
from meetings.http.shapes import Body, Line, Nothing, UuidText, View
from meetings.rooms.passing import Passing, seen_from
from meetings.rooms.service import RoomsService

WEBHOOK_PATH = f"{API}/livekit/webhook"


class TicketView(View):
    """How to enter: a LiveKit address and a token that lives 60 s."""

    url: str
    token: str
    room: str
    identity: str
    role: str
    publish: list[str]
    expires_at: datetime


class RemovalBody(Body):
    """Whom to send out, and why."""

    member: UuidText
    reason: Line


class RoomsHandlers:
    """JSON in, JSON out. `public_url`: where people reach the service, "" for the very host they ask."""

    def __init__(self, service: RoomsService, public_url: str = "") -> None:
        self._service, self._public_url = service, public_url

    async def take_ticket(self, call: Call[Body, Body]) -> TicketView:
        """POST …/ticket."""
        entry = await self._service.enter(call.asker, call.id("meeting"))
        return TicketView(
            url=seen_from(call.request, entry.url, self._public_url),
            token=entry.token,
            room=entry.ticket.room,
            identity=entry.ticket.identity,
            role=entry.ticket.role.value,
            publish=sorted(source.value for source in entry.ticket.rights.publish),
            expires_at=entry.expires_at,
        )

    async def remove_from_room(self, call: Call[RemovalBody, Body]) -> Nothing:
        """POST …/removals."""
        await self._service.remove(call.asker, call.id("meeting"), call.body.member, call.body.reason)
        return Nothing()

    async def readmit_to_room(self, call: Call[RemovalBody, Body]) -> Nothing:
        """POST …/readmissions."""
        await self._service.readmit(call.asker, call.id("meeting"), call.body.member, call.body.reason)
        return Nothing()

    async def livekit_webhook(self, request: web.Request) -> web.Response:
        """POST /api/v1/livekit/webhook: signed by the media server; no session."""
        await self._service.receive(await request.read(), request.headers.get("Authorization", ""))
        return web.Response(status=200)

    def routes(self) -> list[web.RouteDef]:
        """What is not for people."""
        passing = Passing(self._service.media_address)
        return [web.post(WEBHOOK_PATH, self.livekit_webhook), *passing.routes()]

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        base, tags = "/meetings/{meeting}", ("rooms",)
        return [
            Endpoint(
                method="POST",
                path=f"{base}/ticket",
                handler=self.take_ticket,
                summary="Lấy vé vào phòng họp (60 giây)",
                answer=TicketView,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path=f"{base}/removals",
                handler=self.remove_from_room,
                summary="Mời một đồng chí ra khỏi phòng và không cho vào lại",
                body=RemovalBody,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path=f"{base}/readmissions",
                handler=self.readmit_to_room,
                summary="Cho một đồng chí vào phòng lại",
                body=RemovalBody,
                tags=tags,
            ),
        ]
