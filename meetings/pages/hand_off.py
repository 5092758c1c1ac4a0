"""Out of Zalo's built-in browser into the phone's own one, without signing in again (ui.md 9)."""

from __future__ import annotations

from aiohttp import web

from meetings.committees.service.links import Link
from meetings.pages.browsers import is_apple, outside
from meetings.pages.desk import meeting_of
from meetings.pages.forms import asker_of
from meetings.pages.pen import Pen
from meetings.pages.services import PageServices


class HandOffPages:
    """`/m/{meeting}/open`, for whoever is signed in. The link is made by the button, not by opening the page."""

    def __init__(self, services: PageServices, pen: Pen, public_url: str) -> None:
        self._services, self._pen = services, pen
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """Its one address."""
        return [web.get("/m/{meeting}/open", self.show), web.post("/m/{meeting}/open", self.make)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET: why, and the button."""
        asker_of(request)
        return self._page(request, None)

    async def make(self, request: web.Request) -> web.StreamResponse:
        """POST: the way out, open for two minutes."""
        return self._page(request, await self._services.committees.codes.hand_off(asker_of(request)))

    def _page(self, request: web.Request, made: Link | None) -> web.StreamResponse:
        agent, meeting = request.headers.get("User-Agent", ""), meeting_of(request)
        address = self._public_url or f"{request.scheme}://{request.host}"
        link = f"{address}/l/{made.token}?m={meeting}" if made else ""
        context = {
            "meeting": meeting,
            "link": link,
            "outside": outside(agent, link) if link else "",
            "browser": "Safari" if is_apple(agent) else "Chrome",
            "here": f"/m/{meeting}/open",
        }
        return self._pen.page(request, "pages/open.html", context)
