"""Running a vote inside a unit: who may, how it opens, what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.rules import NoSuchItem
from meetings.attendance import service as attendance
from meetings.attendance.rules import RollNotConfirmed
from meetings.committees import service as committees
from meetings.committees.policies import Policy, PolicyKey
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing, State
from meetings.convening.states import NotOpen
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import zone_of
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import paper_store, secret_store, store
from meetings.voting.base import base_of, can_raise, check_excused, check_taking_part, moved
from meetings.voting.casting import NoSuchVote
from meetings.voting.elections import Here
from meetings.voting.figures import as_set, with_secret_device
from meetings.voting.instruments import cite, rule_on
from meetings.voting.outcome import Outcome, by_hands, by_paper, by_secret
from meetings.voting.paper import NoPaperCount, Slate
from meetings.voting.persons import concerned
from meetings.voting.refusals import ExemptMayNotVote
from meetings.voting.rules import (
    Base,
    BaseKind,
    Concerned,
    DecisionKind,
    DecisionRule,
    Excluded,
    Form,
    Included,
    Move,
    Result,
    StoredVote,
    Vote,
    VoteState,
)
from meetings.voting.secrecy import SecretDeviceForbidden, count
from meetings.voting.tally import Answers, may_open


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is put to the vote. `taking_part`: exempt members present whom the secretary confirmed; `excused`:
    official members absent all through with an accepted reason, where the base is taken without them; `person`: whom
    it is about, a member of the roll without the name, or a name."""

    question: str
    kind: DecisionKind
    form: Form
    item: Id | None
    minutes: int
    taking_part: Sequence[Id] = ()
    excused: Sequence[Id] = ()
    slate: Slate | None = None
    person: Concerned | None = None


async def known(uow: UnitOfWork, vote: Id, *, lock: bool = False) -> StoredVote:
    """The vote, locked if asked. Raises NoSuchVote."""
    stored = await store.get(uow.session, vote, lock=lock)
    if stored is None:
        raise NoSuchVote
    return stored


async def may_run(uow: UnitOfWork, asker: Asker, vote: Id) -> tuple[StoredVote, Id]:
    """The vote, locked, for who may run it, and that person. Raises NoSuchVote, NoSuchMeeting, NoPower."""
    stored = await known(uow, vote, lock=True)
    _, actor = await convening.allow_in(uow, asker, Power.VOTE, stored.vote.meeting)
    return stored, actor.person


async def may_ask(uow: UnitOfWork, asker: Asker, meeting: Id) -> tuple[AnySitting, Id]:
    """The open sitting, locked, for who may run votes in it, and that person. Raises NotOpen, NoPower."""
    sitting, actor = await convening.allow_in(uow, asker, Power.VOTE, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor.person


async def put_question(
    uow: UnitOfWork, sitting: AnySitting, person: Id, question: Question, **more: Json
) -> StoredVote:
    """Open it: its base, figures and voters are fixed and the act is recorded with `more`. In secret nobody
    answers with a name.

    Raises NoSuchItem, RollNotConfirmed, OnlineForbidden, FormNotAllowed, NotTakingPart, NotExcused,
    ExemptMayNotVote, SecretDeviceForbidden, SecretDeviceOff, PersonMissing, OnePersonOnly, NotThisPerson,
    NobodyConcerned.
    """
    await _check_item(uow, sitting.id, question.item)
    stored = await _opened(uow, sitting, question)
    vote, base = stored.vote, stored.base
    await store.add(uow.session, stored)
    if not vote.form.secret:
        await store.add_voters(uow.session, vote.id, await _voters(uow, sitting, base), base.present)
    facts = {"kind": vote.kind.value, "form": vote.form.value, "base": base.size, **more}
    act = act_of("voting.open", sitting.cell, vote, person, public=facts)
    about = {"person": vote.person.member or vote.person.name} if vote.person else {}
    await record(uow, replace(act, personal=about))
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
        slate=question.slate,
    )


async def prepared(
    uow: UnitOfWork, sitting: AnySitting, question: Question, day: date
) -> tuple[Vote, DecisionRule]:
    """The question as it could be put that day, and by which rule; nothing is kept.

    Raises OnlineForbidden, VerdictInSupplement, FormNotAllowed, SecretDeviceForbidden, SecretDeviceOff, PersonMissing,
    OnePersonOnly, NotThisPerson, NobodyConcerned.
    """
    vote = _prepared(sitting, question)
    figures = await committees.policies(uow, sitting.cell, day)
    rule = _rule(vote, day, figures.values())
    may_open(vote, rule)
    about = concerned(rule, question.person, await convening.roster_of(uow, sitting))
    return replace(vote, person=about), rule


async def _opened(uow: UnitOfWork, sitting: AnySitting, question: Question) -> StoredVote:
    """The question with its base, as it opens now."""
    vote, rule = await prepared(uow, sitting, question, _local_day(sitting.zone, uow.now))
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


def _rule(vote: Vote, day: date, figures: Collection[Policy]) -> DecisionRule:
    """As it holds for this vote. Secret ballots on devices are looked at only where they are asked for."""
    rule = as_set(rule_on(vote.kind, day), figures)
    if vote.form is not Form.SECRET_DEVICE:
        return rule
    if vote.standing is Standing.SUPPLEMENT:
        raise SecretDeviceForbidden(citation="; ".join(cite(paper) for paper in rule.citations))
    enabling = next((one for one in figures if one.key is PolicyKey.SECRET_DEVICE), None)
    return with_secret_device(rule, enabling)


async def _base(
    uow: UnitOfWork,
    sitting: AnySitting,
    kind: BaseKind,
    taking_part: Collection[Id],
    excused: Collection[Id],
) -> Base:
    roster = await convening.roster_of(uow, sitting)
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


async def here_of(uow: UnitOfWork, sitting: AnySitting) -> Here | None:
    """Who could raise a hand now, by the roll; None before it was confirmed."""
    try:
        base = await _base(uow, sitting, BaseKind.PRESENT, (), ())
    except RollNotConfirmed:
        return None
    out = base.having(Excluded.NOT_PRESENT, Excluded.AWAY_ABSENT, Excluded.EXEMPT_ABSENT)
    exempt = len(base.having(Excluded.EXEMPT_NOT_TAKING_PART))
    return Here(least=base.size, most=base.size + exempt, cell=base.size + exempt + len(out))


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


async def there(uow: UnitOfWork, stored: StoredVote) -> frozenset[Id]:
    """Members of the base who were in the hall when the question was put, or came since."""
    day = _local_day(stored.zone, stored.vote.opened_at or uow.now)
    rule = _rule(stored.vote, day, stored.figures)
    return can_raise(stored.base, await _moves(uow, stored, rule.base))


async def _voters(uow: UnitOfWork, sitting: AnySitting, base: Base) -> list[Member]:
    roster = await convening.roster_of(uow, sitting)
    return [member for member in roster if member.id in base.entitled]


async def decided(uow: UnitOfWork, stored: StoredVote) -> Result:
    """What came out, as of now. Raises NoHallCount, NoPaperCount, TooManyHands."""
    vote = stored.vote
    day = _local_day(stored.zone, vote.opened_at or uow.now)
    rule = _rule(vote, day, stored.figures)
    outcome = Outcome(
        vote=vote,
        base=stored.base,
        rule=rule,
        names=await _names(uow, stored, day),
        moves=await _moves(uow, stored, rule.base),
        assisted=await store.assisted(uow.session, vote.id),
    )
    if vote.form is Form.SECRET_DEVICE:
        return await _secret(uow, outcome)
    if vote.form is not Form.PAPER:
        return by_hands(outcome, await store.hall_count(uow.session, vote.id), await _answers(uow, vote.id))
    paper = await paper_store.count_of(uow.session, vote.id)
    if paper is None:
        raise NoPaperCount
    return by_paper(outcome, paper)


async def _secret(uow: UnitOfWork, outcome: Outcome) -> Result:
    secrecy = await secret_store.get(uow.session, outcome.vote.id)
    if secrecy is None:
        raise NoSuchVote
    marks = [mark for _, mark in await secret_store.ballots(uow.session, outcome.vote.id)]
    return by_secret(outcome, count(marks), secrecy.issued, uow.now)


async def _answers(uow: UnitOfWork, vote: Id) -> Answers:
    return Answers(
        ballots=tuple(await store.ballots(uow.session, vote)),
        late=len(await store.late_ballots(uow.session, vote)),
    )


async def _names(uow: UnitOfWork, stored: StoredVote, opened: date) -> dict[Id, str]:
    """Of the roll when the vote opened and of today's: somebody may have been transferred meanwhile."""
    today = _local_day(stored.zone, uow.now)
    days = (opened, today) if opened != today else (today,)
    rolls = [await committees.roster(uow, stored.cell, day) for day in days]
    known = {member.id: member.full_name for roll in rolls for member in roll}
    base = (member for member, _ in (*stored.base.included, *stored.base.excluded))
    gone = [
        member for member in base if member not in known
    ]  # their leaving was written down with an earlier day
    return known | {member: (await committees.member_ever(uow, member)).full_name for member in gone}


def act_of(name: str, cell: Id, vote: Vote, person: Id, *, public: Mapping[str, Any]) -> Act:
    """An act on a vote, for the ledger."""
    return Act(cell=cell, name=name, actor=person, meeting=vote.meeting, subject=vote.id, public=public)
