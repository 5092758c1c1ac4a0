"""What the page of a meeting shows to one person, read in one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.agenda import service as agenda
from meetings.agenda.deciding import Waiting, waiting_in
from meetings.agenda.rules import Item
from meetings.agenda.speaking import Floor, floor
from meetings.agenda.tasking import TasksLook, tasks_of
from meetings.attendance import service as attendance
from meetings.attendance.leave import Coming
from meetings.attendance.presence import in_hall
from meetings.attendance.rules import Absence, MemberAttendance
from meetings.attendance.service import SittingRecord
from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting, State
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.pages.ballots import VoteLook
from meetings.pages.services import PageServices
from meetings.sitting.rules import Step, next_step
from meetings.voting import service as voting
from meetings.voting.reserved import Reserved
from meetings.voting.reserving import reservations
from meetings.voting.service import Recorded

_PLANNED = frozenset({State.DRAFT, State.CONVENED})
_MINUTED = frozenset({State.MINUTED, State.SIGNED})
_NOTHING = Recorded(ballots=(), in_hall=False, late=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """What stands of the asker, where they are a member of the cell. `will_come`: they said so; `before`: only for
    this other start, before the sitting was moved."""

    member: Member
    called: bool
    attendance: MemberAttendance
    absence: Absence | None
    will_come: bool
    before: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MinutesLook:
    """Where the minutes stand. `signatures`: how many by keys."""

    approved: bool
    signatures: int = 0
    in_ink: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingLook:
    """Everything the page shows. `called` are names; `hall`: how many the confirmed roll puts in the hall, None before
    it; `paste` is the convocation, for who leads the cell."""

    sitting: AnySitting
    cell_name: str
    goes_with: AnySitting | None
    own: Own | None
    step: Step | None
    items: tuple[Item, ...]
    called: tuple[str, ...]
    hall: int | None
    votes: tuple[VoteLook, ...]
    minutes: MinutesLook | None
    paste: str
    floor: Floor
    tasks: TasksLook
    motions: Waiting
    reserved: tuple[Reserved, ...]
    runs: bool = False
    leads: bool = False

    @property
    def signs(self) -> bool:
        """Whether the asker is chair or recorder, and signatures are awaited."""
        return self.runs and self.sitting.state is State.MINUTED


async def look_at_meeting(services: PageServices, asker: Asker, meeting: Id) -> MeetingLook:
    """For whoever may view the cell. Raises NoSuchMeeting, NoPower."""
    async with services.units.read() as uow:
        sitting, actor = await convening.allow_in(uow, asker, Act.VIEW_CELL, meeting)
        at = await committees.standpoint(uow, sitting.cell)
        leads = can(actor, Act.CONVENE, at.place(), at.today)
        record = await attendance.record_of(uow, sitting)
        member = actor.member_in(sitting.cell)
        return MeetingLook(
            sitting=sitting,
            cell_name=at.org.name,
            goes_with=await _goes_with(uow, sitting),
            own=_own(record, member, await attendance.coming(uow, sitting)),
            step=next_step(sitting.state, roll_confirmed=record.roll_confirmed) if leads else None,
            items=tuple(await agenda.items(uow, meeting)),
            called=tuple(one.full_name for one in record.roster if one.id in record.convoked),
            hall=len(in_hall(record.attendance)) if record.roll_confirmed else None,
            votes=await _votes(services, uow, asker, meeting, member),
            minutes=await _minutes(services, asker, sitting),
            paste=await _paste(services, asker, sitting) if leads else "",
            floor=await floor(uow, sitting),
            tasks=await tasks_of(uow, sitting),
            motions=await waiting_in(uow, meeting),
            reserved=await reservations(uow, meeting),
            leads=leads,
            runs=member is not None and member in dict(await convening.parts_of(uow, meeting)).values(),
        )


async def _goes_with(uow: UnitOfWork, sitting: AnySitting) -> AnySitting | None:
    if isinstance(sitting, Meeting) and sitting.supplements is not None:
        return await convening.sitting(uow, sitting.supplements)
    return None


def _own(record: SittingRecord, member: Id | None, coming: Coming) -> Own | None:
    for one in record.roster:
        if one.id == member:
            return Own(
                member=one,
                called=one.id in record.convoked,
                attendance=record.attendance[one.id],
                absence=record.absences.get(one.id),
                will_come=one.id in coming.now,
                before=coming.before.get(one.id),
            )
    return None


async def _votes(
    services: PageServices, uow: UnitOfWork, asker: Asker, meeting: Id, member: Id | None
) -> tuple[VoteLook, ...]:
    found = []
    for stored in await voting.votes(uow, meeting):
        mine = await services.voting.recorded_for(asker, stored.vote.id) if member else _NOTHING
        by_device = not stored.vote.form.secret  # a secret vote has no form on this page
        entitled = by_device and member is not None and member in stored.base.entitled
        found.append(
            VoteLook(
                vote=stored.vote,
                result=stored.result,
                entitled=entitled,
                mine=mine,
                may_reserve=member is not None and member in stored.base.entitled,
            )
        )
    return tuple(found)


async def _minutes(services: PageServices, asker: Asker, sitting: AnySitting) -> MinutesLook | None:
    if sitting.state is State.CLOSED:
        return MinutesLook(approved=False)
    if sitting.state not in _MINUTED:
        return None
    standing = await services.minutes.look(asker, sitting.id)
    return MinutesLook(approved=True, signatures=len(standing.signatures), in_ink=standing.ink is not None)


async def _paste(services: PageServices, asker: Asker, sitting: AnySitting) -> str:
    if sitting.state not in _PLANNED:
        return ""
    return (await services.convening.texts(asker, sitting.id)).text
