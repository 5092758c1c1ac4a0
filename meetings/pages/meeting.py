"""The page of one meeting and its forms: leave, contest, answers. Post, redirect, get."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from meetings.attendance.rules import AbsenceState, Reason
from meetings.convening.rules import State
from meetings.http.problems import said, status_of
from meetings.kernel.errors import NotSignedIn, Refused
from meetings.kernel.ids import Id, new_id, parse_id
from meetings.kernel.text import date_text
from meetings.minutes.numbering import PaperKind
from meetings.minutes.service.paper_seats import PaperLook
from meetings.notices.wording import HYBRID_COMES, HYBRID_PHONE, SUPPLEMENT_ALONE, SUPPLEMENT_LINK
from meetings.pages.ballots import late, outcome, receipt
from meetings.pages.desk import step_path
from meetings.pages.forms import NOTE_LENGTH, asker_of, ballot_form, contest_form, leave_form
from meetings.pages.look import MeetingLook, look_at_meeting
from meetings.pages.pen import Pen
from meetings.pages.schedule import expected
from meetings.pages.services import PageServices
from meetings.pages.words import Words, day_of
from meetings.voting.rules import Choice, DecisionKind, Vote

_MAY_ASK = frozenset({State.CONVENED, State.OPEN})


class MeetingPages:
    """Each form calls the very act that its endpoint of the JSON API calls."""

    def __init__(self, services: PageServices, pen: Pen) -> None:
        self._services, self._pen = services, pen

    def routes(self) -> list[web.RouteDef]:
        """Everything under /m/{meeting}."""
        return [
            web.get("/m/{meeting}", self.show),
            web.get("/m/{meeting}/leave", self.show_leave),
            web.post("/m/{meeting}/leave", self.ask_leave),
            web.post("/m/{meeting}/coming", self.say_coming),
            web.post("/m/{meeting}/contest", self.contest),
            web.post("/m/{meeting}/votes/{vote}", self.cast),
            web.get("/m/{meeting}/verification", self.verify),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}; signed out: how to sign in."""
        try:
            return await self._meeting(request)
        except NotSignedIn:
            return self._pen.signed_out(request, status=401)

    async def show_leave(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/leave: the question."""
        return await self._leave(request)

    async def ask_leave(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/leave."""
        asker, meeting = asker_of(request), _meeting_of(request)
        try:
            await self._services.attendance.leave.ask(asker, meeting, await leave_form(request))
        except Refused as refusal:
            return await self._leave(request, refusal)
        return _see(meeting, "minh")

    async def say_coming(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/coming: I will come to the hall."""
        asker, meeting = asker_of(request), _meeting_of(request)
        try:
            await self._services.attendance.leave.come(asker, meeting)
        except Refused as refusal:
            return await self._meeting(request, refusal)
        return _see(meeting, "minh")

    async def contest(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/contest: look at the decision about my absence again."""
        asker, meeting = asker_of(request), _meeting_of(request)
        try:
            look = await look_at_meeting(self._services, asker, meeting)
            member = look.own.member.id if look.own else ""
            note = await contest_form(request)
            await self._services.attendance.leave.contest(asker, meeting, member, note)
        except Refused as refusal:
            return await self._meeting(request, refusal)
        return _see(meeting, "minh")

    async def cast(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/votes/{vote}: an answer, counted once however often the form is sent."""
        asker_of(request)
        meeting, vote = _meeting_of(request), parse_id(request.match_info["vote"])
        try:
            await self._services.voting.box.put(await ballot_form(request, vote))
        except Refused as refusal:
            return await self._meeting(request, refusal)
        room = (await request.post()).get("from") == "room"
        return _see(meeting, f"v-{vote}", "/room" if room else "")

    async def verify(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/verification: what the verifier says of the minutes."""
        asker, meeting = asker_of(request), _meeting_of(request)
        look = await look_at_meeting(self._services, asker, meeting)
        pdf = await self._services.minutes.pdf(asker, meeting)
        report = await self._services.minutes.verify(pdf, meeting)
        context = {"look": look, "report": report}
        return self._pen.page(request, "pages/verification.html", context)

    async def shown(self, request: web.Request, refusal: Refused) -> web.StreamResponse:
        """The page with what was refused elsewhere."""
        return await self._meeting(request, refusal)

    async def _meeting(self, request: web.Request, refusal: Refused | None = None) -> web.StreamResponse:
        async with self._services.units.read():  # one state of everything, and each question asked once
            asker, meeting = asker_of(request), _meeting_of(request)
            look = await look_at_meeting(self._services, asker, meeting)
            looks, words = await self._services.papers.of_meeting(asker, meeting), Words(request)
            context = {
                "look": look,
                "votes": [
                    (
                        one,
                        receipt(words, look.sitting, one),
                        late(words, look.sitting, one),
                        outcome(words, one),
                    )
                    for one in look.votes
                ],
                "choices": tuple(Choice),
                "link": _link(words, look),
                "step_path": step_path,
                "asks_leave": look.own is not None and look.own.called and look.sitting.state in _MAY_ASK,
                "unexcused": _unexcused(look),
                "new_id": new_id,
                "expected": expected(
                    look.items, look.sitting.opened_at or look.sitting.starts_at, self._running(look)
                ),
                "papers": looks.values(),
                "to_issue": _to_issue(look, looks.values()),
                "writes": look.leads or look.runs,
                "note_length": NOTE_LENGTH,
                "hybrid": {"comes": HYBRID_COMES, "phone": HYBRID_PHONE},
            }
            ahead = look.sitting.state is State.CONVENED  # later there are answers and counts on it
            return self._shown(request, "pages/meeting.html", context, f"/m/{meeting}", refusal, keep=ahead)

    def _running(self, look: MeetingLook) -> datetime | None:
        """Now, while the sitting is open."""
        return self._services.units.clock.now() if look.sitting.state is State.OPEN else None

    async def _leave(self, request: web.Request, refusal: Refused | None = None) -> web.StreamResponse:
        asker, meeting = asker_of(request), _meeting_of(request)
        look = await look_at_meeting(self._services, asker, meeting)
        context = {"look": look, "reasons": tuple(Reason), "id": new_id(), "note_length": NOTE_LENGTH}
        return self._shown(request, "pages/leave.html", context, f"/m/{meeting}/leave", refusal)

    def _shown(
        self,
        request: web.Request,
        template: str,
        context: dict[str, object],
        here: str,
        refusal: Refused | None,
        *,
        keep: bool = False,
    ) -> web.StreamResponse:
        problem = said(request, refusal) if refusal else ""
        status = status_of(refusal) if refusal else 200
        told = {**context, "here": here, "problem": problem}
        return self._pen.page(request, template, told, status=status, keep=keep and refusal is None)


def _meeting_of(request: web.Request) -> Id:
    return parse_id(request.match_info["meeting"])


def _see(meeting: Id, place: str, page: str = "") -> web.Response:
    return web.Response(status=303, headers={"Location": f"/m/{meeting}{page}#{place}"})


def _link(words: Words, look: MeetingLook) -> str:
    """rules.md 6.1: which regular sitting a supplement goes with."""
    if look.goes_with is None:
        return words.say(SUPPLEMENT_ALONE)
    return words.say(SUPPLEMENT_LINK).format(day=date_text(day_of(look.goes_with)))


def _to_issue(look: MeetingLook, papers: Iterable[PaperLook]) -> list[Vote]:
    """Resolutions that were passed and that whoever writes the minutes has not issued yet."""
    if not (look.minutes and look.minutes.approved and (look.leads or look.runs)):
        return []
    issued = {one.issued.about for one in papers if one.kind is PaperKind.RESOLUTION}
    return [
        one.vote
        for one in look.votes
        if one.vote.kind is DecisionKind.RESOLUTION
        and one.result is not None
        and one.result["passed"]
        and one.vote.id not in issued
    ]


def _unexcused(look: MeetingLook) -> bool:
    absence = look.own.absence if look.own else None
    return absence is not None and absence.state is AbsenceState.UNEXCUSED and not absence.contested
