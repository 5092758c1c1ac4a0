"""A superior's paper about a cell's month, entered by the committee: shown beside the month, it counts nothing
(rules.md 1.5)."""

from __future__ import annotations

from enum import StrEnum

from aiohttp import web
from aiohttp.web_request import FileField

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.convening.obligations import month_word
from meetings.convening.service import DecisionTaken, Paper
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.months import Month
from meetings.kernel.scans import MOST_BYTES, NotAScan, ScanTooLarge
from meetings.pages.desk import Desk
from meetings.pages.filled import FILL_IN, Filled
from meetings.pages.forms import asker_of

_MOST_MB = MOST_BYTES // 1024 // 1024


class Says(StrEnum):
    """What the paper says of the month."""

    LIFTS = "lifts"
    PILOT = "pilot"


SAYS = {
    Says.LIFTS: (
        source("Tháng này không tổ chức sinh hoạt thường kỳ"),
        source("Tháng được ghi là không họp theo quyết định của cấp trên; không tính là đã họp."),
    ),
    Says.PILOT: (
        source("Cho phép thí điểm sinh hoạt trực tuyến"),
        source("Chỉ ghi bên cạnh tháng. Buổi trực tuyến vẫn là buổi bổ trợ, không thay buổi thường kỳ."),
    ),
}


class DecidingPages:
    """`/c/{cell}/months/{month}/decision`, for the committees above the cell."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The page and its form."""
        path = "/c/{cell}/months/{month}/decision"
        return [web.get(path, self.show), web.post(path, self.enter)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/decision."""
        return await self._page(request, None, None)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """POST …/decision: what the paper says, with the paper itself where there is a picture of it."""
        asker, (cell, month) = asker_of(request), _of(request)

        async def act(filled: Filled) -> None:
            scan = (await request.post()).get("scan")
            paper = _paper(
                filled, scan.file.read() if isinstance(scan, FileField) and scan.filename else None
            )
            filled.check()
            try:
                await self._services.convening.decide_month(asker, cell, month, paper)
            except (NotAScan, ScanTooLarge) as refusal:
                filled.wrong("scan", refusal.message, most=_MOST_MB)
                raise
            except DecisionTaken as refusal:
                filled.wrong("number", refusal.message)
                raise

        return await self._desk.post(
            request, act, lambda *told: self._page(request, *told), f"/c/{cell}/months/{month}/decision"
        )

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        asker, (cell, month) = asker_of(request), _of(request)
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker, Act.DECIDE_MONTH, cell)
            at = await committees.standpoint(uow, cell)
            status, _, text = await self._services.convening.month_of(asker, cell, month)
        context = {
            "cell": cell,
            "cell_name": at.org.name,
            "month": month,
            "word": month_word(status.state),
            "text": text,
            "decisions": status.decisions,
            "says": SAYS,
            "here": f"/c/{cell}/months/{month}/decision",
        }
        first = filled or Filled(says=Says.LIFTS.value, issuer=at.chain[1].name)
        return self._desk.page(request, "deciding.html", context, filled=first, refusal=refusal)


def _of(request: web.Request) -> tuple[Id, Month]:
    return parse_id(request.match_info["cell"]), Month.parse(request.match_info["month"])


def _paper(filled: Filled, scan: bytes | None) -> Paper:
    reason = filled.long("reason")
    if not reason:
        filled.wrong("reason", FILL_IN)
    return Paper(
        number=filled.line("number"),
        issued_on=filled.day("issued_on"),
        issuer=filled.line("issuer"),
        reason=reason,
        lifts_month=filled.chosen("says", Says, Says.LIFTS) is Says.LIFTS,
        scan=scan,
    )
