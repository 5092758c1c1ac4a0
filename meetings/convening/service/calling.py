"""A sitting is called, moved, cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey
from meetings.committees.powers import Act
from meetings.convening import states
from meetings.convening.convocations import told_since
from meetings.convening.rules import AnySitting, Kind, Meeting, MeetingPlan, Mode, Standing, State, draft
from meetings.convening.service.acts import Acts, note
from meetings.convening.service.holidays import warned
from meetings.convening.service.sittings import allow_in, of_cells, owe, save
from meetings.convening.service.telling import call_of, tell_overseers
from meetings.convening.store import convocations, meetings
from meetings.convening.titles import title_of
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month, zone_of
from meetings.notices.rules import NoticeKind


class BadSupplementLink(Invalid):
    """A supplement names a sitting that is not a regular meeting of its own cell."""

    code = "bad-supplement-link"
    message = "Buổi bổ trợ chỉ gắn được với buổi thường kỳ của chính chi bộ."


@dataclass(frozen=True, kw_only=True, slots=True)
class Calling:
    """What a secretary asks for. Without a title the usual one; `planned_minutes` None: the least allowed."""

    kind: Kind
    mode: Mode
    starts_at: datetime
    place: str
    title: str | None = None
    planned_minutes: int | None = None
    supplements: Id | None = None


class CallingActs(Acts):
    """Acts of who leads the cell."""

    async def call_meeting(self, asker: Asker, cell: Id, calling: Calling) -> AnySitting:
        """A new sitting in draft. Raises NoPower, NotThisStanding, SupplementsNothing, BadSupplementLink."""
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.CONVENE, cell)
            made = draft(await plan_of(uow, cell, calling), sitting=new_id())
            await _check_link(uow, made)
            await meetings.add(uow.session, made)
            await owe(uow, made)
            await note(uow, "call", made, actor.person, public=await warned(uow, made))
            return made

    async def move(self, asker: Asker, meeting: Id, starts_at: datetime, place: str | None) -> AnySitting:
        """Another time, and place if given, until the opening.

        Raises NoSuchMeeting, NoPower, TooLateToMove, WasCancelled.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.CONVENE, meeting, lock=True)
            gone = await _moved(uow, found, starts_at, place or found.place)
            await save(uow, gone)
            await owe(uow, gone)
            public = {"before": found.starts_at.isoformat(), **await warned(uow, gone)}
            await note(uow, "move", gone, actor.person, public=public)
            if gone.state is State.CONVENED:
                call = await call_of(uow, gone, self._agenda)
                await tell_overseers(uow, gone, NoticeKind.MOVED, call, before=found.starts_at)
            return gone

    async def cancel(self, asker: Asker, meeting: Id, reason: str) -> AnySitting:
        """It will not be held, for this reason.

        Raises NoSuchMeeting, NoPower, TooLateToCancel, WasCancelled, ReasonNeeded.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.CONVENE, meeting, lock=True)
            ended = states.cancelled(found, reason)
            await save(uow, ended)
            await note(uow, "cancel", ended, actor.person, personal={"reason": reason})
            if found.state is State.CONVENED:
                call = await call_of(uow, ended, self._agenda)
                await tell_overseers(uow, ended, NoticeKind.CANCELLED, call)
            return ended

    async def look_at(self, asker: Asker, meeting: Id) -> AnySitting:
        """One sitting, for who may know of the cell. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            return (await allow_in(uow, asker, Act.VIEW_CELL, meeting))[0]

    async def meetings_of(self, asker: Asker, cell: Id, first: Month, last: Month) -> list[AnySitting]:
        """The cell's sittings of these months, by planned start. Raises NoPower."""
        async with self._units.read() as uow:
            await committees.allow_any(uow, asker, (Act.VIEW_CELL, Act.AUDIT), cell)
            return await of_cells(uow, [cell], first, last)


async def _moved(uow: UnitOfWork, found: AnySitting, starts_at: datetime, place: str) -> AnySitting:
    """People who were told of the old time have to be told anew. Who was told of none since an earlier move still
    knows the time before that one."""
    gone = states.moved(found, starts_at=starts_at, place=place)
    if found.state is not State.CONVENED:
        return gone
    known = told_since(await convocations.tellings(uow.session, [found.id]), found.moved_at)
    told_of = found.starts_at if known or found.moved_from is None else found.moved_from
    return replace(gone, moved_at=uow.now, moved_from=told_of)


async def plan_of(uow: UnitOfWork, cell: Id, calling: Calling) -> MeetingPlan:
    """The whole plan: zone and least duration by the rules of that day."""
    zone = await committees.cell_zone(uow, cell)
    day = calling.starts_at.astimezone(zone_of(zone)).date()
    least = await least_minutes(uow, cell, calling.kind, day)
    return MeetingPlan(
        cell=cell,
        kind=calling.kind,
        mode=calling.mode,
        title=calling.title or title_of(calling.kind, calling.mode, Month.of_day(day)),
        place=calling.place,
        starts_at=calling.starts_at,
        planned_minutes=calling.planned_minutes or least,
        minimum_minutes=least,
        zone=zone,
        supplements=calling.supplements,
    )


async def least_minutes(uow: UnitOfWork, cell: Id, kind: Kind, day: date) -> int:
    """The shortest duration in force that day, whole minutes."""
    combined = kind is Kind.REGULAR_WITH_THEMATIC
    key = PolicyKey.MINIMUM_MINUTES_COMBINED if combined else PolicyKey.MINIMUM_MINUTES
    policy = await committees.policy(uow, key, cell, day)
    return states.least_minutes(kind, set_by_committee=int(policy.value))


async def _check_link(uow: UnitOfWork, made: AnySitting) -> None:
    if not isinstance(made, Meeting) or made.supplements is None:
        return
    regular = await meetings.get(uow.session, made.supplements)
    if (
        not isinstance(regular, Meeting)
        or regular.cell != made.cell
        or regular.standing is not Standing.MANDATORY
    ):
        raise BadSupplementLink
