"""Looking at attendance: members see their own line, secretaries and auditors the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.attendance.guests import Guest
from meetings.attendance.presence import entitled_at, present_at
from meetings.attendance.rules import Absence, MemberAttendance
from meetings.attendance.service.check_ins import TwoNames, two_names
from meetings.attendance.service.reading import SittingRecord, coming, guests, record_of
from meetings.committees.powers import Act, can
from meetings.committees.rules import Actor, Member
from meetings.committees.service import place_of, today_in
from meetings.convening.service import allow_in, parts_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One member. `absence` is None for who took part. `coming`: said that they will come, which proves
    nothing; `coming_before`: said so for this other start only, before the sitting was moved."""

    member: Member
    attendance: MemberAttendance
    absence: Absence | None
    coming: bool = False
    coming_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What the asker may see: `lines` holds everybody, or for a plain member only their own.

    `two_names` and the names of guests only for those who see everybody.
    """

    record: SittingRecord
    everybody: bool
    lines: tuple[Line, ...]
    guests: Sequence[Guest]
    two_names: Sequence[TwoNames]


@dataclass(frozen=True, kw_only=True, slots=True)
class LookBack:
    """Who was where at one second, and who of those in the hall had a vote."""

    look: Look
    moment: datetime
    hall: frozenset[Id]
    online: frozenset[Id]
    entitled: frozenset[Id]


class LookService:
    """A look from outside the cell is recorded before it is answered."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def now(self, asker: Asker, meeting: Id) -> Look:
        """Attendance as of now. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            look, actor = await _look(uow, asker, meeting)
        await self._record(look, actor)
        return look

    async def at(self, asker: Asker, meeting: Id, moment: datetime) -> LookBack:
        """Attendance at a past second, by the evidence held today. Raises NoSuchMeeting."""
        look = await self.now(asker, meeting)
        found = look.record
        here = present_at(found.attendance, moment)
        entitled = entitled_at(found.attendance, found.roster, moment, convoked=found.convoked)
        return LookBack(look=look, moment=moment, hall=here.hall, online=here.online, entitled=entitled)

    async def _record(self, look: Look, actor: Actor) -> None:
        sitting = look.record.sitting
        if not look.everybody or actor.member_in(sitting.cell) is not None:
            return
        act = Recorded(
            cell=sitting.cell,
            name="attendance.look",
            actor=actor.person,
            meeting=sitting.id,
            public={"lines": len(look.lines)},
        )
        async with self._units.begin() as uow:
            await record(uow, act)


async def _look(uow: UnitOfWork, asker: Asker, meeting: Id) -> tuple[Look, Actor]:
    sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
    found = await record_of(uow, sitting)
    everybody = await _sees_names(uow, actor, found)
    own = actor.member_in(sitting.cell)
    will_come = await coming(uow, sitting)
    look = Look(
        record=found,
        everybody=everybody,
        lines=tuple(
            Line(
                member=member,
                attendance=found.attendance[member.id],
                absence=found.absences.get(member.id),
                coming=member.id in will_come.now,
                coming_before=will_come.before.get(member.id),
            )
            for member in found.roster
            if everybody or member.id == own
        ),
        guests=await guests(uow, meeting) if everybody else (),
        two_names=await two_names(uow, meeting) if everybody else (),
    )
    return look, actor


async def _sees_names(uow: UnitOfWork, actor: Actor, found: SittingRecord) -> bool:
    cell = found.sitting.cell
    place = await place_of(uow, cell, parts=await parts_of(uow, found.sitting.id))
    today = await today_in(uow, cell)
    return any(can(actor, act, place, today) for act in (Act.ROLL, Act.AUDIT))
