"""What the secretary does for others about a question: answers for who has no device, what waits for a hall."""

from __future__ import annotations

from aiohttp import web

from meetings.kernel.ids import derived_id, parse_id
from meetings.pages.desk import Desk, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.questions import QuestionPages
from meetings.voting.assisting import Mark
from meetings.voting.rules import Choice

_ITEM_MINUTES = 15


class AssistPages:
    """`…/questions/{vote}/mark` and `…/questions/put-off`, for who may run votes."""

    def __init__(self, desk: Desk, questions: QuestionPages) -> None:
        self._desk, self._questions, self._voting = desk, questions, desk.services.voting

    def routes(self) -> list[web.RouteDef]:
        """Both."""
        one = "/m/{meeting}/questions"
        return [
            web.post(f"{one}/put-off", self.put_off),
            web.post(f"{one}/{{vote}}/mark", self.mark),
        ]

    async def mark(self, request: web.Request) -> web.StreamResponse:
        """POST …/mark: what a member said aloud, logged as assisted."""
        asker, meeting, vote = asker_of(request), meeting_of(request), parse_id(request.match_info["vote"])

        async def act(filled: Filled) -> None:
            member = filled.among("marked", await self._questions.voters(request))
            choice = filled.chosen("said", Choice, Choice.ABSTAIN)
            filled.check()
            made = derived_id(parse_id(filled.get("key")), member, choice.value)
            await self._voting.assisting.mark(asker, vote, Mark(id=made, member=member, choice=choice))

        to = f"/m/{meeting}/questions/{vote}"
        return await self._desk.post(request, act, lambda *told: self._questions.shown(request, *told), to)

    async def put_off(self, request: web.Request) -> web.StreamResponse:
        """POST …/put-off: what may not be asked online goes on the agenda of the next meeting in a hall."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> str:
            title = filled.line("question")
            filled.check()
            there = await self._voting.deferring.defer(asker, meeting, title, _ITEM_MINUTES)
            return f"/m/{meeting}/questions/new?put-off={there.meeting}"

        to = f"/m/{meeting}/questions/new"
        return await self._desk.post(
            request, act, lambda *told: self._questions.shown_new(request, *told), to
        )
