"""Acts of voting: put a question, count hands, end it; ask what came out and what was recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.rules import NoSuchItem
from meetings.attendance import service as attendance
from meetings.attendance.rules import RollNotConfirmed
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing, State
from meetings.convening.states import NotOpen
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import zone_of
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import store
from meetings.voting.base import base_of, check_excused, check_taking_part, moved
from meetings.voting.casting import BallotBox, NoSuchVote
from meetings.voting.figures import as_set
from meetings.voting.instruments import rule_on
from meetings.voting.refusals import ExemptMayNotVote
from meetings.voting.rules import (
    Ballot,
    Base,
    BaseKind,
    DecisionKind,
    Excluded,
    Form,
    HallCount,
    Included,
    Move,
    Result,
    StoredVote,
    Vote,
    VoteState,
)
from meetings.voting.tally import Answers, check_hall_count, decide, may_close, may_open


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is put to the vote. `taking_part`: exempt members present whom the secretary confirmed; `excused`:
    official members absent all through with an accepted reason, where the base is taken without them."""

    question: str
    kind: DecisionKind
    form: Form
    item: Id | None
    minutes: int
    taking_part: Sequence[Id] = ()
    excused: Sequence[Id] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What stands for one member: every version, the last one counts; how many came late, and the last when."""

    ballots: tuple[Ballot, ...]
    in_hall: bool
    late: int
    late_at: datetime | None = None


class VotingService:
    """`start` and `stop` its ballot box with the application."""

    def __init__(self, units: Units, *, waiting: int = 20_000) -> None:
        self._units = units
        self.box = BallotBox(units, waiting=waiting)

    async def open_vote(self, asker: Asker, meeting: Id, question: Question) -> StoredVote:
        """Put a question and fix its base.

        Raises NotOpen, NoSuchItem, RollNotConfirmed, OnlineForbidden, FormNotAllowed, NotTakingPart, NotExcused,
        ExemptMayNotVote, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.VOTE, meeting, lock=True)
            if sitting.state is not State.OPEN:
                raise NotOpen
            await _check_item(uow, meeting, question.item)
            stored = await _opened(uow, sitting, question)
            vote, base = stored.vote, stored.base
            await store.add(uow.session, stored)
            await store.add_voters(uow.session, vote.id, await _voters(uow, sitting, base), base.present)
            facts = {"kind": vote.kind.value, "base": base.size}
            await record(uow, _act("voting.open", sitting.cell, vote, actor.person, public=facts))
            return stored

    async def count_hands(self, asker: Asker, vote: Id, count: tuple[int, int, int]) -> StoredVote:
        """Write down (for, against, abstain) of the hall. Raises TooManyHands, BadHallCount, VoteMoved."""
        async with self._units.begin() as uow:
            stored, person = await self._mine_to_run(uow, asker, vote)
            may_close(replace(stored.vote, standing=Standing.SUPPLEMENT), None)  # open, not ended
            before = await store.hall_count(uow.session, vote)
            hands = HallCount(
                in_favour=count[0],
                against=count[1],
                abstain=count[2],
                by=person,
                at=uow.now,
                sequence=before.sequence + 1 if before else 1,
            )
            check_hall_count(hands, stored.base)
            await store.add_hall_count(uow.session, vote, hands, new_id())
            facts = {"for": count[0], "against": count[1], "abstain": count[2], "sequence": hands.sequence}
            await record(uow, _act("voting.hands", stored.cell, stored.vote, person, public=facts))
            return stored

    async def close_vote(self, asker: Asker, vote: Id) -> StoredVote:
        """End it; the result is fixed. Raises NoHallCount, VoteMoved, TooManyHands, NoPower."""
        async with self._units.begin() as uow:
            stored, person = await self._mine_to_run(uow, asker, vote)
            hands = await store.hall_count(uow.session, vote)
            may_close(stored.vote, hands)
            result = _json(await _decided(uow, stored, hands))
            ended = replace(stored.vote, state=VoteState.CLOSED, closed_at=uow.now)
            await store.close(uow.session, ended, result)
            facts = {name: result[name] for name in ("base", "needed", "in_favour", "against", "passed")}
            await record(uow, _act("voting.close", stored.cell, ended, person, public=facts))
            return replace(stored, vote=ended, result=result)

    async def _mine_to_run(self, uow: UnitOfWork, asker: Asker, vote: Id) -> tuple[StoredVote, Id]:
        stored = await _known(uow, vote, lock=True)
        _, actor = await convening.allow_in(uow, asker, Power.VOTE, stored.vote.meeting)
        return stored, actor.person

    async def recorded_for(self, asker: Asker, vote: Id) -> Recorded:
        """What was recorded for me? Raises NoSuchVote, NoSuchMeeting."""
        async with self._units.read() as uow:
            stored = await _known(uow, vote)
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            member = actor.member_in(sitting.cell)
            if member is None:
                return Recorded(ballots=(), in_hall=False, late=0)
            mine = await store.ballots(uow.session, vote, member)
            late = await store.late_ballots(uow.session, vote, member)
            in_hall = member in stored.base.present
            return Recorded(
                ballots=tuple(sorted(mine, key=lambda b: b.version)),
                in_hall=in_hall,
                late=len(late),
                late_at=late[-1] if late else None,
            )

    async def view(self, asker: Asker, vote: Id) -> tuple[StoredVote, int, int]:
        """A vote, how many have answered from devices, how many came late. Raises NoSuchVote, NoSuchMeeting."""
        async with self._units.read() as uow:
            stored = await _known(uow, vote)
            await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            late = len(await store.late_ballots(uow.session, vote))
            return stored, await store.answered(uow.session, vote), late

    async def of_meeting(self, asker: Asker, meeting: Id) -> list[StoredVote]:
        """The votes of a meeting. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await store.of_meeting(uow.session, meeting)


async def votes(uow: UnitOfWork, meeting: Id) -> list[StoredVote]:
    """The votes of a meeting with their results, for the storeys above."""
    return await store.of_meeting(uow.session, meeting)


async def _known(uow: UnitOfWork, vote: Id, *, lock: bool = False) -> StoredVote:
    stored = await store.get(uow.session, vote, lock=lock)
    if stored is None:
        raise NoSuchVote
    return stored


def _local_day(zone: str, moment: datetime) -> date:
    return moment.astimezone(zone_of(zone)).date()


async def _check_item(uow: UnitOfWork, meeting: Id, item: Id | None) -> None:
    if item is not None and all(one.id != item for one in await agenda.items(uow, meeting)):
        raise NoSuchItem


def _prepared(sitting: AnySitting, question: Question) -> Vote:
    standing = sitting.standing if isinstance(sitting, Meeting) else Standing.NONE
    return Vote(
        id=new_id(),
        meeting=sitting.id,
        item=question.item,
        question=question.question,
        kind=question.kind,
        form=question.form,
        standing=standing,
    )


async def _opened(uow: UnitOfWork, sitting: AnySitting, question: Question) -> StoredVote:
    """The question with its base, as it opens now."""
    day = _local_day(sitting.zone, uow.now)
    vote = _prepared(sitting, question)
    figures = await committees.policies(uow, sitting.cell, day)
    rule = as_set(rule_on(vote.kind, day), figures.values())
    may_open(vote, rule)
    if question.taking_part and not rule.exempt_may_vote:
        raise ExemptMayNotVote
    base = await _base(uow, sitting, rule.base, question.taking_part, question.excused)
    check_taking_part(base, question.taking_part)
    check_excused(base, question.excused)
    deadline = uow.now + timedelta(minutes=question.minutes)
    vote = replace(vote, state=VoteState.OPEN, opened_at=uow.now, deadline=deadline)
    return StoredVote(
        vote=vote, cell=sitting.cell, zone=sitting.zone, base=base, result=None, figures=rule.figures
    )


async def _base(
    uow: UnitOfWork,
    sitting: AnySitting,
    kind: BaseKind,
    taking_part: Collection[Id],
    excused: Collection[Id],
) -> Base:
    roster = await committees.roster(uow, sitting.cell, _local_day(sitting.zone, uow.now))
    called = {c.member for c in await convening.convoked(uow, sitting.id) if c.left_out_reason is None}
    there = await attendance.attendance(uow, sitting)
    online = {member for member, a in there.items() if any(i.covers(uow.now) for i in a.online)}
    base = partial(base_of, roster, convoked=called, taking_part=taking_part, kind=kind, excused=excused)
    if sitting.mode is Mode.ONLINE:
        return base(present=online)
    if not any(a.hall_confirmed for a in there.values()):
        raise RollNotConfirmed
    hall = {member for member, a in there.items() if a.hall is not None and a.hall.covers(uow.now)}
    return base(present=hall, by_phone=online - hall)


async def _moves(uow: UnitOfWork, stored: StoredVote, kind: BaseKind) -> tuple[Move, ...]:
    """Who came or went since the opening: the base stays, the result says so."""
    sitting = await convening.sitting(uow, stored.vote.meeting)
    before = stored.base
    after = await _base(
        uow,
        sitting,
        kind,
        before.having(Included.EXEMPT_TAKING_PART),
        before.having(Excluded.EXCUSED_ALL_THROUGH),
    )
    return moved(before, after)


async def _voters(uow: UnitOfWork, sitting: AnySitting, base: Base) -> list[Member]:
    roster = await committees.roster(uow, sitting.cell, day_of(sitting))
    return [member for member in roster if member.id in base.entitled]


async def _decided(uow: UnitOfWork, stored: StoredVote, hands: HallCount | None) -> Result:
    answers = Answers(
        ballots=tuple(await store.ballots(uow.session, stored.vote.id)),
        late=len(await store.late_ballots(uow.session, stored.vote.id)),
    )
    opened = _local_day(stored.zone, stored.vote.opened_at or uow.now)
    roster = await committees.roster(uow, stored.cell, _local_day(stored.zone, uow.now))
    names = {member.id: member.full_name for member in await committees.roster(uow, stored.cell, opened)}
    rule = as_set(rule_on(stored.vote.kind, opened), stored.figures)
    return decide(
        stored.vote,
        stored.base,
        rule=rule,
        hall_count=hands,
        answers=answers,
        names=names | {member.id: member.full_name for member in roster},
        moves=await _moves(uow, stored, rule.base),
    )


def _json(result: Result) -> dict[str, Any]:
    return asdict(result)


def _act(name: str, cell: Id, vote: Vote, person: Id, *, public: Mapping[str, Any]) -> Act:
    return Act(cell=cell, name=name, actor=person, meeting=vote.meeting, subject=vote.id, public=public)
