"""The roll, confirmed by the secretary, and its corrections. One counter of marks per meeting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.attendance import store
from meetings.attendance.guests import (
    BeyondPass,
    IdReused,
    NeedsCorrection,
    PassKind,
    RollNotNow,
    check_roll_time,
)
from meetings.attendance.hall import Hall, read_hall
from meetings.attendance.rules import BadEvidence, Evidence, EvidenceKind, Source, check_evidence
from meetings.attendance.service.holders import Hand, Holder, take_pen
from meetings.attendance.service.reading import evidence_of, hall_confirmed
from meetings.attendance.store.rolls import Roll
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import ENDED, AnySitting, State
from meetings.convening.service import Correction as Restated
from meetings.convening.service import restate, roster_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json, digest
from meetings.kernel.clock import Clock
from meetings.kernel.ids import Id, derived_id
from meetings.ledger.service import record

# Architecture decision 2: a device's time counts if it lies this near to the convened start.
DEVICE_WINDOW = timedelta(hours=12)
_HELPERS = frozenset({PassKind.HELPER})
_TIMED = frozenset({EvidenceKind.LATE, EvidenceKind.LEFT_EARLY})
_BEGUN = ENDED | {State.OPEN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One name on the roll. `device_at`: when it was marked, by the device's clock."""

    member: Id
    kind: EvidenceKind
    device_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RollSheet:
    """What is sent in. The client makes `id`; `head_count`: members counted in the hall."""

    id: Id
    marks: tuple[Mark, ...]
    head_count: int | None = None
    confirm: bool = False
    device_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A changed mark with its reason. `at`: when they came or left, for late and left early."""

    id: Id
    member: Id
    kind: EvidenceKind
    reason: str
    at: datetime | None = None


OnCorrected = Callable[[UnitOfWork, AnySitting], Awaitable[None]]


async def nothing_more(_uow: UnitOfWork, _corrected: AnySitting) -> None:
    """No storey above counts corrected sittings."""


class RollService:
    """`real` tells real time: passes live by it. `on_corrected` runs in the unit of a correction."""

    def __init__(self, units: Units, real: Clock, on_corrected: OnCorrected = nothing_more) -> None:
        self._units = units
        self._real = real
        self._on_corrected = on_corrected

    async def mark(self, holder: Holder, meeting: Id, sheet: RollSheet) -> Roll:
        """Keep the marks; the same sheet again gives the first answer.

        Raises NoSuchMeeting, NoPower, PassGone, BeyondPass, NoHall, RollNotNow, NoSuchMember,
        NeedsCorrection, IdReused.
        """
        async with self._units.begin() as uow:
            hand = await take_pen(uow, holder, meeting, self._real.now(), kinds=_HELPERS, lock=True)
            said = _said(meeting, hand, sheet)
            if (known := await _repeated(uow, sheet.id, said)) is not None:
                return known
            if sheet.confirm and hand.held is not None:
                raise BeyondPass
            check_roll_time(hand.sitting)
            await _check_members(uow, hand.sitting, [mark.member for mark in sheet.marks])
            _check_standing(sheet.marks, read_hall(await evidence_of(uow, meeting), uow.now))
            facts = await _numbered(uow, hand, sheet)
            return await _keep(uow, hand, "attendance.roll", sheet, facts, said)

    async def correct(self, asker: Asker, meeting: Id, correction: Correction) -> Roll:
        """Change one mark, with a reason. After closing what the sitting fulfilled stays, and the change becomes
        a dated restatement that auditors see (architecture decision 2).

        Raises NoSuchMeeting, NoPower, RollNotNow before the opening, NoSuchMember, BadEvidence, IdReused.
        """
        async with self._units.begin() as uow:
            real = self._real.now()
            hand = await take_pen(uow, asker, meeting, real, kinds=frozenset(), lock=True)
            sheet = RollSheet(id=correction.id, marks=(Mark(member=correction.member, kind=correction.kind),))
            said = digest([_said(meeting, hand, sheet), correction.reason, _text(correction.at)])
            if (known := await _repeated(uow, correction.id, said)) is not None:
                return known
            if hand.sitting.state not in _BEGUN:
                raise RollNotNow
            await _check_members(uow, hand.sitting, [correction.member])
            before = len(await hall_confirmed(uow, hand.sitting))
            fact = await _corrected(uow, hand, correction)
            reason = correction.reason
            roll = await _keep(uow, hand, "attendance.correct", sheet, [fact], said, reason=reason)
            if hand.sitting.state in ENDED:
                await restate(uow, hand.sitting, _restated(before, roll.in_hall, reason), hand.by)
            await self._on_corrected(uow, hand.sitting)
            return roll


async def _repeated(uow: UnitOfWork, roll: Id, said: str) -> Roll | None:
    known = await store.rolls.get(uow.session, roll)
    if known is not None and known.body_hash != said:
        raise IdReused
    return known


async def _check_members(uow: UnitOfWork, sitting: AnySitting, members: Sequence[Id]) -> None:
    known = {member.id for member in await roster_of(uow, sitting)}
    if not known.issuperset(members):
        raise NoSuchMember


def _check_standing(marks: Sequence[Mark], hall: Hall) -> None:
    """A confirmed yes or no is changed by a correction only; late and left early are new facts."""
    if hall.confirmed_at is None:
        return
    for mark in marks:
        said = hall.verdict(mark.member).present
        if mark.kind not in _TIMED and said is not None and said is not (mark.kind is EvidenceKind.PRESENT):
            raise NeedsCorrection


async def _numbered(uow: UnitOfWork, hand: Hand, sheet: RollSheet) -> list[Evidence]:
    first = await store.evidence.last_sequence(uow.session, hand.sitting.id) + 1
    marks: list[tuple[EvidenceKind, Id | None, datetime | None]]
    marks = [(mark.kind, mark.member, mark.device_at) for mark in sheet.marks]
    if sheet.confirm:
        marks.append((EvidenceKind.CONFIRMED, None, sheet.device_at))
    return [
        Evidence(
            id=derived_id(sheet.id, str(number)),
            meeting=hand.sitting.id,
            source=Source.ROLL_CALL,
            kind=kind,
            at=_moment(hand.sitting, device_at, uow.now),
            received_at=uow.received,
            member=member,
            device_at=device_at,
            by=hand.by,
            sequence=first + number,
        )
        for number, (kind, member, device_at) in enumerate(marks)
    ]


def _moment(sitting: AnySitting, device_at: datetime | None, now: datetime) -> datetime:
    """When a mark was made: by the device's clock where that can be true, else now."""
    if device_at is None or device_at > now or abs(device_at - sitting.starts_at) > DEVICE_WINDOW:
        return now
    return device_at


async def _corrected(uow: UnitOfWork, hand: Hand, correction: Correction) -> Evidence:
    sitting = hand.sitting
    if correction.at is not None or correction.kind in _TIMED:
        opened, closed = sitting.opened_at or uow.now, sitting.closed_at or uow.now
        if correction.at is None or not opened <= correction.at <= closed:
            raise BadEvidence
    return Evidence(
        id=derived_id(correction.id, "0"),
        meeting=sitting.id,
        source=Source.CORRECTION,
        kind=correction.kind,
        at=correction.at or uow.now,
        received_at=uow.received,
        member=correction.member,
        device_at=uow.now if uow.told_at else None,
        by=hand.by,
        reason=correction.reason,
        sequence=await store.evidence.last_sequence(uow.session, sitting.id) + 1,
    )


def _restated(before: int, after: int, reason: str) -> Restated:
    """In numbers: restatements are shown to the whole cell, names are not."""
    told = "{} đồng chí tại hội trường"
    return Restated(what="Điểm danh", before=told.format(before), after=told.format(after), reason=reason)


async def _keep(
    uow: UnitOfWork,
    hand: Hand,
    name: str,
    sheet: RollSheet,
    facts: Sequence[Evidence],
    said: str,
    *,
    reason: str | None = None,
) -> Roll:
    for fact in facts:
        check_evidence(fact)
    if facts:
        await store.evidence.add(uow.session, facts)
    roll = await _roll(uow, hand, sheet, facts, said)
    await store.rolls.add(uow.session, roll)
    marks = {mark.member: mark.kind.value for mark in sheet.marks}
    public: dict[str, Json] = {"marks": len(marks), "confirm": sheet.confirm, "head_count": sheet.head_count}
    # Each mark is a value of its own, so that one member's can be shown without the others'.
    personal: dict[str, Json] = {f"mark {n}": [*one] for n, one in enumerate(marks.items(), 1)}
    personal |= {"reason": reason} if reason else {}
    await record(uow, hand.recorded(name, sheet.id, public, personal))
    return roll


async def _roll(uow: UnitOfWork, hand: Hand, sheet: RollSheet, facts: Sequence[Evidence], said: str) -> Roll:
    meeting = hand.sitting.id
    hall = read_hall(await evidence_of(uow, meeting), uow.now)
    confirmed = await hall_confirmed(uow, hand.sitting)
    return Roll(
        id=sheet.id,
        meeting=meeting,
        body_hash=said,
        by=hand.by,
        held_pass=hand.held.id if hand.held else None,
        at=uow.now,
        marks=len(sheet.marks),
        last_sequence=max((fact.sequence for fact in facts), default=0),
        confirmed=hall.confirmed_at is not None,
        in_hall=len(confirmed),
        head_count=sheet.head_count,
    )


def _said(meeting: Id, hand: Hand, sheet: RollSheet) -> str:
    marks: list[Json] = [[mark.member, mark.kind.value, _text(mark.device_at)] for mark in sheet.marks]
    holder = hand.held.id if hand.held else hand.by
    return digest([meeting, holder, marks, sheet.head_count, sheet.confirm, _text(sheet.device_at)])


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="microseconds") if moment else None
