"""What the secretary's device takes along: names, agenda, and the very rows of the table of rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from meetings.agenda.deciding import motions_of
from meetings.agenda.motions import Moved, Wording
from meetings.agenda.rules import Item
from meetings.agenda.tasking import TasksLook, tasks_of
from meetings.attendance import service as attendance
from meetings.attendance.guests import Guest
from meetings.attendance.rules import Reason
from meetings.committees import service as committees
from meetings.committees.rules import Member
from meetings.convening.rules import AnySitting, Mode, State
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.ledger.service import newest_in
from meetings.offline.order import SoFar
from meetings.offline.rules import NotForOffline
from meetings.offline.service.begun import so_far, votes_held
from meetings.voting.elections import ELECTIONS
from meetings.voting.figures import as_set
from meetings.voting.instruments import RULES, cite, rule_on
from meetings.voting.refusals import NoRule
from meetings.voting.rules import DecisionRule, Form, StoredVote
from meetings.voting.sentences import share
from meetings.voting.subjects import KINDS, NAMED

_IN_THE_HALL = (Form.HANDS, Form.CARDS, Form.PAPER)


@dataclass(frozen=True, kw_only=True, slots=True)
class KitMember:
    """One name. `called`: convoked; `asked`: the reason of who asked leave; `coming`: said that they will come."""

    member: Member
    called: bool
    asked: Reason | None
    coming: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionRule:
    """One row of the dated table as it holds for this cell, with its words: what is decided (`about`: the same with
    {name} for the person), its share, its sources."""

    rule: DecisionRule
    forms: tuple[Form, ...]
    subject: str
    about: str
    share: str
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kit:
    """Everything for one sitting. `number`: of the newest act in it; `now`: the server's clock; `drafts`: the newest
    wording of each item, also an empty one; `moved`: with what became of it. Of an open one also what was done so far,
    and the votes that have ended."""

    sitting: AnySitting
    cell_name: str
    number: int
    now: datetime
    members: tuple[KitMember, ...]
    items: tuple[Item, ...]
    drafts: tuple[Wording, ...]
    moved: tuple[Moved, ...]
    guests: tuple[Guest, ...]
    work: TasksLook
    questions: tuple[QuestionRule, ...]
    so_far: SoFar | None = None
    held: tuple[StoredVote, ...] = ()


def check_takeable(sitting: AnySitting) -> None:
    """Raises NotForOffline."""
    if sitting.mode is not Mode.IN_PERSON or sitting.state not in {State.CONVENED, State.OPEN}:
        raise NotForOffline


async def kit_of(uow: UnitOfWork, sitting: AnySitting) -> Kit:
    """As of now. Raises NotForOffline, StillVoting."""
    check_takeable(sitting)
    at = await committees.standpoint(uow, sitting.cell)
    look = await motions_of(uow, sitting)
    return Kit(
        sitting=sitting,
        cell_name=at.org.name,
        number=await newest_in(uow, sitting.id),
        now=uow.now,
        members=await _members(uow, sitting),
        items=look.items,
        drafts=_newest(look.wordings),
        moved=look.moved,
        guests=tuple(await attendance.guests(uow, sitting.id)),
        work=await tasks_of(uow, sitting),
        questions=await _questions(uow, sitting),
        so_far=await so_far(uow, sitting) if sitting.state is State.OPEN else None,
        held=await votes_held(uow, sitting.id) if sitting.state is State.OPEN else (),
    )


def _newest(wordings: Iterable[Wording]) -> tuple[Wording, ...]:
    last = {one.item: one for one in sorted(wordings, key=lambda one: one.number)}
    return tuple(last.values())


async def _members(uow: UnitOfWork, sitting: AnySitting) -> tuple[KitMember, ...]:
    record = await attendance.record_of(uow, sitting)
    leave = await attendance.leave_of(uow, sitting)
    asked: dict[Id, Reason] = {one.member: one.reason for one in leave.requests}
    coming = (await attendance.coming(uow, sitting)).now
    return tuple(
        KitMember(
            member=one, called=one.id in record.convoked, asked=asked.get(one.id), coming=one.id in coming
        )
        for one in record.roster
    )


async def _questions(uow: UnitOfWork, sitting: AnySitting) -> tuple[QuestionRule, ...]:
    """What hands, cards or ballots of paper decide; an election, whose ballots have names, is held on paper alone."""
    day = sitting.starts_at.astimezone(zone_of(sitting.zone)).date()
    figures = (await committees.policies(uow, sitting.cell, day)).values()
    found = []
    for kind in RULES:
        try:
            rule = as_set(rule_on(kind, day), figures)
        except NoRule:
            continue
        forms = tuple(form for form in _IN_THE_HALL if form in rule.forms)
        if forms and kind not in ELECTIONS:
            found.append(question_of(rule, forms))
    return tuple(found)


def question_of(rule: DecisionRule, forms: tuple[Form, ...]) -> QuestionRule:
    """The row with its words."""
    return QuestionRule(
        rule=rule,
        forms=forms,
        subject=KINDS[rule.kind][0],
        about=NAMED[rule.kind][0] if rule.person else "",
        share=share(rule.threshold) if rule.threshold else "",
        sources=tuple(cite(one) for one in rule.citations),
    )
