""" "Nhập buổi đã họp trên giấy": a meeting held without any device is entered afterwards (rules.md 1.6)."""

from __future__ import annotations

from aiohttp import web
from aiohttp.web_request import FileField

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.convening.rules import Kind
from meetings.convening.service import OnPaper
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.scans import NotAScan, ScanTooLarge
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

KINDS = (
    Kind.REGULAR,
    Kind.REGULAR_WITH_THEMATIC,
    Kind.THEMATIC,
    Kind.EXTRAORDINARY,
    Kind.COMMITTEE,
    Kind.CONGRESS,
    Kind.CEREMONY,
)
NO_PHOTO = source("Xin chọn ảnh chụp trang biên bản đã ký.")


class PaperEntryPages:
    """`/c/{cell}/paper-meeting`, for who enters what the paper says."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """One form; roll, counts and close follow as for any sitting."""
        path = "/c/{cell}/paper-meeting"
        return [web.get(path, self.show), web.post(path, self.enter)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /c/{cell}/paper-meeting."""
        return await self._form(request, Filled(kind=Kind.REGULAR.value), None)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """POST /c/{cell}/paper-meeting."""
        cell, asker = _cell_of(request), asker_of(request)

        async def act(filled: Filled) -> str:
            async with self._services.units.read() as uow:
                zone = await committees.cell_zone(uow, cell)
            photo = (await request.post()).get("photo")
            if not isinstance(photo, FileField) or not photo.filename:
                filled.wrong("photo", NO_PHOTO)
            said = OnPaper(
                kind=filled.chosen("kind", Kind, Kind.REGULAR),
                place=filled.line("place"),
                opened_at=filled.moment("day", "opened", zone),
                closed_at=filled.moment("day", "closed", zone),
                photo=photo.file.read() if isinstance(photo, FileField) else b"",
            )
            filled.check()
            try:
                made = await self._services.convening.enter_paper(asker, cell, said)
            except (NotAScan, ScanTooLarge) as refusal:
                filled.wrong("photo", refusal.message, **refusal.facts)
                raise
            return f"/m/{made.id}/roll"

        return await self._desk.post(request, act, lambda *told: self._form(request, *told), "/")

    async def _form(
        self, request: web.Request, filled: Filled, refusal: Refused | None
    ) -> web.StreamResponse:
        cell = _cell_of(request)
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker_of(request), Act.ENTER_LATE, cell)
            at = await committees.standpoint(uow, cell)
        context = {
            "cell": cell,
            "cell_name": at.org.name,
            "kinds": KINDS,
            "here": f"/c/{cell}/paper-meeting",
        }
        return self._desk.page(request, "paper.html", context, filled=filled, refusal=refusal)


def _cell_of(request: web.Request) -> Id:
    return parse_id(request.match_info["cell"])
