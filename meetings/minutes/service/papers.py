"""The other papers of a sitting: printed at once, or issued once under a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Standing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import paper_store, store, work
from meetings.minutes.ink import sha256_hex
from meetings.minutes.numbering import (
    BEFORE_ALL_TERMS,
    SYMBOLS,
    IssuedPaper,
    PaperKind,
    Term,
    may_begin,
    number_text,
    term_on,
)
from meetings.minutes.papers.corrections import NO_CHANGES, Changes
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.reading import from_json as paper_from_json
from meetings.minutes.papers.records import (
    Addendum,
    AnyPaper,
    AttendanceList,
    Convocation,
    Counting,
    Excerpt,
    Resolution,
)
from meetings.minutes.ports import Workshop
from meetings.minutes.reading import from_json
from meetings.minutes.records import Minutes
from meetings.minutes.service import paper_facts
from meetings.minutes.service.addenda import AddendaService, addendum_of
from meetings.minutes.service.ballot_sheets import BallotSheets
from meetings.minutes.service.gathering import Form, gather
from meetings.minutes.service.made import MinutesMoved, NoMinutes
from meetings.minutes.service.offers import OfferService
from meetings.minutes.service.paper_ink import PaperInk
from meetings.minutes.service.paper_seats import NoSuchPaper, PaperLook, looks_in, signed_file
from meetings.voting.running import known as known_vote

Issuable: TypeAlias = Convocation | Counting | Resolution | Addendum | Excerpt | AttendanceList
_TRIAL = 9999  # stands for the number while a paper is tried before it gets one

_OF_MINUTES = frozenset({PaperKind.EXCERPT, PaperKind.ATTENDANCE})


class AlreadyIssued(Conflict):
    """A sitting has one letter and one list, a vote one protocol and one resolution, an item one excerpt."""

    code = "already-issued"
    message = "Văn bản này đã được ban hành."


class NoVoteNamed(Invalid):
    """Counting-board minutes and resolutions are of a vote of that sitting."""

    code = "no-vote-named"
    message = "Cần chọn nội dung biểu quyết của buổi này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A paper to issue. `vote`: of counting-board minutes and resolutions; `item`: of an excerpt; `text` and
    `recipients`: of a resolution; `changes`: of an addendum."""

    kind: PaperKind
    vote: Id | None = None
    item: Id | None = None
    text: str = ""
    recipients: tuple[str, ...] = ()
    changes: Changes = NO_CHANGES


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """A paper that can be printed, without its number yet."""

    meeting: Id
    wanted: Wanted
    facts: Issuable


class PapersService:
    """`form` is what the printed form needs."""

    def __init__(self, units: Units, workshop: Workshop, *, form: Form) -> None:
        self._units, self._workshop, self._form = units, workshop, form
        self.addenda, self.by_hand, self.offers = AddendaService(units), PaperInk(units), OfferService(units)
        self.ballots = BallotSheets(units, workshop, form=form)

    async def excerpt(self, asker: Asker, meeting: Id, item: Id) -> bytes:
        """One item of approved minutes. Raises NoMinutes, NoSuchItem, NoSuchMeeting."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            minutes = await _approved(uow, meeting)
            if minutes is None:
                raise NoMinutes
            facts = await paper_facts.excerpt(uow, sitting, self._form, minutes, item)
        return await self._print(facts)

    async def attendance_list(self, asker: Asker, meeting: Id) -> bytes:
        """Who was there, from approved minutes or their draft. Raises NotClosed, NoParts, NoSuchMeeting."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            approved = await _approved(uow, meeting)
            minutes = approved or Minutes(facts=await gather(uow, sitting, form=self._form, fixed_at=None))
            facts = await paper_facts.attendance_list(
                uow, sitting, self._form, minutes, approved=approved is not None
            )
        return await self._print(facts)

    async def letters(self, asker: Asker, meeting: Id, member: Id | None) -> bytes:
        """Letters for all who were called, or for one; with the number once it is issued.

        Raises NobodyCalled, NotCalled, NoSuchMeeting, NoPower.
        """
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.CONVENE, meeting)
            facts = await paper_facts.convocation(uow, sitting, self._form)
            issued = await paper_store.paper_about(uow.session, PaperKind.CONVOCATION, meeting)
            if issued is not None:
                stated = paper_from_json(issued.data).paper
                facts = replace(facts, paper=stated)
            if member is not None:
                name = await paper_facts.called_name(uow, sitting, member)
                facts = replace(facts, people=(name,))
        return await self._print(facts)

    async def issue(self, asker: Asker, meeting: Id, wanted: Wanted) -> IssuedPaper:
        """Issue a paper under the next number.

        Raises AlreadyIssued, NoVoteNamed, NotCounted, NoResolution, NoResolutionText, NobodyCalled, NoMinutes,
        NoSuchItem, NothingCorrected, NoReason, NotInMinutes, VerdictInSupplement, MinutesMoved, MissingGlyph,
        HiddenCharacter, NoPower.
        """
        return await self.keep_issued(asker, await self.issue_ahead(asker, meeting, wanted))

    async def issue_ahead(self, asker: Asker, meeting: Id, wanted: Wanted) -> Tried:
        """Whether it can be printed, before any number is taken; keeps nothing. Raises as `issue`."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, _power(wanted), meeting)
            facts = await self._gather(uow, sitting, wanted)
        await self._print(_numbered(facts, number_text(_TRIAL, wanted.kind)))
        return Tried(meeting=meeting, wanted=wanted, facts=facts)

    async def preview(self, asker: Asker, meeting: Id, wanted: Wanted) -> bytes:
        """How it would be printed, still without a number. Raises as `issue`."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, _power(wanted), meeting)
            facts = await self._gather(uow, sitting, wanted)
        return await self._print(facts)

    async def keep_issued(self, asker: Asker, tried: Tried) -> IssuedPaper:
        """Give it its number and keep it. Raises MinutesMoved if its facts are others by now."""
        meeting, wanted = tried.meeting, tried.wanted
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, _power(wanted), meeting, lock=True)
            made = new_id()
            about = _about(wanted, made, meeting)
            if await paper_store.paper_about(uow.session, wanted.kind, about) is not None:
                raise AlreadyIssued
            facts = await self._gather(uow, sitting, wanted)
            if _settled(facts) != _settled(tried.facts):
                raise MinutesMoved
            term, number = await self._number(uow, sitting, wanted.kind, facts)
            if number is not None:
                facts = _numbered(facts, number_text(number, wanted.kind))
            paper = IssuedPaper(
                id=made,
                cell=sitting.cell,
                meeting=meeting,
                kind=wanted.kind,
                about=about,
                term=term,
                number=number,
                day=_day(facts),
                data=to_bytes(facts),
                by=actor.person,
                at=uow.now,
            )
            await paper_store.add_paper(uow.session, paper)
            await record(uow, _act(sitting, actor.person, paper))
            return paper

    async def _number(
        self, uow: UnitOfWork, sitting: AnySitting, kind: PaperKind, facts: AnyPaper
    ) -> tuple[str, int | None]:
        found = term_on(await paper_store.terms(uow.session, sitting.cell), _day(facts))
        key = found.key if found else BEFORE_ALL_TERMS
        if facts.paper.standing is Standing.NONE or kind not in SYMBOLS:
            return key, None
        used = found.used.get(kind, 0) if found else 0
        return key, await paper_store.take_number(uow.session, sitting.cell, key, kind, used=used)

    async def _gather(self, uow: UnitOfWork, sitting: AnySitting, wanted: Wanted) -> Issuable:
        if wanted.kind is PaperKind.CONVOCATION:
            return await paper_facts.convocation(uow, sitting, self._form)
        if wanted.kind is PaperKind.ADDENDUM:
            return await addendum_of(uow, sitting, self._form, wanted.changes)
        if wanted.kind in _OF_MINUTES:
            return await self._of_minutes(uow, sitting, wanted)
        if wanted.vote is None:
            raise NoVoteNamed
        stored = await known_vote(uow, wanted.vote)
        if stored.vote.meeting != sitting.id:
            raise NoVoteNamed
        if wanted.kind is PaperKind.COUNTING:
            return await paper_facts.counting(uow, sitting, stored, self._form)
        return await paper_facts.resolution(
            uow,
            sitting,
            stored,
            self._form,
            await _approved(uow, sitting.id),
            text=wanted.text,
            recipients=wanted.recipients,
        )

    async def _of_minutes(self, uow: UnitOfWork, sitting: AnySitting, wanted: Wanted) -> Issuable:
        minutes = await _approved(uow, sitting.id)
        if minutes is None:
            raise NoMinutes
        if wanted.kind is PaperKind.EXCERPT:
            return await paper_facts.excerpt(uow, sitting, self._form, minutes, wanted.item or "")
        return await paper_facts.attendance_list(uow, sitting, self._form, minutes, approved=True)

    async def meeting_of(self, asker: Asker, paper: Id) -> Id:
        """Of which meeting a paper is. Raises NoSuchPaper, NoSuchMeeting."""
        async with self._units.read() as uow:
            found = await paper_store.paper(uow.session, paper)
            if found is None:
                raise NoSuchPaper
            await convening.allow_in(uow, asker, Power.VIEW_CELL, found.meeting)
            return found.meeting

    async def of_meeting(self, asker: Asker, meeting: Id) -> dict[Id, PaperLook]:
        """The issued papers of the meeting in their order, with whose places are on each, and whether it is signed.
        Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await looks_in(uow, meeting)

    async def pdf(self, asker: Asker, paper: Id) -> tuple[IssuedPaper, bytes]:
        """An issued paper and its file: the signed one, else printed from what was kept. Raises NoSuchPaper,
        NoSuchMeeting."""
        async with self._units.read() as uow:
            found = await paper_store.paper(uow.session, paper)
            if found is None:
                raise NoSuchPaper
            await convening.allow_in(uow, asker, Power.VIEW_CELL, found.meeting)
            if (signed := await signed_file(uow, paper)) is not None:
                return found, signed
        return found, await self._workshop.do(work.print_paper, found.data)

    async def begin_term(self, asker: Asker, cell: Id, term: Term) -> list[Term]:
        """From its first day on numbers run anew. Raises TermTooEarly, BadUsedNumber, NoPower."""
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Power.CONVENE, cell)
            known = await paper_store.terms(uow.session, cell)
            may_begin(term, known, await paper_store.newest_day(uow.session, cell))
            term_id = new_id()
            await paper_store.add_term(uow.session, cell, term_id, term, actor.person, uow.now)
            used: dict[str, Json] = {kind.value: last for kind, last in term.used.items()}
            said: dict[str, Json] = {"since": term.key, "used": used}
            await record(
                uow, Act(cell=cell, name="papers.term", actor=actor.person, subject=term_id, public=said)
            )
            return [*known, term]

    async def terms(self, asker: Asker, cell: Id) -> list[Term]:
        """The terms of a cell. Raises NoSuchOrg, NoPower."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Power.VIEW_CELL, cell)
            return await paper_store.terms(uow.session, cell)

    async def _print(self, facts: AnyPaper) -> bytes:
        return await self._workshop.do(work.print_paper, to_bytes(facts))


def _power(wanted: Wanted) -> Power:
    return Power.CONVENE if wanted.kind is PaperKind.CONVOCATION else Power.MINUTES


async def _approved(uow: UnitOfWork, meeting: Id) -> Minutes | None:
    found = await store.approved(uow.session, meeting)
    return None if found is None else from_json(found.data)


def _about(wanted: Wanted, paper: Id, meeting: Id) -> Id:
    """What at most one paper of its kind is about."""
    match wanted.kind:
        case PaperKind.ADDENDUM:
            return paper
        case PaperKind.COUNTING | PaperKind.RESOLUTION:
            return wanted.vote or meeting
        case PaperKind.EXCERPT:
            return wanted.item or meeting
        case _:
            return meeting


def _numbered(facts: Issuable, number: str) -> Issuable:
    return replace(facts, paper=replace(facts.paper, number=number))


def _settled(facts: Issuable) -> Issuable:
    """The ledger may have grown meanwhile; what the paper states may not have changed."""
    return replace(facts, paper=replace(facts.paper, ledger=None))


def _day(facts: AnyPaper) -> date:
    day, month, year = facts.paper.day.split("/")
    return date(int(year), int(month), int(day))


def _act(sitting: AnySitting, person: Id, paper: IssuedPaper) -> Act:
    said = {
        "kind": paper.kind.value,
        "term": paper.term,
        "number": paper.number,
        "data": sha256_hex(paper.data),
    }
    return Act(
        cell=sitting.cell,
        name="papers.issue",
        actor=person,
        meeting=sitting.id,
        subject=paper.id,
        public=said,
    )
