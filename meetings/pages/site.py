"""All plain pages as one object for the composition root."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from meetings.http.identity import ASKER
from meetings.pages.assets import Assets
from meetings.pages.check_in import CheckInPages
from meetings.pages.home import look_home
from meetings.pages.live import LivePages
from meetings.pages.meeting import MeetingPages
from meetings.pages.pen import Pen
from meetings.pages.room import RoomPages
from meetings.pages.services import PageServices


class Pages:
    """`/`, `/m/…` and where the hall's code leads. The application needs `set_up_templates`.

    `media_address()`: where browsers find the media server.
    """

    def __init__(
        self, services: PageServices, public_url: str = "", *, media_address: Callable[[], str] = str
    ) -> None:
        self._services = services
        self._pen = Pen(services.units.clock)
        self._meetings = MeetingPages(services, self._pen)
        self._assets = Assets()
        self._room = RoomPages(services, self._pen, self._assets, media_address)
        self._live = LivePages(services.live)
        self._check_in = CheckInPages(services, self._pen, public_url)

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        parts = (self._meetings, self._room, self._live, self._check_in, self._assets)
        return [web.get("/", self.home), *(route for part in parts for route in part.routes())]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """GET /: the member's first page; signed out: how to sign in."""
        if ASKER not in request:
            return self._pen.signed_out(request)
        look = await look_home(self._services, request[ASKER])
        return self._pen.page(request, "pages/home.html", {"look": look})
