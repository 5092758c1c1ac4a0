"""What the evidence of a sitting says, for higher storeys inside their own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from meetings.attendance import leave as absence
from meetings.attendance import store
from meetings.attendance.counts import Rate
from meetings.attendance.counts import counts as count
from meetings.attendance.counts import rate as rate_of
from meetings.attendance.fold import fold
from meetings.attendance.guests import Guest
from meetings.attendance.hall import read_hall
from meetings.attendance.leave import LeaveRecord
from meetings.attendance.presence import in_hall
from meetings.attendance.rules import Absence, Evidence, MemberAttendance
from meetings.committees.rules import Category, Member
from meetings.convening.rules import AnySitting, Mode
from meetings.convening.service import convoked as convoked_to
from meetings.convening.service import roster_of
from meetings.convening.service import sitting as sitting_of
from meetings.db.unit import UnitOfWork
from meetings.kernel.canonical import Json, digest
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.rooms.service import banned


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingRecord:
    """Everything attendance knows about one sitting as of now. `convoked` leaves out who was left out."""

    sitting: AnySitting
    roster: tuple[Member, ...]
    convoked: frozenset[Id]
    attendance: Mapping[Id, MemberAttendance]
    absences: Mapping[Id, Absence]
    roll_confirmed: bool

    def counts(self) -> dict[Category, dict[str, int]]:
        """Per category: hall, online, both, excused, unexcused, undecided."""
        return count(self.roster, self.attendance, self.absences)

    def rate(self) -> Rate | None:
        """Attendance as two sets of names. None of an online session: a supplement owes nobody's attendance, and a rate
        of it could be taken for that of the month's meeting (rules.md 1.1, 1.3)."""
        if self.sitting.mode is Mode.ONLINE:
            return None
        return rate_of(self.roster, self.attendance, mode=self.sitting.mode)

    def undecided(self) -> list[Id]:
        """The absent whose reason nobody has decided, in the order of the roster."""
        return list(absence.undecided(self.absences))


async def record_of(uow: UnitOfWork, sitting: AnySitting) -> SittingRecord:
    """Fold the sitting's evidence once, for several questions."""
    roster = await roster_of(uow, sitting)
    evidence = await evidence_of(uow, sitting.id)
    found = fold(
        evidence,
        opened_at=sitting.opened_at or uow.now,
        closed_at=sitting.closed_at,
        roster=roster,
        now=uow.now,
        mode=sitting.mode,
        bans=await banned(uow, sitting.id),
    )
    called = await convoked_members(uow, sitting.id)
    leave = await leave_of(uow, sitting)
    return SittingRecord(
        sitting=sitting,
        roster=tuple(roster),
        convoked=called,
        attendance=found,
        absences=absence.absences(roster, found, leave, mode=sitting.mode, convoked=called),
        roll_confirmed=read_hall(evidence, uow.now).confirmed_at is not None,
    )


async def attendance(uow: UnitOfWork, sitting: AnySitting) -> dict[Id, MemberAttendance]:
    """What the evidence says about every member of the roster of the sitting's day."""
    return dict((await record_of(uow, sitting)).attendance)


async def hall_confirmed(uow: UnitOfWork, sitting: AnySitting) -> set[Id]:
    """Whom the confirmed roll puts in the hall; empty before it is confirmed."""
    return set(in_hall(await attendance(uow, sitting)))


async def roll_confirmed(uow: UnitOfWork, meeting: Id) -> bool:
    """Whether the secretary confirmed the roll."""
    evidence = await store.evidence.of_meeting(uow.session, meeting)
    return read_hall(evidence, uow.now).confirmed_at is not None


async def counts(uow: UnitOfWork, sitting: AnySitting) -> dict[Category, dict[str, int]]:
    """Per category: hall, online, both, excused, unexcused, undecided."""
    return (await record_of(uow, sitting)).counts()


async def absences(uow: UnitOfWork, sitting: AnySitting) -> dict[Id, Absence]:
    """Every absent member and where they stand."""
    return dict((await record_of(uow, sitting)).absences)


async def undecided(uow: UnitOfWork, sitting: AnySitting) -> list[Id]:
    """The names that keep the sitting from closing, in the order of the roster."""
    return (await record_of(uow, sitting)).undecided()


async def evidence_of(uow: UnitOfWork, meeting: Id) -> list[Evidence]:
    """All evidence of one meeting, heartbeats as spans."""
    kept = await store.evidence.of_meeting(uow.session, meeting)
    return kept + await store.heartbeats.of_meeting(uow.session, meeting)


async def evidence_hash(uow: UnitOfWork, meeting: Id, *, received_by: datetime | None = None) -> str:
    """SHA-256 of the canonical JSON of the meeting's evidence in order of id (RFC 8785).

    The closing entry commits to it. `received_by`: only what had reached us by then, to recompute it later.
    """
    evidence = await evidence_of(uow, meeting)
    known = [one for one in evidence if received_by is None or one.received_at <= received_by]
    return digest([_leaf(one) for one in sorted(known, key=lambda one: one.id)])


async def leave_of(uow: UnitOfWork, sitting: AnySitting) -> LeaveRecord:
    """What was asked, decided and contested about the sitting at its time, and who asked for another."""
    return (await store.leave.of_meeting(uow.session, sitting.id)).about(sitting.starts_at)


async def has_answered_leave(uow: UnitOfWork, meeting: Id, member: Id) -> bool:
    """Whether the leave question was answered for the time that holds, by the member or the secretary. Joining a
    mandatory hybrid by phone passes through it (rules.md 2.4)."""
    leave = await leave_of(uow, await sitting_of(uow, meeting))
    asked = any(one.member == member for one in leave.requests)
    return asked or any(one.member == member for one in leave.decisions)


async def coming(uow: UnitOfWork, sitting: AnySitting) -> absence.Coming:
    """Who said that they will come to the hall and has not asked leave: what was said, not presence."""
    leave = await store.leave.of_meeting(uow.session, sitting.id)
    said = await store.coming.who_comes(uow.session, sitting.id)
    return absence.coming_of(said, leave.requests, sitting.starts_at)


async def head_count(uow: UnitOfWork, meeting: Id) -> tuple[int, int] | None:
    """(members counted in the hall, members marked there at that moment); None where nobody counted."""
    return await store.rolls.last_head_count(uow.session, meeting)


async def guests(uow: UnitOfWork, meeting: Id) -> Sequence[Guest]:
    """Guests and overseers in the order in which they were written down."""
    return await store.passes.guests(uow.session, meeting)


def day_of(sitting: AnySitting) -> date:
    """The local day whose roster counts: that of the opening, before it that of the planned start."""
    return (sitting.opened_at or sitting.starts_at).astimezone(zone_of(sitting.zone)).date()


async def convoked_members(uow: UnitOfWork, meeting: Id) -> frozenset[Id]:
    """Who was called; those left out with a reason were not."""
    found = await convoked_to(uow, meeting)
    return frozenset(one.member for one in found if one.left_out_reason is None)


def _leaf(fact: Evidence) -> dict[str, Json]:
    return {
        "id": fact.id,
        "source": fact.source.value,
        "kind": fact.kind.value,
        "at": _text(fact.at),
        "received_at": _text(fact.received_at),
        "member": fact.member,
        "sid": fact.participant_sid,
        "since": _text(fact.since),
        "until": _text(fact.until),
        "seats": [[seat.sid, seat.member, _text(seat.since)] for seat in fact.seats],
        "device_at": _text(fact.device_at),
        "by": fact.by,
        "reason": fact.reason,
        "sequence": fact.sequence,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="microseconds") if moment else None
