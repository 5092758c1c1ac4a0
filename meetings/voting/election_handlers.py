"""Elections over HTTP: names, the closed list, rounds. Ballots are on paper; their count is typed in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Count, Line, UuidText, View
from meetings.voting.electing import ElectionLook, ElectionService, Round, Wanted
from meetings.voting.elections import Named, NameStep, Step
from meetings.voting.rules import DecisionKind
from meetings.voting.views import VoteView, vote_view

_Members = Annotated[tuple[UuidText, ...], Field(max_length=300)]


class ElectionBody(Body):
    """What is to be elected; one of the four kinds of election."""

    kind: DecisionKind
    title: Line
    seats: Annotated[int, Field(ge=1, le=50)]
    item: UuidText | None = None


class NameBody(Body):
    """A step of a name. With `support`: how many of those present want it on the list; with `by_member`: the
    `nominator`."""

    member: UuidText
    step: Step
    in_favour: Count = 0
    present: Count = 0
    nominator: UuidText | None = None


class RoundBody(Body):
    """A round as the meeting chose it; without `candidates` between all on the list not elected yet."""

    minutes: Annotated[int, Field(ge=1, le=240)] = 60
    candidates: Annotated[tuple[UuidText, ...], Field(min_length=1, max_length=50)] | None = None
    taking_part: _Members = ()
    excused: _Members = ()


class NameView(View):
    """A name. `listed`: on the list, or on it if it were closed now; `on_roll`: what the roll allowed nearest to
    `present` when it was counted, another number where the two disagree; `nominator`: the member who nominated, where
    one did, `nominator_name` empty otherwise."""

    member: str
    name: str
    by: Step
    withdrawn: bool
    support: int | None
    present: int | None
    on_roll: int | None
    listed: bool
    elected: bool
    nominator: str | None
    nominator_name: str


class ElectionView(View):
    """An election with its rounds."""

    id: str
    meeting: str
    kind: DecisionKind
    title: str
    seats: int
    list_closed: bool
    names: list[NameView]
    rounds: list[VoteView]


class ElectionsView(View):
    """The elections of a sitting."""

    elections: list[ElectionView]


class ElectionHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: ElectionService) -> None:
        self._service = service

    async def begin_election(self, call: Call[ElectionBody, Body]) -> ElectionView:
        """POST /meetings/{meeting}/elections."""
        body = call.body
        wanted = Wanted(kind=body.kind, title=body.title, seats=body.seats, item=body.item)
        return _view(await self._service.begin(call.asker, call.id("meeting"), wanted))

    async def list_elections(self, call: Call[Body, Body]) -> ElectionsView:
        """GET /meetings/{meeting}/elections."""
        found = await self._service.of_meeting(call.asker, call.id("meeting"))
        return ElectionsView(elections=[_view(one) for one in found])

    async def get_election(self, call: Call[Body, Body]) -> ElectionView:
        """GET /elections/{election}."""
        return _view(await self._service.look(call.asker, call.id("election")))

    async def name_candidate(self, call: Call[NameBody, Body]) -> ElectionView:
        """POST /elections/{election}/names."""
        step = NameStep(**dict(call.body))
        return _view(await self._service.step(call.asker, call.id("election"), step))

    async def close_candidate_list(self, call: Call[Body, Body]) -> ElectionView:
        """POST /elections/{election}/list."""
        return _view(await self._service.close_list(call.asker, call.id("election")))

    async def open_round(self, call: Call[RoundBody, Body]) -> VoteView:
        """POST /elections/{election}/rounds."""
        wanted = Round(**dict(call.body))
        return vote_view(await self._service.open_round(call.asker, call.id("election"), wanted))

    def endpoints(self) -> list[Endpoint]:
        """What an election needs."""
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/elections",
                handler=self.begin_election,
                summary="Mở một cuộc bầu cử",
                body=ElectionBody,
                answer=ElectionView,
                status=201,
                tags=("voting",),
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/elections",
                handler=self.list_elections,
                summary="Các cuộc bầu cử của một buổi họp",
                answer=ElectionsView,
                tags=("voting",),
            ),
            Endpoint(
                method="GET",
                path="/elections/{election}",
                handler=self.get_election,
                summary="Một cuộc bầu cử",
                answer=ElectionView,
                tags=("voting",),
            ),
            *self._steps(),
        ]

    def _steps(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="POST",
                path="/elections/{election}/names",
                handler=self.name_candidate,
                summary="Giới thiệu, lấy ý kiến đưa vào danh sách hoặc rút một đồng chí",
                body=NameBody,
                answer=ElectionView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/elections/{election}/list",
                handler=self.close_candidate_list,
                summary="Chốt danh sách bầu cử",
                answer=ElectionView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/elections/{election}/rounds",
                handler=self.open_round,
                summary="Mở một vòng bỏ phiếu kín",
                body=RoundBody,
                answer=VoteView,
                status=201,
                tags=tags,
            ),
        ]


def _view(look: ElectionLook) -> ElectionView:
    election = look.election
    return ElectionView(
        id=election.id,
        meeting=election.meeting,
        kind=election.kind,
        title=election.title,
        seats=election.seats,
        list_closed=election.names is not None,
        names=[_name(look, one) for one in look.names],
        rounds=[vote_view(one) for one in look.rounds],
    )


def _name(look: ElectionLook, named: Named) -> NameView:
    favour, present = named.support or (None, None)
    return NameView(
        member=named.member,
        name=look.full_names.get(named.member, ""),
        by=named.by,
        withdrawn=named.withdrawn,
        support=favour,
        present=present,
        on_roll=named.on_roll,
        listed=named.listed,
        elected=named.member in look.elected,
        nominator=named.nominator,
        nominator_name=look.full_names.get(named.nominator, "") if named.nominator else "",
    )
