"""One's own notices over HTTP: whoever has no other channel is told here."""

from __future__ import annotations

from datetime import datetime

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Nothing, View
from meetings.notices.service import NoticesService


class NoticeView(View):
    """One message. `subject`: mostly the sitting; `due_at`: since when it waits to be read, `read_at`: when its reader
    said that they saw it (UTC)."""

    key: str
    subject: str
    kind: str
    text: str
    due_at: datetime
    read_at: datetime | None


class NoticesView(View):
    """The asker's notices, the unread first."""

    notices: list[NoticeView]


class NoticesHandlers:
    """JSON out."""

    def __init__(self, service: NoticesService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [
            Endpoint(
                method="GET",
                path="/notices",
                handler=self.list_notices,
                summary="Tin báo cho tôi",
                answer=NoticesView,
                tags=("notices",),
            ),
            Endpoint(
                method="POST",
                path="/notices/{notice}/read",
                handler=self.read_notice,
                summary="Tôi đã xem tin này",
                body=Body,
                answer=Nothing,
                tags=("notices",),
            ),
        ]

    async def read_notice(self, call: Call[Body, Body]) -> Nothing:
        """POST …/read."""
        await self._service.mark_read(call.asker, call.id("notice"))
        return Nothing()

    async def list_notices(self, call: Call[Body, Body]) -> NoticesView:
        """GET /notices."""
        found = await self._service.mine(call.asker)
        return NoticesView(notices=[NoticeView.model_validate(one) for one in found])
