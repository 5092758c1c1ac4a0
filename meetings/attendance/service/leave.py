"""Asking leave, deciding about an absence, contesting the decision (rules.md 2.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from meetings.attendance import store
from meetings.attendance.guests import IdReused, NoHall
from meetings.attendance.leave import absence_of, may_contest
from meetings.attendance.rules import (
    Absence,
    Contest,
    Decision,
    LeaveDecision,
    LeaveRequest,
    Reason,
)
from meetings.attendance.service.reading import convoked_members
from meetings.committees.powers import Act
from meetings.committees.rules import Actor, Member
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import allow_in, roster_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.errors import Conflict, Forbidden
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

_MAY_ASK = frozenset({State.CONVENED, State.OPEN})
_MAY_DECIDE = frozenset({State.CONVENED, State.OPEN, State.CLOSED, State.MINUTED, State.SIGNED})


class LeaveNotNow(Conflict):
    """The meeting is not convened yet, or is over."""

    code = "leave-not-now"
    message = "Chỉ báo vắng được từ lúc triệu tập đến lúc kết thúc buổi họp."


class LeaveAsked(Conflict):
    """Who asked leave does not say the contrary by themself: it may have been decided upon."""

    code = "leave-asked"
    message = "Đồng chí đã báo vắng. Nếu đến được, xin báo bí thư."


class OnlyOneself(Forbidden):
    """A member contests only what was decided about themself."""

    code = "only-oneself"
    message = "Đồng chí chỉ đề nghị xem lại được cho chính mình."


class AlreadyContested(Conflict):
    """This decision was contested before."""

    code = "already-contested"
    message = "Đồng chí đã đề nghị xem lại quyết định này. Xin chờ bí thư."


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedLeave:
    """What is sent in. The client makes `id`; without `member` it is for the asker themself."""

    id: Id
    reason: Reason
    note: str = ""
    member: Id | None = None


class LeaveService:
    """Every act answers where the member's absence stands after it."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def ask(self, asker: Asker, meeting: Id, asked: AskedLeave) -> Absence:
        """For oneself, or written down by the secretary for a member who phoned.

        Raises NoSuchMeeting, NoPower, NoSuchMember, LeaveNotNow, IdReused.
        """
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting, lock=True)
            member = await _member(uow, sitting, asked.member or actor.member_in(sitting.cell))
            if member.id != actor.member_in(sitting.cell):
                await allow_in(uow, asker, Act.ROLL, meeting)
            request = LeaveRequest(
                id=asked.id,
                meeting=meeting,
                member=member.id,
                reason=asked.reason,
                note=asked.note,
                by=actor.person,
                at=uow.now,
                starts_at=sitting.starts_at,
            )
            if not await _repeats(uow, request):
                if sitting.state not in _MAY_ASK:
                    raise LeaveNotNow
                await store.leave.add_request(uow.session, request)
                told: dict[str, Json] = {"reason": asked.reason.value, "note": asked.note}
                await _record(uow, sitting, actor, "attendance.ask_leave", member.id, told)
            return await _stand(uow, sitting, member)

    async def come(self, asker: Asker, meeting: Id) -> Id:
        """ "Tôi sẽ đến hội trường": the asker's answer to the call; returns their membership. Saying it again
        changes nothing; after the sitting was moved to another time it is said anew.

        Raises NoSuchMeeting, NoSuchMember, NoHall, LeaveNotNow, LeaveAsked.
        """
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting, lock=True)
            member = await _member(uow, sitting, actor.member_in(sitting.cell))
            if sitting.mode is Mode.ONLINE:
                raise NoHall
            if (member.id, sitting.starts_at) in await store.coming.who_comes(uow.session, meeting):
                return member.id
            if sitting.state not in _MAY_ASK:
                raise LeaveNotNow
            leave = (await store.leave.of_meeting(uow.session, meeting)).about(sitting.starts_at)
            if any(one.member == member.id for one in leave.requests):
                raise LeaveAsked
            await store.coming.add_coming(
                uow.session, meeting, member.id, starts_at=sitting.starts_at, at=uow.now
            )
            await _record(uow, sitting, actor, "attendance.coming", member.id, {})
            return member.id

    async def decide(
        self, asker: Asker, meeting: Id, member_id: Id, decision: Decision, reason: Reason | None
    ) -> Absence:
        """Excused or not, also again. Raises NoSuchMeeting, NoPower, NoSuchMember, LeaveNotNow."""
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.ROLL, meeting, lock=True)
            member = await _member(uow, sitting, member_id)
            if sitting.state not in _MAY_DECIDE:
                raise LeaveNotNow
            decided = LeaveDecision(
                id=new_id(),
                meeting=meeting,
                member=member.id,
                decision=decision,
                reason=reason,
                by=actor.person,
                at=uow.now,
                starts_at=sitting.starts_at,
                sequence=await store.leave.last_sequence(uow.session, meeting) + 1,
            )
            await store.leave.add_decision(uow.session, decided)
            told: dict[str, Json] = {"decision": decision.value, "reason": reason.value if reason else None}
            await _record(uow, sitting, actor, "attendance.decide_leave", member.id, told)
            return await _stand(uow, sitting, member)

    async def contest(self, asker: Asker, meeting: Id, member_id: Id, note: str) -> Absence:
        """Ask to look again. Raises NoSuchMeeting, OnlyOneself, NothingToContest, AlreadyContested."""
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting, lock=True)
            member = await _member(uow, sitting, member_id)
            if member.id != actor.member_in(sitting.cell):
                raise OnlyOneself
            leave = (await store.leave.of_meeting(uow.session, meeting)).about(sitting.starts_at)
            against = may_contest(leave.decisions, member.id).sequence
            if any(one.against == against for one in leave.contests):
                raise AlreadyContested
            contest = Contest(
                id=new_id(), meeting=meeting, member=member.id, against=against, note=note, at=uow.now
            )
            await store.leave.add_contest(uow.session, contest)
            told: dict[str, Json] = {"against": against, "note": note}
            await _record(uow, sitting, actor, "attendance.contest_leave", member.id, told)
            return await _stand(uow, sitting, member)


async def _member(uow: UnitOfWork, sitting: AnySitting, member: Id | None) -> Member:
    for one in await roster_of(uow, sitting):
        if one.id == member:
            return one
    raise NoSuchMember


async def _repeats(uow: UnitOfWork, request: LeaveRequest) -> bool:
    known = await store.leave.request_of(uow.session, request.id)
    if known is not None and replace(known, at=request.at, starts_at=request.starts_at) != request:
        raise IdReused
    return known is not None


async def _stand(uow: UnitOfWork, sitting: AnySitting, member: Member) -> Absence:
    leave = (await store.leave.of_meeting(uow.session, sitting.id)).about(sitting.starts_at)
    return absence_of(member, leave, mode=sitting.mode, convoked=await convoked_members(uow, sitting.id))


async def _record(
    uow: UnitOfWork, sitting: AnySitting, actor: Actor, name: str, member: Id, told: dict[str, Json]
) -> None:
    act = Recorded(
        cell=sitting.cell,
        name=name,
        actor=actor.person,
        meeting=sitting.id,
        personal={"member": member} | told,
    )
    await record(uow, act)
