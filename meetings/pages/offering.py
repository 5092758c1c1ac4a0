"""Papers for which nothing has to be written: looked at, issued, and then signed by key or by hand."""

from __future__ import annotations

from aiohttp import web

from meetings.committees.powers import Act
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import parse_id
from meetings.minutes.numbering import PaperKind
from meetings.minutes.service.papers import Wanted
from meetings.pages.desk import Desk, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.issuing import issue, preview

OFFERED = {
    PaperKind.CONVOCATION: source("Giấy mời"),
    PaperKind.COUNTING: source("Biên bản kiểm phiếu"),
    PaperKind.ATTENDANCE: source("Danh sách điểm danh"),
    PaperKind.EXCERPT: source("Trích biên bản"),
}
WHO_SIGNS = {
    PaperKind.CONVOCATION: source("Bí thư hoặc phó bí thư ký; có số."),
    PaperKind.COUNTING: source("Cả ban kiểm phiếu ký; có số."),
    PaperKind.ATTENDANCE: source("Thư ký, rồi chủ trì ký."),
    PaperKind.EXCERPT: source("Bí thư hoặc phó bí thư ký."),
}


class OfferPages:
    """`/m/{meeting}/papers`: for whoever writes the minutes."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._papers = desk, desk.services.papers

    def routes(self) -> list[web.RouteDef]:
        """The list, a look at the print, the number."""
        one = "/m/{meeting}/papers"
        return [
            web.get(one, self.show),
            web.post(one, self.issue),
            web.post(f"{one}/preview.pdf", self.preview),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/papers."""
        return await self._page(request, None)

    async def issue(self, request: web.Request) -> web.StreamResponse:
        """POST …/papers: issued, under the next number where its kind has numbers; then it waits for signatures."""
        try:
            wanted = _wanted(Filled(await request.post()))
            return await issue(self._desk, request, wanted, f"/m/{meeting_of(request)}#papers")
        except Refused as refusal:
            return await self._page(request, refusal)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """POST …/papers/preview.pdf: how it would be printed; keeps nothing."""
        try:
            wanted = _wanted(Filled(await request.post()))
            return await preview(self._desk, request, wanted, "van-ban-xem-truoc.pdf")
        except Refused as refusal:
            return await self._page(request, refusal)

    async def _page(self, request: web.Request, refusal: Refused | None) -> web.StreamResponse:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.MINUTES)
        meeting = frame.sitting.id
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "offers": await self._papers.offers.of_meeting(asker_of(request), meeting),
            "kinds": OFFERED,
            "who_signs": WHO_SIGNS,
            "here": f"/m/{meeting}/papers",
        }
        return self._desk.page(request, "offers.html", context, refusal=refusal)


def _wanted(filled: Filled) -> Wanted:
    kind, about = filled.chosen("kind", PaperKind, PaperKind.ATTENDANCE), parse_id(filled.get("about"))
    filled.check()
    return Wanted(
        kind=kind,
        vote=about if kind is PaperKind.COUNTING else None,
        item=about if kind is PaperKind.EXCERPT else None,
    )
