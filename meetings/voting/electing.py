"""Acts of an election: names, the closed list, rounds on paper. What the rules leave open the meeting chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import Meeting, Standing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import zone_of
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import paper_store, store
from meetings.voting.committee import committee_of, official_of
from meetings.voting.elections import (
    BROUGHT,
    Committee,
    ListClosed,
    ListOpen,
    Named,
    NameStep,
    NoSuchElection,
    NotOnList,
    RoundNotNow,
    against_roll,
    check_committee,
    check_list,
    check_nominator,
    check_seats,
    check_step,
    check_strength,
    may_stand,
    names_of,
)
from meetings.voting.instruments import cite, rule_on
from meetings.voting.list_rules import ListRule, list_rule_on
from meetings.voting.paper import Slate
from meetings.voting.paper_store import Election
from meetings.voting.refusals import OnlineForbidden
from meetings.voting.rules import DecisionKind, Form, StoredVote, VoteState
from meetings.voting.running import Question, here_of, may_ask, put_question


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is to be elected."""

    kind: DecisionKind
    title: str
    seats: int
    item: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One round as the meeting chose it. `candidates`: None for everyone on the list not elected yet."""

    minutes: int
    candidates: Sequence[Id] | None = None
    taking_part: Sequence[Id] = ()
    excused: Sequence[Id] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ElectionLook:
    """An election, its names and its rounds; `full_names` by membership; `rule`: of its list; `committee`: who alone
    may be elected, None: nobody in particular."""

    election: Election
    names: tuple[Named, ...]
    rounds: tuple[StoredVote, ...]
    full_names: dict[Id, str]
    rule: ListRule
    committee: Committee | None = None

    @property
    def elected(self) -> tuple[Id, ...]:
        """Whom the closed rounds elected."""
        return _elected(self.rounds)


class ElectionService:
    """Every act is in the ledger; names stand there as personal facts."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def begin(self, asker: Asker, meeting: Id, wanted: Wanted) -> ElectionLook:
        """Open a list of names. Raises BadSeats, TooFewForCommittee, OnlineForbidden, NotOpen, NoPower."""
        check_seats(wanted.kind, wanted.seats)
        async with self._units.begin() as uow:
            sitting, person = await may_ask(uow, asker, meeting)
            if isinstance(sitting, Meeting) and sitting.standing is Standing.SUPPLEMENT:
                day = uow.now.astimezone(zone_of(sitting.zone)).date()
                papers = rule_on(wanted.kind, day).citations
                raise OnlineForbidden(citation="; ".join(cite(paper) for paper in papers))
            check_strength(wanted.kind, await official_of(uow, sitting), day_of(sitting))
            election = Election(
                id=new_id(),
                cell=sitting.cell,
                meeting=meeting,
                item=wanted.item,
                kind=wanted.kind,
                title=wanted.title,
                seats=wanted.seats,
            )
            await paper_store.add_election(uow.session, election)
            await record(uow, _act("begin", election, person, seats=wanted.seats))
            return await _look(uow, election)

    async def step(self, asker: Asker, election: Id, step: NameStep) -> ElectionLook:
        """Name somebody, count support, or take a name off.

        Raises ListClosed, MayNotStand, NotOfCommittee, NamedAlready, NotNamed, NominatorMissing, BadSupport,
        TooManyHands, TooManyPresent, NoSuchMember, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            known, person = await _mine(uow, asker, election)
            if known.names is not None:
                raise ListClosed
            roster = await _roster(uow, known)
            may_stand(_member(roster, step.member))
            check_nominator(step, roster)
            if step.step in BROUGHT:
                await _check_committee(uow, known, [step.member])
            steps = await paper_store.steps(uow.session, election)
            check_step(names_of(steps, await _list_rule(uow, known)), step)
            if (here := await here_of(uow, await convening.sitting(uow, known.meeting))) is not None:
                step = against_roll(step, here)
            stamp = {"id": new_id(), "by_id": person, "at": uow.now}
            await paper_store.add_step(uow.session, election, step, len(steps) + 1, stamp)
            act = _act("name", known, person, step=step.step.value)
            named = {"member": step.member} | ({"nominator": step.nominator} if step.nominator else {})
            await record(uow, replace(act, personal=named))
            return await _look(uow, known)

    async def close_list(self, asker: Asker, election: Id) -> ElectionLook:
        """Fix who stands. Raises ListClosed, ListTooShort, ListTooLong, NotOfCommittee, NotOpen, NoPower."""
        async with self._units.begin() as uow:
            known, person = await _mine(uow, asker, election)
            if known.names is not None:
                raise ListClosed
            rule = await _list_rule(uow, known)
            named = names_of(await paper_store.steps(uow.session, election), rule)
            listed = tuple(one.member for one in named if one.listed)
            check_list(known.kind, len(listed), known.seats, rule)
            await _check_committee(uow, known, listed)
            await paper_store.close_list(uow.session, election, listed)
            await record(uow, _act("close_list", known, person, names=len(listed)))
            return await _look(uow, replace(known, names=listed))

    async def open_round(self, asker: Asker, election: Id, wanted: Round) -> StoredVote:
        """Put names still to be elected on paper ballots.

        Raises ListOpen, RoundNotNow, NotOnList and what opening a vote raises.
        """
        async with self._units.begin() as uow:
            known, person = await _mine(uow, asker, election)
            slate = _slate(await _look(uow, known), wanted)
            sitting = await convening.sitting(uow, known.meeting)
            question = Question(
                question=known.title,
                kind=known.kind,
                form=Form.PAPER,
                item=known.item,
                minutes=wanted.minutes,
                taking_part=wanted.taking_part,
                excused=wanted.excused,
                slate=slate,
            )
            return await put_question(uow, sitting, person, question)

    async def of_meeting(self, asker: Asker, meeting: Id) -> list[ElectionLook]:
        """Those of a sitting, for whoever may view the cell. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return [await _look(uow, one) for one in await paper_store.elections_of(uow.session, meeting)]

    async def look(self, asker: Asker, election: Id) -> ElectionLook:
        """An election for whoever may view the cell. Raises NoSuchElection, NoSuchMeeting."""
        async with self._units.read() as uow:
            known = await _known(uow, election)
            await convening.allow_in(uow, asker, Power.VIEW_CELL, known.meeting)
            return await _look(uow, known)


async def standing_of(uow: UnitOfWork, election: Id) -> ElectionLook:
    """For storeys above, inside their unit. Raises NoSuchElection."""
    return await _look(uow, await _known(uow, election))


def next_slate(look: ElectionLook) -> Slate:
    """Whom the next round would be between. Raises ListOpen, RoundNotNow, NotOnList."""
    return _slate(look, Round(minutes=1))


def _slate(look: ElectionLook, wanted: Round) -> Slate:
    listed, done = look.election.names, look.elected
    if listed is None:
        raise ListOpen
    seats = look.election.seats - len(done)
    if seats < 1 or any(one.vote.state is not VoteState.CLOSED for one in look.rounds):
        raise RoundNotNow
    left = [who for who in listed if who not in done]
    chosen = left if wanted.candidates is None else [who for who in left if who in wanted.candidates]
    if not chosen or (wanted.candidates is not None and len(chosen) != len(set(wanted.candidates))):
        raise NotOnList
    names = tuple((who, look.full_names.get(who, "")) for who in chosen)
    return Slate(election=look.election.id, round=len(look.rounds) + 1, seats=seats, candidates=names)


def _elected(rounds: Sequence[StoredVote]) -> tuple[Id, ...]:
    results = [one.result["names"] for one in rounds if one.result is not None]
    return tuple(name["member"] for names in results for name in names if name["elected"])


async def _known(uow: UnitOfWork, election: Id, *, lock: bool = False) -> Election:
    if (found := await paper_store.election(uow.session, election, lock=lock)) is None:
        raise NoSuchElection
    return found


async def _mine(uow: UnitOfWork, asker: Asker, election: Id) -> tuple[Election, Id]:
    known = await _known(uow, election, lock=True)
    _, person = await may_ask(uow, asker, known.meeting)
    return known, person


async def _check_committee(uow: UnitOfWork, election: Election, names: Sequence[Id]) -> None:
    """Raises NotOfCommittee."""
    votes = await store.of_meeting(uow.session, election.meeting)
    day = day_of(await convening.sitting(uow, election.meeting))
    check_committee(await committee_of(uow, election, votes), names, day)


async def _roster(uow: UnitOfWork, election: Election) -> list[Member]:
    return await committees.roster(uow, election.cell, await committees.today_in(uow, election.cell))


def _member(roster: Sequence[Member], member: Id) -> Member:
    found = next((one for one in roster if one.id == member), None)
    if found is None:
        raise committees.NoSuchMember
    return found


async def _list_rule(uow: UnitOfWork, election: Election) -> ListRule:
    """As it holds on the day of the sitting."""
    return list_rule_on(day_of(await convening.sitting(uow, election.meeting)))


async def _look(uow: UnitOfWork, election: Election) -> ElectionLook:
    day = await committees.today_in(uow, election.cell)
    roll = await committees.roster(uow, election.cell, day)
    votes = await store.of_meeting(uow.session, election.meeting)
    rule = await _list_rule(uow, election)
    return ElectionLook(
        election=election,
        names=names_of(await paper_store.steps(uow.session, election.id), rule),
        rule=rule,
        committee=await committee_of(uow, election, votes),
        rounds=tuple(one for one in votes if one.vote.slate and one.vote.slate.election == election.id),
        full_names={member.id: member.full_name for member in roll},
    )


def _act(name: str, election: Election, person: Id, **public: str | int) -> Act:
    return Act(
        cell=election.cell,
        name=f"voting.election_{name}",
        actor=person,
        meeting=election.meeting,
        subject=election.id,
        public=dict(public),
    )
