"""Opinions that are reserved, by plain forms: a member's own, or what the recorder heard in the hall."""

from __future__ import annotations

from aiohttp import web

from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id, parse_id
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of, reserve_form
from meetings.pages.meeting import MeetingPages
from meetings.pages.questions import QuestionPages
from meetings.voting.reserved import MOST_WORDS
from meetings.voting.reserving import Reserving


class ReservePages:
    """On the meeting's page for its members, on the question's page for who leads."""

    def __init__(self, desk: Desk, meetings: MeetingPages, questions: QuestionPages) -> None:
        self._desk, self._meetings, self._questions = desk, meetings, questions
        self._reserving = desk.services.voting.reserving

    def routes(self) -> list[web.RouteDef]:
        """Both."""
        one = "/m/{meeting}"
        return [
            web.post(f"{one}/reserve", self.reserve),
            web.post(f"{one}/questions/{{vote}}/reserve", self.write_down),
        ]

    async def reserve(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/reserve: one's own; empty words take back."""
        asker, meeting = asker_of(request), meeting_of(request)
        try:
            wanted = await reserve_form(request)
            await self._reserving.reserve(asker, meeting, wanted)
        except Refused as refusal:
            return await self._meetings.shown(request, refusal)
        return see(f"/m/{meeting}#v-{wanted.vote}")

    async def write_down(self, request: web.Request) -> web.StreamResponse:
        """POST …/questions/{vote}/reserve: what a member said in the hall."""
        asker, meeting, vote = asker_of(request), meeting_of(request), parse_id(request.match_info["vote"])

        async def act(filled: Filled) -> None:
            member = filled.among("reserves", await self._questions.voters(request))
            words = filled.long("reserved", most=MOST_WORDS)
            filled.check()
            await self._reserving.reserve(
                asker, meeting, Reserving(id=new_id(), words=words, vote=vote, member=member)
            )

        to = f"/m/{meeting}/questions/{vote}#reserved"
        return await self._desk.post(request, act, lambda *told: self._questions.shown(request, *told), to)
