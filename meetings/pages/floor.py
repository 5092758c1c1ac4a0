"""The speakers' list on pages: a member raises a hand with a plain form, the console calls and ends turns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id, parse_id
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of, hand_form
from meetings.pages.meeting import MeetingPages
from meetings.pages.run import RunPages
from meetings.pages.services import PageServices


class HandPages:
    """`/m/{meeting}/hand…`, from the meeting's page and from the room."""

    def __init__(self, services: PageServices, meetings: MeetingPages) -> None:
        self._services, self._meetings = services, meetings

    def routes(self) -> list[web.RouteDef]:
        """Up, and down again."""
        one = "/m/{meeting}/hand"
        return [web.post(one, self.put_up), web.post(f"{one}/{{hand}}", self.lower)]

    async def put_up(self, request: web.Request) -> web.StreamResponse:
        """POST …/hand: one's own; sent again it changes nothing."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(hand: Id) -> None:
            await self._services.agenda.speakers.put_up(asker, meeting, hand, None)

        return await self._post(request, act)

    async def lower(self, request: web.Request) -> web.StreamResponse:
        """POST …/hand/{hand}: one does not want to speak any more."""
        asker = asker_of(request)

        async def act(_hand: Id) -> None:
            await self._services.agenda.speakers.lower(asker, parse_id(request.match_info["hand"]))

        return await self._post(request, act)

    async def _post(self, request: web.Request, act: Callable[[Id], Awaitable[None]]) -> web.StreamResponse:
        try:
            hand, in_room = await hand_form(request)
            await act(hand)
        except Refused as refusal:
            return await self._meetings.shown(request, refusal)
        return see(f"/m/{meeting_of(request)}{'/room' if in_room else ''}#hands")


class FloorPages:
    """`/m/{meeting}/run/hands…`, for who leads the sitting. What is refused is said on the console."""

    def __init__(self, desk: Desk, run: RunPages) -> None:
        self._desk, self._run = desk, run
        self._speakers = desk.services.agenda.speakers

    def routes(self) -> list[web.RouteDef]:
        """Put somebody on the list, and give turns."""
        listed = "/m/{meeting}/run/hands"
        return [
            web.post(listed, self.put_up),
            web.post("/m/{meeting}/run/guests", self.put_up_guest),
            web.post(f"{listed}/{{hand}}", self.turn),
        ]

    async def put_up_guest(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/guests: a guest wants to speak; a new one is written down among the guests first."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> None:
            known = [one.id for one in await self._run.guests(request)]
            chosen = filled.among("guest", known, empty=True)
            name = filled.line("guest_name", most=120, empty=bool(chosen))
            comes_from = filled.line("guest_from", empty=True)
            filled.check()
            if not chosen:
                made = await self._desk.services.attendance.guests.welcome(
                    asker, meeting, full_name=name, comes_from=comes_from, overseer=False
                )
                chosen = made.id
            await self._speakers.put_up_guest(asker, meeting, new_id(), chosen)

        return await self._post(request, act)

    async def put_up(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/hands: somebody raised a hand in the hall."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> None:
            known = [one.id for one in await self._run.present(request)]
            member = filled.among("speaker", known)
            filled.check()
            await self._speakers.put_up(asker, meeting, new_id(), member)

        return await self._post(request, act)

    async def turn(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/hands/{hand}: call, finish or lower, by the button that was pressed."""
        asker, hand = asker_of(request), parse_id(request.match_info["hand"])
        acts = {"call": self._speakers.call, "finish": self._speakers.finish, "lower": self._speakers.lower}

        async def act(filled: Filled) -> None:
            if (chosen := acts.get(filled.get("do"))) is not None:
                await chosen(asker, hand)

        return await self._post(request, act)

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]]
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/run#floor"
        return await self._desk.post(request, act, lambda *told: self._run.shown(request, *told), to)
