"""Days off and days of work of a year: a committee enters what a paper says; who administers or audits reads."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.convening.holidays import DayDecision
from meetings.convening.service import DaysSaid
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of


class Sort(StrEnum):
    """What the days are."""

    OFF = "off"
    WORK = "work"


SORTS = {Sort.OFF: source("Ngày nghỉ"), Sort.WORK: source("Ngày làm việc (làm bù, hoặc không nghỉ)")}
_AHEAD = 2  # years shown, this one included


class HolidayPages:
    """`/o/{org}/holidays`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The page and its form."""
        path = "/o/{org}/holidays"
        return [web.get(path, self.show), web.post(path, self.enter)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /o/{org}/holidays."""
        return await self._page(request, Filled(sort=Sort.OFF.value), None)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """POST /o/{org}/holidays: what a paper says of some days."""
        asker, org = asker_of(request), _org_of(request)

        async def act(filled: Filled) -> None:
            first = filled.day("first")
            said = DaysSaid(
                first=first,
                last=filled.day("last") if filled.get("last").strip() else first,
                off=filled.chosen("sort", Sort, Sort.OFF) is Sort.OFF,
                name=filled.line("name"),
                citation=filled.line("paper"),
            )
            filled.check()
            await self._services.convening.decide_days(asker, org, said)

        return await self._desk.post(
            request, act, lambda *told: self._page(request, *told), f"/o/{org}/holidays"
        )

    async def _page(
        self, request: web.Request, filled: Filled, refusal: Refused | None
    ) -> web.StreamResponse:
        asker, org = asker_of(request), _org_of(request)
        async with self._services.units.read() as uow:
            at = await committees.standpoint(uow, org)
            actor = await committees.actor_of(uow, asker, at.today)
        years = range(at.today.year, at.today.year + _AHEAD)
        found = [await self._services.convening.year_of_days(asker, org, year) for year in years]
        context = {
            "org_name": at.org.name,
            "years": [
                (year, one.holidays, _work(one.decided)) for year, one in zip(years, found, strict=True)
            ],
            "sorts": SORTS,
            "decides": can(actor, Act.SET_POLICY, at.place(), at.today),
            "here": f"/o/{org}/holidays",
        }
        return self._desk.page(request, "holidays.html", context, filled=filled, refusal=refusal)


def _work(decided: Iterable[DayDecision]) -> list[DayDecision]:
    return [one for one in decided if not one.off]


def _org_of(request: web.Request) -> Id:
    return parse_id(request.match_info["org"])
