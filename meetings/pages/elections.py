"""Elections on the secretary's pages: names, the closed list, rounds on paper, who was elected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Member
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.run_look import RunLook, look_at_run
from meetings.voting.electing import ElectionLook, Round, Wanted
from meetings.voting.elections import (
    ELECTIONS,
    Committee,
    MayNotStand,
    Named,
    NameStep,
    NoSuchElection,
    Step,
    may_stand,
)
from meetings.voting.rules import DecisionKind, StoredVote, VoteState

KINDS = tuple(one for one in DecisionKind if one in ELECTIONS)
BROUGHT = {
    Step.BY_CONVENOR: source("Chi ủy giới thiệu"),
    Step.BY_MEMBER: source("Đảng viên đề cử"),
    Step.BY_SELF: source("Tự ứng cử"),
}
_MOST_SEATS, _MOST_HANDS = 50, 1000
_ROUND_MINUTES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One name as the page shows it. `votes`: for and against in the newest round that was counted."""

    named: Named
    full_name: str
    nominator: str
    elected: bool
    tied: bool
    votes: tuple[int, int] | None


class ElectionPages:
    """`/m/{meeting}/elections…`, for who may run votes."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """A new election, and one election."""
        one = "/m/{meeting}/elections"
        return [
            web.get(f"{one}/new", self.show_new),
            web.post(f"{one}/new", self.begin),
            web.get(f"{one}/{{election}}", self.show),
            web.post(f"{one}/{{election}}/names", self.name),
            web.post(f"{one}/{{election}}/list", self.close_list),
            web.post(f"{one}/{{election}}/rounds", self.open_round),
        ]

    async def show_new(self, request: web.Request) -> web.StreamResponse:
        """GET …/elections/new."""
        return await self._new(request, None, None)

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """POST …/elections/new: a list of names is opened."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> str:
            _, look = await self._read(request)
            wanted = Wanted(
                kind=filled.chosen("kind", DecisionKind, DecisionKind.COMMITTEE_ELECTION),
                title=filled.line("title"),
                seats=filled.number("seats", 1, _MOST_SEATS),
                item=filled.among("item", [one.id for one in look.items], empty=True) or None,
            )
            filled.check()
            made = await self._services.voting.elections.begin(asker, meeting, wanted)
            return f"/m/{meeting}/elections/{made.election.id}"

        return await self._desk.post(
            request, act, lambda *told: self._new(request, *told), f"/m/{meeting}/run"
        )

    async def _new(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look = await self._read(request)
        item = look.live.id if look.live else ""
        first = filled or Filled(kind=KINDS[0].value, seats="3", item=item)
        here = f"/m/{frame.sitting.id}/elections/new"
        context = {"frame": frame, "sitting": frame.sitting, "look": look, "kinds": KINDS, "here": here}
        return self._desk.page(request, "election_new.html", context, filled=first, refusal=refusal)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/elections/{election}."""
        return await self._one(request, None, None)

    async def name(self, request: web.Request) -> web.StreamResponse:
        """POST …/names: somebody is brought, counted for, or taken off."""
        asker, election = asker_of(request), _election_of(request)

        async def act(filled: Filled) -> None:
            step = await self._step(request, filled)
            filled.check()
            await self._services.voting.elections.step(asker, election, step)

        return await self._post(request, act)

    async def _step(self, request: web.Request, filled: Filled) -> NameStep:
        step = filled.chosen("step", Step, Step.BY_CONVENOR)
        member = filled.among("member", [one.id for one in await self._roster(request)])
        if step is not Step.SUPPORT:
            nominator = filled.get("nominator") if step is Step.BY_MEMBER else ""
            return NameStep(member=member, step=step, nominator=parse_id(nominator) if nominator else None)
        favour, present = f"in_favour-{member}", f"present-{member}"
        return NameStep(
            member=member,
            step=step,
            in_favour=filled.count(favour, _MOST_HANDS),
            present=filled.number(present, 1, _MOST_HANDS),
        )

    async def close_list(self, request: web.Request) -> web.StreamResponse:
        """POST …/list: who stands is fixed."""
        asker, election = asker_of(request), _election_of(request)

        async def act(_filled: Filled) -> None:
            await self._services.voting.elections.close_list(asker, election)

        return await self._post(request, act)

    async def open_round(self, request: web.Request) -> web.StreamResponse:
        """POST …/rounds: the names ticked are put on paper; on to its ballots and its count."""
        asker, election = asker_of(request), _election_of(request)

        async def act(filled: Filled) -> str:
            _, look = await self._read(request)
            known = await self._known(request)
            ticked = [one for one in known.election.names or () if filled.get(f"name-{one}")]
            exempt = [one.id for one in look.here if one.category is Category.EXEMPT]
            wanted = Round(
                minutes=_ROUND_MINUTES,
                candidates=ticked,
                taking_part=[one for one in exempt if filled.get(f"part-{one}")],
                excused=[one.id for one in look.excused if filled.get(f"off-{one.id}")],
            )
            made = await self._services.voting.elections.open_round(asker, election, wanted)
            return f"/m/{meeting_of(request)}/questions/{made.vote.id}"

        return await self._post(request, act)

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[str | None]]
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/elections/{_election_of(request)}"
        return await self._desk.post(request, act, lambda *told: self._one(request, *told), to)

    async def _one(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look = await self._read(request)
        known = await self._known(request)
        lines = lines_of(known)
        brought = {one.named.member for one in lines}
        open_round = next((one for one in known.rounds if one.vote.state is not VoteState.CLOSED), None)
        left = [one for one in lines if one.named.listed and not one.elected]
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "election": known.election,
            "lines": lines,
            "left": left,
            "open_round": open_round,
            "rounds": [one for one in known.rounds if one.vote.state is VoteState.CLOSED],
            "seats_left": known.election.seats - len(known.elected),
            "closed": known.election.names is not None,
            "can_stand": [
                one
                for one in await self._roster(request)
                if one.id not in brought
                and _stands(one)
                and (not known.committee or known.committee.has(one.id))
            ],
            "nominators": look.here,
            "not_compared": known.committee is not None and not known.committee.known,
            "nobody_yet": known.committee is not None
            and known.committee == Committee(known=True, members=frozenset()),
            "exempt": [one for one in look.here if one.category is Category.EXEMPT],
            "excused": look.excused,
            "brought": BROUGHT,
            "rule": known.rule,
            "in_hall": look.in_hall,
            "here": f"/m/{frame.sitting.id}/elections/{known.election.id}",
        }
        ticked = {f"name-{one.named.member}": "yes" for one in left}
        ticked |= {f"off-{one.id}": "yes" for one in look.excused}
        return self._desk.page(
            request, "election.html", context, filled=filled or Filled(ticked), refusal=refusal
        )

    async def _read(self, request: web.Request) -> tuple[Frame, RunLook]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VOTE)
            return frame, await look_at_run(uow, frame.sitting)

    async def _roster(self, request: web.Request) -> list[Member]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VOTE)
            day = await committees.today_in(uow, frame.sitting.cell)
            return await committees.roster(uow, frame.sitting.cell, day)

    async def _known(self, request: web.Request) -> ElectionLook:
        """Raises NoSuchElection also where it is of another sitting."""
        known = await self._services.voting.elections.look(asker_of(request), _election_of(request))
        if known.election.meeting != meeting_of(request):
            raise NoSuchElection
        return known


def lines_of(known: ElectionLook) -> tuple[Line, ...]:
    """The names with what the rounds so far gave them."""
    counted = _counted(known.rounds)
    return tuple(
        Line(
            named=one,
            full_name=known.full_names.get(one.member, ""),
            nominator=known.full_names.get(one.nominator, "") if one.nominator else "",
            elected=one.member in known.elected,
            tied=bool(counted.get(one.member, {}).get("tied")),
            votes=_votes(counted.get(one.member)),
        )
        for one in known.names
    )


def _counted(rounds: Sequence[StoredVote]) -> dict[str, dict[str, object]]:
    """What the newest round that had a name said of it."""
    results = [one.result["names"] for one in rounds if one.result is not None]
    return {name["member"]: name for names in results for name in names}


def _votes(told: dict[str, object] | None) -> tuple[int, int] | None:
    return (int(str(told["in_favour"])), int(str(told["against"]))) if told else None


def _stands(member: Member) -> bool:
    try:
        may_stand(member)
    except MayNotStand:
        return False
    return True


def _election_of(request: web.Request) -> Id:
    return parse_id(request.match_info["election"])
