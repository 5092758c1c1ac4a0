"""The facts of the other papers, gathered from the storeys below and from approved minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.rules import NoSuchItem
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.rules import Role
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Kind, Meeting, Standing
from meetings.convening.service import roster_of
from meetings.convening.service.telling import call_of
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text
from meetings.ledger import service as ledger
from meetings.minutes.facts import minutes_hash
from meetings.minutes.papers.records import (
    AttendanceList,
    Ballots,
    Convocation,
    CountedLine,
    Counting,
    Excerpt,
    Paper,
    Resolution,
)
from meetings.minutes.records import Head, Minutes, Officer, VoteFacts, moment_of
from meetings.minutes.service.gathering import Form, officer_of, organisation_of
from meetings.notices.wording import spoken_time
from meetings.voting.counting import board_of
from meetings.voting.rules import DecisionKind, StoredVote, Vote
from meetings.voting.rules import Form as BallotForm
from meetings.voting.sentences import ON_SCREEN

_COMMITTEE = "T/M CHI ỦY"
_ON_BOARD = "Ban kiểm phiếu"
NOBODY = Officer(member="", name="", position="Bí thư chi bộ")


class NotOnBallots(Conflict):
    """The question is not put to a secret vote on paper."""

    code = "not-on-ballots"
    message = "Nội dung này không bỏ phiếu kín bằng giấy."


class NotCounted(Conflict):
    """Counting-board minutes are of a vote that has ended with the protocol of its board."""

    code = "not-counted"
    message = "Nội dung này chưa có kết quả kiểm phiếu; cần kết thúc bỏ phiếu trước."


class NoResolution(Conflict):
    """A resolution is made of a vote on one, passed in the hall and stated in approved minutes."""

    code = "no-resolution"
    message = "Chưa có nghị quyết được thông qua trong biên bản đã chốt của buổi này."


class NoResolutionText(Invalid):
    """A resolution has words."""

    code = "no-resolution-text"
    message = "Cần nội dung của nghị quyết."


class NobodyCalled(Conflict):
    """Letters are for those who were called."""

    code = "nobody-called"
    message = "Buổi này chưa triệu tập đồng chí nào."


class NotCalled(NotFound):
    """That member was not called to the sitting."""

    code = "not-called"
    message = "Đồng chí này không có trong danh sách triệu tập của buổi."


async def paper_of(uow: UnitOfWork, sitting: AnySitting, form: Form, day: date) -> Paper:
    """What every paper of a sitting has, signed for the cell by its secretary, else the deputy."""
    standing = sitting.standing if isinstance(sitting, Meeting) else Standing.NONE
    head = await ledger.head_of(uow, sitting.cell)
    return Paper(
        organisation=await organisation_of(uow, sitting),
        day=date_text(day),
        standing=standing,
        authority=_COMMITTEE if sitting.kind is Kind.COMMITTEE else form.authority,
        signer=await _leader(uow, sitting),
        ledger=Head(seq=head.seq, hash=head.hash),
        demonstration_clock=form.demonstration,
    )


async def _leader(uow: UnitOfWork, sitting: AnySitting) -> Officer:
    people = {member.person: member for member in await roster_of(uow, sitting)}
    for role in (Role.SECRETARY, Role.DEPUTY):
        for person in await committees.mandate_holders(uow, sitting.cell, role, day_of(sitting)):
            if person in people:
                return await officer_of(uow, sitting, people[person])
    return NOBODY


async def ballots(
    uow: UnitOfWork, sitting: AnySitting, stored: StoredVote, form: Form, copies: int | None
) -> Ballots:
    """As many as members of the base are in the hall, unless told otherwise. Raises NotOnBallots."""
    vote, slate = stored.vote, stored.vote.slate
    if vote.form is not BallotForm.PAPER:
        raise NotOnBallots
    return Ballots(
        paper=await paper_of(uow, sitting, form, day_of(sitting)),
        vote=vote.id,
        question=vote.question,
        copies=copies or max(1, len(stored.base.present)),
        names=on_ballot(vote),
        seats=slate.seats if slate else None,
    )


def on_ballot(vote: Vote) -> tuple[str, ...]:
    """The names in print: of an election's round, or of the one person a question is about."""
    if vote.slate is not None:
        return tuple(name for _, name in vote.slate.candidates)
    return (vote.person.name,) if vote.person else ()


async def counting(uow: UnitOfWork, sitting: AnySitting, stored: StoredVote, form: Form) -> Counting:
    """The protocol and the result of an ended vote. Raises NotCounted."""
    vote, result = stored.vote, stored.result
    papers = result["papers"] if result and vote.form is BallotForm.PAPER else None
    if result is None or papers is None or vote.opened_at is None or vote.closed_at is None:
        raise NotCounted
    closed = moment_of(vote.closed_at, sitting.zone)
    day = vote.closed_at.astimezone(zone_of(sitting.zone)).date()
    return Counting(
        paper=await paper_of(uow, sitting, form, day),
        vote=vote.id,
        question=vote.question,
        kind=sitting.kind,
        month=str(sitting.month),
        place=sitting.place,
        opened=moment_of(vote.opened_at, sitting.zone),
        closed=closed,
        base=result["base"],
        entitled=len(stored.base.present),
        needed=result["needed"],
        lines=_lines(stored, result),
        explanation=" ".join([result["explanation"].removesuffix(ON_SCREEN), *_moves(result)]),
        passed=result["passed"],
        round=vote.slate.round if vote.slate else None,
        seats=vote.slate.seats if vote.slate else None,
        board=await _board(uow, sitting, vote.id),
        person=vote.person.name if vote.person else "",
        **{name: papers[name] for name in ("issued", "returned", "valid", "invalid", "blank")},
    )


async def _board(uow: UnitOfWork, sitting: AnySitting, vote: Id) -> tuple[Officer, ...]:
    """Who counted, as the protocol names them."""
    people = {one.id: one.full_name for one in await roster_of(uow, sitting)}
    board = await board_of(uow, vote)
    return tuple(Officer(member=one, name=people[one], position=_ON_BOARD) for one in board if one in people)


def _moves(result: Mapping[str, Any]) -> list[str]:
    """What the minutes note beside the result; the protocol itself stands in the tables."""
    return [note for note in result["record"] if not note.startswith("Phiếu phát ra ")]


def _lines(stored: StoredVote, result: Mapping[str, Any]) -> tuple[CountedLine, ...]:
    if stored.vote.slate is None:
        about = stored.vote.person
        line = about.name if about else stored.vote.question
        return (CountedLine(name=line, in_favour=result["in_favour"], against=result["against"]),)
    names = ("name", "in_favour", "against", "elected", "tied")
    return tuple(CountedLine(**{name: line[name] for name in names}) for line in result["names"])


async def resolution(
    uow: UnitOfWork,
    sitting: AnySitting,
    stored: StoredVote,
    form: Form,
    minutes: Minutes | None,
    *,
    text: str,
    recipients: tuple[str, ...],
) -> Resolution:
    """A resolution as the approved minutes state it. Raises NoResolution, NoResolutionText."""
    if not text.strip():
        raise NoResolutionText
    found = _stated(minutes, stored.vote.id)
    if (
        minutes is None
        or found is None
        or stored.vote.kind is not DecisionKind.RESOLUTION
        or not found.passed
    ):
        raise NoResolution
    facts = minutes.facts
    return Resolution(
        paper=await paper_of(uow, sitting, form, day_of(sitting)),
        minutes=minutes_hash(minutes),
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        attendance=facts.attendance,
        vote=found,
        text=text,
        recipients=recipients,
        fees=facts.fees,
    )


def _stated(minutes: Minutes | None, vote: Id) -> VoteFacts | None:
    items = minutes.facts.items if minutes else ()
    return next((one for item in items for one in item.votes if one.id == vote), None)


async def excerpt(uow: UnitOfWork, sitting: AnySitting, form: Form, minutes: Minutes, item: Id) -> Excerpt:
    """One item of these minutes, nothing of the others. Raises NoSuchItem."""
    facts = minutes.facts
    for position, one in enumerate(facts.items, 1):
        if one.id == item:
            online = not facts.attendance.hall
            return Excerpt(
                paper=await paper_of(uow, sitting, form, day_of(sitting)),
                minutes=minutes_hash(minutes),
                sitting=facts.sitting,
                chair=facts.chair,
                recorder=facts.recorder,
                there=len(facts.attendance.by_phone if online else facts.attendance.hall),
                position=position,
                item=one,
                text=minutes.texts.get(item, ""),
            )
    raise NoSuchItem


async def attendance_list(
    uow: UnitOfWork, sitting: AnySitting, form: Form, minutes: Minutes, *, approved: bool
) -> AttendanceList:
    """The list as the minutes or their draft have it."""
    facts = minutes.facts
    return AttendanceList(
        paper=await paper_of(uow, sitting, form, day_of(sitting)),
        minutes=minutes_hash(minutes) if approved else "",
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        attendance=facts.attendance,
    )


async def convocation(uow: UnitOfWork, sitting: AnySitting, form: Form) -> Convocation:
    """Letters for everyone who was called. Raises NobodyCalled."""
    called = {one.member for one in await convening.convoked(uow, sitting.id) if one.how is not None}
    people = tuple(who.full_name for who in await roster_of(uow, sitting) if who.id in called)
    if not people:
        raise NobodyCalled
    call = await call_of(uow, sitting, agenda.titles)
    told = await convening.convened_at(uow, sitting.id)
    day = (told or uow.now).astimezone(zone_of(sitting.zone)).date()
    return Convocation(
        paper=await paper_of(uow, sitting, form, day),
        meeting=sitting.id,
        kind=sitting.kind,
        mode=sitting.mode,
        month=str(sitting.month),
        title=call.title,
        when=spoken_time(call.starts_at, call.zone),
        place=call.place,
        agenda=call.agenda,
        people=people,
        supplements_on=date_text(call.supplements_on) if call.supplements_on else None,
    )


async def called_name(uow: UnitOfWork, sitting: AnySitting, member: Id) -> str:
    """The name of one member who was called. Raises NotCalled."""
    called = {one.member for one in await convening.convoked(uow, sitting.id) if one.how is not None}
    for who in await roster_of(uow, sitting):
        if who.id == member and who.id in called:
            return who.full_name
    raise NotCalled
