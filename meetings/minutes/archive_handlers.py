"""Where signed minutes stand with the archive, over HTTP."""

from __future__ import annotations

from datetime import datetime

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, View
from meetings.minutes.lasting import ArchiveStanding, ArchiveState
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
        return _view(await self._archive.standing(call.asker, call.id("meeting")))

    async def get_paper_archive_standing(self, call: Call[Body, Body]) -> ArchiveView:
        """GET /papers/{paper}/archive."""
        return _view(await self._archive.of_paper(call.asker, call.id("paper")))

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
            ),
            Endpoint(
                method="GET",
                path="/papers/{paper}/archive",
                handler=self.get_paper_archive_standing,
                summary="Dấu thời gian lưu trữ của văn bản đã ký",
                answer=ArchiveView,
                tags=("papers",),
            ),
        ]


def _view(found: ArchiveStanding) -> ArchiveView:
    return ArchiveView(state=found.state, stamped_at=found.stamped_at, due_at=found.due_at)
