"""A "buổi tập": every step of a meeting tried on real people's roster, which counts for nothing (rules.md 1.8)."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Kind, Mode
from meetings.convening.service import Calling
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.months import Month
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.words import is_practice

PATH = "/c/{cell}/practice"
_BACK = timedelta(days=62)
_AHEAD = timedelta(minutes=5)


class PracticePages:
    """`/c/{cell}/practice`, for who convenes. What follows are the pages of any meeting, marked throughout."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """What it is, and the button."""
        return [web.get(PATH, self.show), web.post(PATH, self.begin)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET: what a practice does and does not do."""
        return await self._page(request, None, None)

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """POST: a draft for right now, at its agenda."""
        asker, cell = asker_of(request), _cell_of(request)

        async def act(_filled: Filled) -> str:
            name, known = await self._read(request)
            calling = Calling(
                kind=Kind.PRACTICE,
                mode=Mode.IN_PERSON,
                starts_at=self._services.units.clock.now().replace(second=0, microsecond=0) + _AHEAD,
                place=known[-1].place if known else name,
            )
            made = await self._services.convening.call_meeting(asker, cell, calling)
            return f"/m/{made.id}/call/agenda"

        return await self._desk.post(request, act, lambda *told: self._page(request, *told), "/")

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        name, known = await self._read(request)
        cell = _cell_of(request)
        context = {
            "cell_name": name,
            "tried": [one for one in reversed(known) if is_practice(one)],
            "here": f"/c/{cell}/practice",
        }
        return self._desk.page(request, "practice.html", context, filled=filled, refusal=refusal)

    async def _read(self, request: web.Request) -> tuple[str, list[AnySitting]]:
        """The cell's name and its sittings of late. Raises NotSignedIn, NoPower."""
        cell = _cell_of(request)
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker_of(request), Act.CONVENE, cell)
            at = await committees.standpoint(uow, cell)
            months = (Month.of(uow.now - _BACK, at.zone), Month.of(uow.now, at.zone))
            return at.org.name, await convening.of_cells(uow, [cell], *months)


def _cell_of(request: web.Request) -> Id:
    return parse_id(request.match_info["cell"])
