"""One's own notices over HTTP: whoever has no other channel is told here."""

from __future__ import annotations

from datetime import datetime

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, View
from meetings.notices.service import NoticesService


class NoticeView(View):
    """One message. `subject`: mostly the sitting; `due_at`: since when it waits to be read (UTC)."""

    subject: str
    kind: str
    text: str
    due_at: datetime


class NoticesView(View):
    """The asker's notices, the newest first."""

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
            )
        ]

    async def list_notices(self, call: Call[Body, Body]) -> NoticesView:
        """GET /notices."""
        found = await self._service.mine(call.asker)
        return NoticesView(notices=[NoticeView.model_validate(one) for one in found])
