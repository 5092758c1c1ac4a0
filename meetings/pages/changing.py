"""A sitting that was announced gets another time or place, or will not be held."""

from __future__ import annotations

from aiohttp import web

from meetings.committees.powers import Act
from meetings.convening.rules import State
from meetings.kernel.errors import Refused
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

_COMING = frozenset({State.DRAFT, State.CONVENED})


class ChangingPages:
    """`/m/{meeting}/change…`, for who leads the cell, until the opening."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """Moving, cancelling."""
        one = "/m/{meeting}/change"
        return [
            web.get(one, self.show),
            web.post(one, self.move),
            web.post(f"{one}/cancel", self.cancel),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/change."""
        return await self._change(request, None, None)

    async def move(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/change: another time, another place; then everybody is told anew."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            async with self._services.units.read() as uow:
                sitting = (await self._desk.framed(uow, request, Act.CONVENE)).sitting
            starts, place = filled.moment("day", "time", sitting.zone), filled.line("place")
            filled.check()
            if (starts, place) != (sitting.starts_at, sitting.place):
                await self._services.convening.move(asker_of(request), meeting, starts, place)

        return await self._desk.post(
            request, act, lambda *told: self._change(request, *told), f"/m/{meeting}/called"
        )

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/change/cancel: it will not be held, for the reason given."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            reason = filled.line("reason")
            filled.check()
            await self._services.convening.cancel(asker_of(request), meeting, reason)

        return await self._desk.post(
            request, act, lambda *told: self._change(request, *told), f"/m/{meeting}/called"
        )

    async def _change(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.CONVENE)
        sitting = frame.sitting
        if sitting.state not in _COMING:
            return see(f"/m/{sitting.id}")
        zone = zone_of(sitting.zone)
        told = {
            "day": date_text(sitting.starts_at.astimezone(zone).date()),
            "time": time_text(sitting.starts_at, zone),
            "place": sitting.place,
        }
        shown = Filled(told | (filled.values if filled else {}))
        shown.problems = filled.problems if filled else {}
        context = {"frame": frame, "sitting": sitting, "here": f"/m/{sitting.id}/change"}
        return self._desk.page(request, "change.html", context, filled=shown, refusal=refusal)
