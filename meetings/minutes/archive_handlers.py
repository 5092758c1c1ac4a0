"""Where signed minutes stand with the archive, over HTTP."""

from __future__ import annotations

from datetime import datetime

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, View
from meetings.minutes.lasting import ArchiveState
from meetings.minutes.service import ArchiveService


class ArchiveView(View):
    """`stamped_at`: the newest time stamp over the whole file; `due_at`: when the next one is due."""

    state: ArchiveState
    stamped_at: datetime | None
    due_at: datetime | None


class ArchiveHandlers:
    """JSON out."""

    def __init__(self, archive: ArchiveService) -> None:
        self._archive = archive

    async def get_archive_standing(self, call: Call[Body, Body]) -> ArchiveView:
        """GET …/minutes/archive."""
        found = await self._archive.standing(call.asker, call.id("meeting"))
        return ArchiveView(state=found.state, stamped_at=found.stamped_at, due_at=found.due_at)

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/minutes/archive",
                handler=self.get_archive_standing,
                summary="Dấu thời gian lưu trữ của biên bản đã ký",
                answer=ArchiveView,
                tags=("minutes",),
            )
        ]
