"""Where the code on the hall's screen leads: one's name, and "Tôi có mặt" (ui.md 8)."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from meetings.attendance.handlers.browser import BrowserMark, browser_of
from meetings.attendance.service import CheckIn
from meetings.http.identity import ASKER
from meetings.kernel.ids import new_id, parse_id
from meetings.pages.forms import asker_of, check_in_form
from meetings.pages.pen import Pen
from meetings.pages.services import PageServices

PATH = "/meetings/{meeting}/check-in"


class CheckInPages:
    """The page marks the browser, so that a second name on one phone is noticed."""

    def __init__(self, services: PageServices, pen: Pen, public_url: str) -> None:
        self._check_ins, self._pen = services.attendance.check_ins, pen
        self._mark = BrowserMark(public_url)

    def routes(self) -> list[web.RouteDef]:
        """The link in the code, and its form."""
        return [web.get(PATH, self.show), web.post(PATH, self.check_in)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET: greets by name; consumes nothing. Signed out: how to sign in."""
        if ASKER not in request:
            return self._pen.signed_out(request, status=401)
        meeting = parse_id(request.match_info["meeting"])
        scan = await self._check_ins.scan(request[ASKER], meeting, request.query.get("code", ""))
        context = {
            "name": scan.name,
            "nonce": scan.nonce,
            "sharing": scan.sharing,
            "practice": scan.practice,
            "id": new_id(),
        }
        return self._mark.lay(request, self._page(request, context), self._mark.secret(request))

    async def check_in(self, request: web.Request) -> web.StreamResponse:
        """POST: kept once, however often the form is sent. A shared phone goes on to the next hands."""
        asker, secret = asker_of(request), self._mark.secret(request)
        meeting = parse_id(request.match_info["meeting"])
        sent: CheckIn = await check_in_form(request)
        await self._check_ins.check_in(asker, meeting, sent, browser=browser_of(secret))
        others = await self._check_ins.handed_round(asker, meeting)
        if any(not one.scanned for one in others):
            context = {"nonce": sent.nonce, "sharing": others, "kept": True}
            return self._mark.lay(request, self._page(request, context), secret)
        see = web.Response(status=303, headers={"Location": f"/m/{meeting}#minh"})
        return self._mark.lay(request, see, secret)

    def _page(self, request: web.Request, context: Mapping[str, object]) -> web.Response:
        """The forms; each name has a key of its own."""
        meeting = parse_id(request.match_info["meeting"])
        shared = {
            "meeting": meeting,
            "new_id": new_id,
            "here": f"/m/{meeting}",
            "kept": False,
            "name": "",
            "practice": False,
        }
        return self._pen.page(request, "pages/check_in.html", {**shared, **context})
