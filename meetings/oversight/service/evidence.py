"""The way down to one sitting: names, sources, times, disagreements, paperwork, ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.attendance import service as attendance
from meetings.attendance.rules import AbsenceState, Channel, Evidence, Interval
from meetings.attendance.service import SittingRecord
from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.committees.rules import Actor, Member
from meetings.convening import service as convening
from meetings.convening.rosters import RosterNote
from meetings.convening.rules import Meeting
from meetings.convening.service import NoSuchMeeting
from meetings.db.types import load
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Chain
from meetings.ledger.service import LedgerService
from meetings.minutes.results import Results
from meetings.minutes.service.addenda import Added, added_to
from meetings.minutes.service.results import results_in
from meetings.minutes.service.score import score_now
from meetings.offline import service as offline
from meetings.offline.service import Brought
from meetings.oversight import store
from meetings.oversight.figures import SittingFigures, restated
from meetings.oversight.rules import Restatement
from meetings.oversight.service.counting import figures_for
from meetings.oversight.service.looking import looked
from meetings.oversight.store import LedgerLine, Paperwork
from meetings.sitting.scoring import Score


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLine:
    """One member: where they took part, and every piece of evidence that names them. The reason of an absence
    is not shown to superiors, only whether it was excused."""

    member: Member
    channel: Channel
    late: bool
    left_early: bool
    hall: Interval | None
    online: tuple[Interval, ...]
    absence: AbsenceState | None
    disagreements: tuple[str, ...]
    sources: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A member who was not called, and why."""

    member: Id
    full_name: str
    reason: str
    by: Id
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingEvidence:
    """All there is about one sitting. `chain`: whether the cell's ledger holds as a whole. `brought`: that it was held
    without a network, so that its times are a device's. `cautions`: what the secretary was told to look at when
    people were called or the time was changed last. `reads_minutes`: whoever looks may also read what was said.
    `head_count`: members counted in the hall, and members marked there at that moment; None where nobody counted."""

    meeting: Meeting
    figures: SittingFigures
    head_count: tuple[int, int] | None
    roll_confirmed: bool
    lines: tuple[MemberLine, ...]
    left_out: tuple[LeftOut, ...]
    roster_notes: tuple[RosterNote, ...]
    restatements: tuple[Restatement, ...]
    evidence_hash: str
    photo_sha256: str | None
    paperwork: Paperwork
    addenda: tuple[Added, ...]
    reads_minutes: bool
    results: Results | None
    entries: Sequence[LedgerLine]
    chain: Chain
    score: Score | None
    brought: Brought | None
    cautions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLook:
    """Some entries of a cell's ledger, and whether the whole chain holds."""

    lines: Sequence[LedgerLine]
    chain: Chain


class EvidenceActs:
    """Looks from above. Names seen by anyone but the cell's own people leave an entry in its ledger."""

    def __init__(self, units: Units, ledger: LedgerService) -> None:
        self._units = units
        self._ledger = ledger

    async def evidence(self, asker: Asker, meeting: Id) -> MeetingEvidence:
        """Everything about one sitting. Raises NoSuchMeeting (also for a practice), NoPower."""
        async with self._units.read() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Act.AUDIT, meeting)
            if not isinstance(sitting, Meeting):
                raise NoSuchMeeting
            found = await self._gather(uow, sitting, actor)
        await looked(self._units, actor, sitting.cell, sitting.id)
        return found

    async def ledger(self, asker: Asker, cell: Id, *, after: int, most: int) -> LedgerLook:
        """At most so many entries after that number. Raises NoSuchOrg, NoPower."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Act.AUDIT, cell)
            lines = await store.ledger_lines(uow.session, cell, after=after, most=most)
            (chain,) = await self._ledger.verify([cell])
            return LedgerLook(lines=lines, chain=chain)

    async def _gather(self, uow: UnitOfWork, meeting: Meeting, actor: Actor) -> MeetingEvidence:
        found = await attendance.record_of(uow, meeting)
        facts = await attendance.evidence_of(uow, meeting.id)
        paper = await convening.paper_of(uow, meeting.id)
        (chain,) = await self._ledger.verify([meeting.cell])
        at = await committees.standpoint(uow, meeting.cell)
        figures = (await figures_for(uow, [meeting.cell], [meeting.month], [meeting]))[meeting.id]
        entries = await store.ledger_lines(uow.session, meeting.cell, meeting=meeting.id)
        said = [restated(one) for one in await convening.restatements_of(uow, [meeting.id])]
        return MeetingEvidence(
            meeting=meeting,
            figures=figures,
            head_count=await attendance.head_count(uow, meeting.id),
            roll_confirmed=found.roll_confirmed,
            lines=tuple(_line(found, member, facts) for member in found.roster),
            left_out=await _left_out(uow, meeting, found.roster),
            roster_notes=tuple(await convening.roster_notes(uow, meeting)),
            restatements=tuple(said),
            evidence_hash=await attendance.evidence_hash(uow, meeting.id),
            photo_sha256=paper.photo_sha256 if paper else None,
            paperwork=await store.paperwork(uow.session, meeting.id),
            addenda=await added_to(uow, meeting.id),
            reads_minutes=can(actor, Act.VIEW_CELL, at.place(), at.today),
            results=await results_in(uow, meeting),
            entries=entries,
            chain=chain,
            score=await score_now(uow, meeting),
            brought=await offline.brought_of(uow, meeting.id),
            cautions=_cautions(entries),
        )


def _cautions(entries: Iterable[LedgerLine]) -> tuple[str, ...]:
    """As the ledger keeps them, in the words that were shown."""
    known = [load(one.leaf)["p"] for one in entries if one.act.startswith("convening.")]
    told: list[list[str]] = [public["warned"] for public in known if "warned" in public]
    return tuple(told[-1]) if told else ()


def _line(found: SittingRecord, member: Member, facts: Iterable[Evidence]) -> MemberLine:
    mine = found.attendance[member.id]
    absence = found.absences.get(member.id)
    return MemberLine(
        member=member,
        channel=mine.channel,
        late=mine.late,
        left_early=mine.left_early,
        hall=mine.hall,
        online=mine.online,
        absence=None if absence is None else absence.state,
        disagreements=tuple(one.finding.text for one in mine.disagreements),
        sources=tuple(one for one in facts if one.member == member.id),
    )


async def _left_out(uow: UnitOfWork, meeting: Meeting, roster: Iterable[Member]) -> tuple[LeftOut, ...]:
    names = {member.id: member.full_name for member in roster}
    return tuple(
        LeftOut(
            member=one.member,
            full_name=names.get(one.member, ""),
            reason=one.left_out_reason,
            by=one.by,
            at=one.at,
        )
        for one in await convening.convoked(uow, meeting.id)
        if one.left_out_reason is not None
    )
