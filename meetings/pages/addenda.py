"""A mistake in approved minutes is put right by an addendum: words to be read instead, remarks, why, who found it."""

from __future__ import annotations

from aiohttp import web

from meetings.committees.powers import Act
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.minutes.numbering import PaperKind
from meetings.minutes.papers.corrections import WHOLE, Changes, Stated
from meetings.minutes.service.papers import Wanted
from meetings.pages.desk import Desk, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.issuing import issue, preview

FROM_RECORD = {
    Stated.OPENING: source("Thời gian, địa điểm, thành phần"),
    Stated.ATTENDANCE: source("Điểm danh"),
    Stated.VOTES: source("Biểu quyết, kết quả"),
    Stated.WORK: source("Việc giao, đề nghị, bảo lưu"),
}


class AddendumPages:
    """`/m/{meeting}/addendum`: for whoever writes the minutes, once they are approved."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._papers = desk, desk.services.papers

    def routes(self) -> list[web.RouteDef]:
        """The form, a look at the print, the number."""
        one = "/m/{meeting}/addendum"
        return [
            web.get(one, self.show),
            web.post(one, self.issue),
            web.post(f"{one}/preview.pdf", self.preview),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/addendum."""
        return await self._page(request, None, None)

    async def issue(self, request: web.Request) -> web.StreamResponse:
        """POST …/addendum: fixed under its number; then it waits for the recorder's signature, and the chair's."""
        filled = Filled(await request.post())
        try:
            wanted = await self._wanted(request, filled)
            return await issue(self._desk, request, wanted, f"/m/{meeting_of(request)}#minutes")
        except Refused as refusal:
            return await self._page(request, filled, refusal)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """POST …/addendum/preview.pdf: how it would be printed; keeps nothing."""
        filled = Filled(await request.post())
        try:
            wanted = await self._wanted(request, filled)
            return await preview(self._desk, request, wanted, "phu-luc-xem-truoc.pdf")
        except Refused as refusal:
            return await self._page(request, filled, refusal)

    async def _wanted(self, request: web.Request, filled: Filled) -> Wanted:
        found = await self._papers.addenda.correctable(asker_of(request), meeting_of(request))
        changes = Changes(
            words={one.item: filled.long(f"words-{one.item}") for one in found.places},
            remarks={part: filled.long(f"remark-{part.value}") for part in Stated},
            reason=filled.line("reason"),
            found_by=filled.line("found_by"),
        )
        filled.check()
        return Wanted(kind=PaperKind.ADDENDUM, changes=changes)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.MINUTES)
        meeting = frame.sitting.id
        found = await self._papers.addenda.correctable(asker_of(request), meeting)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "places": found.places,
            "added": found.added,
            "parts": FROM_RECORD,
            "whole": WHOLE,
            "has_hall": frame.has_hall,
            "here": f"/m/{meeting}/addendum",
        }
        now = {f"words-{one.item}": one.now for one in found.places}
        return self._desk.page(
            request, "addendum.html", context, filled=filled or Filled(now), refusal=refusal
        )
