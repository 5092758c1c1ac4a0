"""A resolution that was passed is issued under its number: its words, who receives it."""

from __future__ import annotations

from aiohttp import web

from meetings.committees.powers import Act
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.minutes.numbering import PaperKind
from meetings.minutes.records import Minutes
from meetings.minutes.service.made import NoMinutes
from meetings.minutes.service.papers import NoVoteNamed, Wanted
from meetings.pages.desk import Desk, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.issuing import issue, preview

MOST_RECIPIENTS = 10


class ResolutionPages:
    """`/m/{meeting}/resolution/{vote}`: for whoever writes the minutes, once they are approved."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """The form, a look at the print, the number."""
        one = "/m/{meeting}/resolution/{vote}"
        return [
            web.get(one, self.show),
            web.post(one, self.issue),
            web.post(f"{one}/preview.pdf", self.preview),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/resolution/{vote}."""
        return await self._page(request, None, None)

    async def issue(self, request: web.Request) -> web.StreamResponse:
        """POST …/resolution/{vote}: issued under the next number; then it waits for its signature."""
        filled = Filled(await request.post())
        try:
            wanted = _wanted(request, filled)
            return await issue(self._desk, request, wanted, f"/m/{meeting_of(request)}#papers")
        except Refused as refusal:
            return await self._page(request, filled, refusal)

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """POST …/preview.pdf: how it would be printed; keeps nothing."""
        filled = Filled(await request.post())
        try:
            return await preview(self._desk, request, _wanted(request, filled), "nghi-quyet-xem-truoc.pdf")
        except Refused as refusal:
            return await self._page(request, filled, refusal)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.MINUTES)
        meeting = frame.sitting.id
        standing = await self._desk.services.minutes.look(asker_of(request), meeting)
        if standing.approved is None or standing.minutes is None:
            raise NoMinutes
        question, draft = _voted(standing.minutes, _vote_of(request))
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "question": question,
            "here": f"/m/{meeting}/resolution/{_vote_of(request)}",
        }
        first = filled or Filled(text=draft)
        return self._desk.page(request, "resolution.html", context, filled=first, refusal=refusal)


def _wanted(request: web.Request, filled: Filled) -> Wanted:
    text = filled.long("text")
    lines = [" ".join(line.split()) for line in filled.long("recipients", most=2_000).split("\n")]
    filled.check()
    recipients = tuple(line for line in lines if line)[:MOST_RECIPIENTS]
    return Wanted(kind=PaperKind.RESOLUTION, vote=_vote_of(request), text=text, recipients=recipients)


def _vote_of(request: web.Request) -> Id:
    return parse_id(request.match_info["vote"])


def _voted(minutes: Minutes, vote: Id) -> tuple[str, str]:
    """The question as the minutes have it, and the draft on which the cell voted, to begin with. Raises NoVoteNamed."""
    for item in minutes.facts.items:
        for one in item.votes:
            if one.id == vote:
                return one.question, item.draft
    raise NoVoteNamed
