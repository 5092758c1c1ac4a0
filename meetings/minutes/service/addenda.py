"""Addenda to approved minutes: what can be corrected, what was, and how far their signatures are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.minutes import paper_store, store
from meetings.minutes.beside import Beside
from meetings.minutes.ink import sha256_hex
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.papers.corrections import (
    Changes,
    Correction,
    Place,
    decide_corrections,
    decide_remarks,
    may_draw_up,
    places,
)
from meetings.minutes.papers.reading import from_json as paper_from_json
from meetings.minutes.papers.records import Addendum
from meetings.minutes.reading import from_json
from meetings.minutes.service.gathering import Form
from meetings.minutes.service.made import NoMinutes
from meetings.minutes.service.paper_facts import paper_of
from meetings.minutes.service.paper_seats import PaperLook, looks_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """An addendum beside its minutes: as it was issued, what it says, who has signed."""

    issued: IssuedPaper
    facts: Addendum
    look: PaperLook

    @property
    def beside(self) -> Beside:
        """For whoever shows it beside the minutes."""
        return Beside(
            title=self.look.title,
            day=self.facts.paper.day,
            address=f"/api/v1/papers/{self.issued.id}.pdf",
            signed=tuple(one.officer.name for one in self.look.places if one not in self.look.awaited),
            awaited=tuple(one.officer.name for one in self.look.awaited),
            in_ink=self.look.ink_at is not None,
            data=self.issued.data,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Correctable:
    """What an addendum to these minutes can be about."""

    sitting: AnySitting
    places: tuple[Place, ...]
    added: tuple[Added, ...]


async def addendum_of(uow: UnitOfWork, sitting: AnySitting, form: Form, changes: Changes) -> Addendum:
    """The facts of an addendum that would be drawn up today. Raises NoMinutes, NotInMinutes, NothingCorrected,
    NoReason."""
    approved = await store.approved(uow.session, sitting.id)
    if approved is None:
        raise NoMinutes
    minutes = from_json(approved.data)
    corrections = decide_corrections(places(minutes, await _before(uow, sitting.id)), changes)
    remarks = decide_remarks(changes)
    may_draw_up(corrections, remarks, changes)
    facts = minutes.facts
    return Addendum(
        paper=await paper_of(uow, sitting, form, _today(uow, sitting)),
        minutes=sha256_hex(approved.data),
        file=approved.pdf,
        minutes_number=facts.layout.number,
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        corrections=corrections,
        remarks=remarks,
        reason=changes.reason.strip(),
        found_by=changes.found_by.strip(),
    )


async def added_to(uow: UnitOfWork, meeting: Id) -> tuple[Added, ...]:
    """The addenda to the minutes of a meeting, in the order of their issue."""
    issued = await paper_store.papers_of_meeting(uow.session, meeting, PaperKind.ADDENDUM)
    looks = await looks_in(uow, meeting) if issued else {}
    return tuple(Added(issued=one, facts=_facts(one), look=looks[one.id]) for one in issued)


async def _before(uow: UnitOfWork, meeting: Id) -> list[tuple[Correction, ...]]:
    issued = await paper_store.papers_of_meeting(uow.session, meeting, PaperKind.ADDENDUM)
    return [_facts(one).corrections for one in issued]


def _facts(issued: IssuedPaper) -> Addendum:
    facts = paper_from_json(issued.data)
    if not isinstance(facts, Addendum):
        raise TypeError(issued.kind)
    return facts


def _today(uow: UnitOfWork, sitting: AnySitting) -> date:
    return uow.now.astimezone(zone_of(sitting.zone)).date()


class AddendaService:
    """Looks at addenda; they are issued and signed as other papers are."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def of_meeting(self, asker: Asker, meeting: Id) -> tuple[Added, ...]:
        """For whoever reads the minutes. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await added_to(uow, meeting)

    async def correctable(self, asker: Asker, meeting: Id) -> Correctable:
        """For whoever draws one up. Raises NoMinutes, NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.MINUTES, meeting)
            approved = await store.approved(uow.session, meeting)
            if approved is None:
                raise NoMinutes
            added = await added_to(uow, meeting)
            known = places(from_json(approved.data), [one.facts.corrections for one in added])
            return Correctable(sitting=sitting, places=known, added=added)
