"""Ballots are printed before a question is put: what they ask, and about whom. Nothing of it is kept."""

from __future__ import annotations

from aiohttp import web

from meetings.attendance.service.reading import day_of
from meetings.committees.powers import Act
from meetings.convening import service as convening
from meetings.kernel.errors import Refused
from meetings.minutes.service.ballot_sheets import Ahead
from meetings.pages.desk import Desk, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.questions import person_of
from meetings.voting.elections import ELECTIONS
from meetings.voting.instruments import rule_on
from meetings.voting.rules import DecisionKind, Form

_MOST = 500


class BallotPages:
    """`/m/{meeting}/ballots`, for who may run votes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """The form and the sheets."""
        one = "/m/{meeting}/ballots"
        return [web.get(one, self.show), web.post(one, self.print)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/ballots."""
        return await self._page(request, None, None)

    async def print(self, request: web.Request) -> web.StreamResponse:
        """POST …/ballots: the PDF, or the form again with what does not fit."""
        filled = Filled(await request.post())
        try:
            ahead = _ahead(filled)
            filled.check()
            pdf = await self._desk.services.papers.ballots.ahead(
                asker_of(request), meeting_of(request), ahead
            )
        except Refused as refusal:
            return await self._page(request, filled, refusal)
        headers = {"Content-Disposition": 'inline; filename="phieu.pdf"'}
        return web.Response(body=pdf, content_type="application/pdf", headers=headers)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VOTE)
            day = day_of(frame.sitting)
            roll = await convening.roster_of(uow, frame.sitting)
        on_paper = [
            one for one in DecisionKind if one not in ELECTIONS and Form.PAPER in rule_on(one, day).forms
        ]
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "kinds": on_paper,
            "roll": roll,
            "here": f"/m/{frame.sitting.id}/ballots",
        }
        return self._desk.page(request, "ballots_ahead.html", context, filled=filled, refusal=refusal)


def _ahead(filled: Filled) -> Ahead:
    kind = filled.chosen("kind", DecisionKind, DecisionKind.ADMISSION)
    return Ahead(
        question=filled.line("question"),
        kind=kind,
        person=person_of(filled, kind),
        copies=filled.number("copies", 1, _MOST, default=0) or None,
    )
