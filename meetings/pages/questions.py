"""Votes in the hall: a question is put, hands or ballots are counted and written down, it is ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Mode
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.pages.ballots import VoteLook, outcome
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.run_look import RunLook, look_at_run
from meetings.pages.words import Words, is_supplement
from meetings.voting.casting import NoSuchVote
from meetings.voting.elections import ELECTIONS
from meetings.voting.instruments import ABOUT_MEMBERS, ABOUT_ONE
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.refusals import OnlineForbidden
from meetings.voting.rules import BaseKind, Concerned, DecisionKind, Form, StoredVote, VoteState
from meetings.voting.secret import SecretLook
from meetings.voting.service import Question, Recorded
from meetings.voting.tally import tellers_of

_MOST, _TELLER = 1000, "teller-"
MINUTES = (3, 5, 10)


class QuestionPages:
    """`/m/{meeting}/questions…`, for who may run votes."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """A new question, and one question."""
        one = "/m/{meeting}/questions"
        return [
            web.get(f"{one}/new", self.show_new),
            web.post(f"{one}/new", self.put),
            web.get(f"{one}/{{vote}}", self.show),
            web.post(f"{one}/{{vote}}/hands", self.count_hands),
            web.post(f"{one}/{{vote}}/papers", self.count_papers),
            web.post(f"{one}/{{vote}}/end", self.end),
        ]

    async def show_new(self, request: web.Request) -> web.StreamResponse:
        """GET …/questions/new."""
        return await self.shown_new(request, None, None)

    async def put(self, request: web.Request) -> web.StreamResponse:
        """POST …/questions/new: its base is fixed now."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> str:
            _, look = await self._read(request)
            question = _question(filled, look)
            filled.check()
            made = await self._services.voting.open_vote(asker, meeting, question)
            return f"/m/{meeting}/questions/{made.vote.id}"

        return await self._desk.post(
            request, act, lambda *told: self.shown_new(request, *told), f"/m/{meeting}/run"
        )

    async def shown_new(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        """The new question, with what was refused of a form here or elsewhere."""
        frame, look = await self._read(request)
        supplement = is_supplement(frame.sitting)
        kind = DecisionKind.CONSULTATION if supplement else DecisionKind.RESOLUTION
        first = filled or Filled(
            kind=kind.value, form=Form.HANDS.value, item=look.live.id if look.live else "", minutes="5"
        )
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "kinds": [one for one in DecisionKind if one not in ELECTIONS],
            "roll": () if supplement else await self._roll(frame.sitting),
            "exempt": [one for one in look.here if one.category is Category.EXEMPT],
            "excused": look.excused if await self._takes_off(frame.sitting.cell) else (),
            "minutes": MINUTES,
            "forbidden": isinstance(refusal, OnlineForbidden),
            "put_off": _optional(request.query.get("put-off")),
            "secret_device": await self._enabled(frame.sitting.cell),
            "here": f"/m/{frame.sitting.id}/questions/new",
        }
        return self._desk.page(request, "question_new.html", context, filled=first, refusal=refusal)

    async def _roll(self, sitting: AnySitting) -> list[Member]:
        """Whom a question can be about, wherever they are."""
        async with self._services.units.read() as uow:
            return await convening.roster_of(uow, sitting)

    async def _enabled(self, cell: Id) -> str:
        """The paper by which a committee enabled secret ballots on devices; empty: they do not exist here."""
        async with self._services.units.read() as uow:
            today = (await committees.standpoint(uow, cell)).today
            figure = (await committees.policies(uow, cell, today))[PolicyKey.SECRET_DEVICE]
            return figure.citation if figure.value == "consultation" else ""

    async def _takes_off(self, cell: Id) -> bool:
        """Whether a committee set that excused absences leave the base of what is decided about members."""
        async with self._services.units.read() as uow:
            today = (await committees.standpoint(uow, cell)).today
            figure = (await committees.policies(uow, cell, today))[PolicyKey.MEMBER_BASE]
            return figure.value == BaseKind.LESS_EXCUSED.value

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/questions/{vote}."""
        return await self.shown(request, None, None)

    async def count_hands(self, request: web.Request) -> web.StreamResponse:
        """POST …/hands: for, against, no opinion; with the button for it, the vote ends with them."""
        asker, vote = asker_of(request), _vote_of(request)

        async def act(filled: Filled) -> None:
            count = (_count(filled, "for"), _count(filled, "against"), _count(filled, "abstain"))
            filled.check()
            tellers = [name.removeprefix(_TELLER) for name in filled.values if name.startswith(_TELLER)]
            await self._services.voting.count_hands(asker, vote, count, tellers)
            if filled.get("do") == "end":
                await self._services.voting.close_vote(asker, vote)

        return await self._post(request, act)

    async def count_papers(self, request: web.Request) -> web.StreamResponse:
        """POST …/papers: the protocol of the counting board, and the end."""
        asker, vote = asker_of(request), _vote_of(request)

        async def act(filled: Filled) -> None:
            stored = await self._stored(request)
            counted = _protocol(filled, stored)
            filled.check()
            await self._services.voting.counting.count_paper(asker, vote, counted)
            await self._services.voting.close_vote(asker, vote)

        return await self._post(request, act)

    async def end(self, request: web.Request) -> web.StreamResponse:
        """POST …/end."""
        asker, vote = asker_of(request), _vote_of(request)

        async def act(_filled: Filled) -> None:
            await self._services.voting.close_vote(asker, vote)

        return await self._post(request, act)

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]]
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/questions/{_vote_of(request)}"
        return await self._desk.post(request, act, lambda *told: self.shown(request, *told), to)

    async def _read(self, request: web.Request) -> tuple[Frame, RunLook]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VOTE)
            return frame, await look_at_run(uow, frame.sitting)

    async def _stored(self, request: web.Request) -> StoredVote:
        stored, _, _ = await self._services.voting.view(asker_of(request), _vote_of(request))
        if stored.vote.meeting != meeting_of(request):
            raise NoSuchVote
        return stored

    async def voters(self, request: web.Request) -> list[Id]:
        """Who is there and may vote on it. Raises NoPower, NoSuchVote."""
        _, look = await self._read(request)
        entitled = (await self._stored(request)).base.entitled
        return [one.id for one in look.here if one.id in entitled]

    async def _secret(self, request: web.Request, stored: StoredVote) -> SecretLook | None:
        if stored.vote.form is not Form.SECRET_DEVICE:
            return None
        return await self._services.voting.secret.look(asker_of(request), stored.vote.id)

    async def shown(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        """The question, with what was refused of a form here or elsewhere."""
        frame, look = await self._read(request)
        stored = await self._stored(request)
        _, answered, late = await self._services.voting.view(asker_of(request), stored.vote.id)
        shown = VoteLook(
            vote=stored.vote,
            result=stored.result,
            entitled=False,
            mine=Recorded(ballots=(), in_hall=False, late=0),
        )
        here = {one.id: one for one in look.here}
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "stored": stored,
            "look": look,
            "vote": stored.vote,
            "ended": stored.vote.state is VoteState.CLOSED,
            "present": len(stored.base.present),
            "answered": answered,
            "late": late,
            "secret": await self._secret(request, stored),
            "counters": [here[one] for one in here if one in tellers_of(stored.base)],
            "in_time": (end := stored.vote.deadline) is not None and self._services.units.clock.now() < end,
            "online": frame.sitting.mode is Mode.ONLINE,
            "shown": shown,
            "outcome": outcome(Words(request), shown),
            "result": stored.result,
            "voters": [one for one in look.here if one.id in stored.base.entitled],
            "reserved": [one for one in look.reserved if one.vote == stored.vote.id],
            "tellers": [
                here[one] for one in stored.base.present if one in here and one not in stored.vote.on_ballot
            ],
            "here": f"/m/{frame.sitting.id}/questions/{stored.vote.id}",
        }
        return self._desk.page(request, "question.html", context, filled=filled, refusal=refusal)


def _vote_of(request: web.Request) -> Id:
    return parse_id(request.match_info["vote"])


def _question(filled: Filled, look: RunLook) -> Question:
    exempt = [one.id for one in look.here if one.category is Category.EXEMPT and filled.get(f"part-{one.id}")]
    kind = filled.chosen("kind", DecisionKind, DecisionKind.RESOLUTION)
    return Question(
        question=filled.line("question"),
        kind=kind,
        form=filled.chosen("form", Form, Form.HANDS),
        item=filled.among("item", [one.id for one in look.items], empty=True) or None,
        minutes=filled.number("minutes", 1, 60),
        taking_part=exempt,
        excused=_taken_off(filled, look) if kind in ABOUT_MEMBERS else (),
        person=person_of(filled, kind),
    )


def person_of(filled: Filled, kind: DecisionKind) -> Concerned | None:
    """As chosen and typed, where the kind is about one; whether it is one that fits is the service's to say."""
    if kind not in ABOUT_ONE:
        return None
    name, member = filled.line("person-name", most=100, empty=True), _optional(filled.get("person"))
    return Concerned(name=name, member=member or None) if name or member else None


def _taken_off(filled: Filled, look: RunLook) -> list[Id]:
    """Ticked, where the base of the kind leaves out who is excused all through."""
    return [one.id for one in look.excused if filled.get(f"off-{one.id}")]


def _optional(said: str | None) -> Id:
    return parse_id(said) if said else ""


def _count(filled: Filled, name: str) -> int:
    return filled.count(name, _MOST)


def _of(name: str, member: Id | None) -> str:
    """The field of one line of the protocol."""
    return f"{name}-{member}" if member else name


def _protocol(filled: Filled, stored: StoredVote) -> Protocol:
    names = [None] if stored.vote.slate is None else [who for who, _ in stored.vote.slate.candidates]
    lines = tuple(
        PaperLine(
            member=who, in_favour=_count(filled, _of("for", who)), against=_count(filled, _of("against", who))
        )
        for who in names
    )
    board = tuple(one for one in stored.base.present if filled.get(f"board-{one}"))
    return Protocol(
        issued=_count(filled, "issued"),
        returned=_count(filled, "returned"),
        valid=_count(filled, "valid"),
        invalid=_count(filled, "invalid"),
        blank=filled.number("blank", 0, _MOST, default=0),
        lines=lines,
        board=board,
    )
