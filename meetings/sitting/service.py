"""A sitting opens and closes: one act over all storeys below, in one unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.agenda.planning import bring_review
from meetings.agenda.speaking import end_turn
from meetings.attendance import service as attendance
from meetings.attendance.presence import official_strength
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey, hall_wanted
from meetings.committees.powers import Act as Power
from meetings.committees.powers import Part
from meetings.committees.rules import Member
from meetings.convening import paper
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Closing, Mode, State
from meetings.convening.states import NotOpen, hall_required, may_close, may_open
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.rooms.service import RoomsService
from meetings.sitting import rules, store
from meetings.sitting.rules import EndFacts, FeeLine, NotReady
from meetings.sitting.scores import ResultsInTime, ScoringService, nobody_knows
from meetings.voting import service as voting
from meetings.voting.base import base_of
from meetings.voting.rules import Base, Included, VoteState


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A closed sitting and what closing decided; `set_by` says who set the minimum."""

    sitting: AnySitting
    closing: Closing
    set_by: str


OnClosed = Callable[[UnitOfWork, AnySitting], Awaitable[None]]


async def nothing_more(_uow: UnitOfWork, _closed: AnySitting) -> None:
    """No storey above counts closed sittings."""


class SittingService:
    """Opens and closes; names chair and recorder; keeps the opening block.

    `on_closed` runs in the unit of the closing (the application fills it with oversight's figures); `in_time` tells
    scores of results.
    """

    def __init__(
        self,
        units: Units,
        rooms: RoomsService,
        on_closed: OnClosed = nothing_more,
        in_time: ResultsInTime = nobody_knows,
    ) -> None:
        self._units = units
        self._rooms = rooms
        self._on_closed = on_closed
        self.scoring = ScoringService(units, in_time)

    async def open(self, asker: Asker, meeting: Id, stated_at: datetime | None) -> AnySitting:
        """Open at the stated moment (now, without one).

        Raises InFuture, EnterOnPaper and what `convening.open_sitting` raises.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.OPEN, meeting, lock=True)
            opened = await _opened(uow, sitting, stated_at or uow.now)
            await bring_review(uow, opened, actor.person)
            await self._rooms.open_room(uow, opened)
            facts = {"month": str(opened.month), "kind": opened.kind.value, "mode": opened.mode.value}
            await record(uow, _act("sitting.open", opened, actor.person, facts))
            return opened

    async def name_parts(self, asker: Asker, meeting: Id, chair: Id, recorder: Id) -> AnySitting:
        """Name chair and recorder from those present. Raises NotPresent, SamePerson, NotOpen."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.ROLL, meeting, lock=True)
            if sitting.state is not State.OPEN:
                raise NotOpen
            parts = rules.name_parts(chair=chair, recorder=recorder, present=await _present(uow, sitting))
            await convening.set_part(uow, meeting, Part.CHAIR, parts.chair)
            await convening.set_part(uow, meeting, Part.RECORDER, parts.recorder)
            await record(
                uow,
                Act(
                    cell=sitting.cell,
                    name="sitting.parts",
                    actor=actor.person,
                    meeting=meeting,
                    personal={"chair": parts.chair, "recorder": parts.recorder},
                ),
            )
            return sitting

    async def state_fees(self, asker: Asker, meeting: Id, line: FeeLine) -> AnySitting:
        """Type the fee line of the opening block. Raises BadFeeLine, NotOpen."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.ROLL, meeting, lock=True)
            may_close(sitting)
            checked = rules.fee_line(paid=line.paid, of=line.of)
            await store.put_fee_line(uow.session, meeting, checked, uow.now)
            facts = {"paid": checked.paid, "of": checked.of}
            await record(uow, _act("sitting.fees", sitting, actor.person, facts))
            return sitting

    async def read_out(self, asker: Asker, meeting: Id, stated_at: datetime | None) -> datetime:
        """The minutes were read out in the sitting and, but for a supplement, approved by it: at the stated moment
        (now, without one). The same moment again is no act. Raises ReadOutside, NotOpen, NoPower."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.MINUTES, meeting, lock=True)
            may_close(sitting)
            at = rules.read_inside(stated_at or uow.now, opened_at=sitting.opened_at, until=uow.now)
            await _keep_read(uow, sitting, actor.person, at)
            return at

    async def close(
        self, asker: Asker, meeting: Id, stated_at: datetime | None, read_at: datetime | None = None
    ) -> Closed:
        """Close at the stated moment; what the hall counts make of it is decided here, once. `read_at`: when the
        minutes were read out in the sitting, where that was not recorded while it was open.

        Raises a NotReady, BadTimes, ReadOutside, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.CLOSE, meeting, lock=True)
            may_close(sitting)
            ends = stated_at or uow.now
            if sitting.opened_at is not None:
                paper.check_stated(sitting, opened_at=sitting.opened_at, closed_at=ends, now=uow.now)
            rules.may_end(await _end_facts(uow, sitting))
            if read_at is not None:
                await _keep_read(uow, sitting, actor.person, read_at)
            if (read := await store.read_out(uow.session, meeting)) is not None:
                rules.read_inside(read, opened_at=sitting.opened_at, until=ends)
            return await self._close(uow, sitting, actor.person, ends)

    async def _close(self, uow: UnitOfWork, sitting: AnySitting, person: Id, ends: datetime) -> Closed:
        roster = await convening.roster_of(uow, sitting)
        present, required, set_by = await _hall(uow, sitting, roster)
        await end_turn(uow, sitting, person, ends)
        closed, closing = await convening.close_sitting(
            uow,
            sitting,
            roster=roster,
            hall_present=present,
            hall_required=required,
            at=ends,
            device_at=uow.now,
        )
        await self._rooms.close_room(uow, closed)
        facts: dict[str, Json] = {
            "hall_present": present,
            "hall_required": required,
            "fulfils": closing.fulfils,
            "fulfils_theme": closing.fulfils_theme,
            "evidence": await attendance.evidence_hash(uow, sitting.id),
            "roster": await convening.kept_hash(uow, sitting.id),
        }
        await record(uow, _act("sitting.close", closed, person, facts))
        await self._on_closed(uow, closed)
        return Closed(sitting=closed, closing=closing, set_by=set_by)

    async def missing(self, asker: Asker, meeting: Id) -> tuple[NotReady, ...]:
        """What still stands between this sitting and its close. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return rules.missing(await _end_facts(uow, sitting))


async def opening_of(uow: UnitOfWork, meeting: Id) -> FeeLine | None:
    """The fee line, for the minutes."""
    return await store.fee_line(uow.session, meeting)


async def read_out_at(uow: UnitOfWork, meeting: Id) -> datetime | None:
    """When the minutes were read out in the sitting, if they were."""
    return await store.read_out(uow.session, meeting)


async def _keep_read(uow: UnitOfWork, sitting: AnySitting, person: Id, at: datetime) -> None:
    if await store.read_out(uow.session, sitting.id) == at:
        return
    await store.put_read_out(uow.session, sitting.id, at, uow.now)
    await record(uow, _act("sitting.read_out", sitting, person, {"at": at.isoformat()}))


async def base_at_close(uow: UnitOfWork, sitting: AnySitting, roster: Sequence[Member]) -> Base:
    """The base of the whole sitting: exempt members present count where they took part in a vote."""
    taking = {
        member
        for stored in await voting.votes(uow, sitting.id)
        for member in stored.base.having(Included.EXEMPT_TAKING_PART)
    }
    there = await attendance.attendance(uow, sitting)
    hall = {member for member, one in there.items() if one.hall_confirmed}
    phone = {member for member, one in there.items() if one.online} - hall
    return base_of(
        roster,
        convoked=await _called(uow, sitting),
        present=hall,
        by_phone=phone,
        taking_part=taking,
    )


async def _opened(uow: UnitOfWork, sitting: AnySitting, at: datetime) -> AnySitting:
    may_open(sitting)
    called = await convening.convened_at(uow, sitting.id)
    seen = paper.machine_saw(sitting, convened_at=called, opened_at=at, now=uow.now)
    return await convening.open_sitting(uow, sitting, at=at, device_at=seen)


async def _hall(uow: UnitOfWork, sitting: AnySitting, roster: Sequence[Member]) -> tuple[int, int, str]:
    """(in the hall of the base, needed, who set the figure)."""
    base = await base_at_close(uow, sitting, roster)
    policy = await committees.policy(uow, PolicyKey.HALL_MINIMUM, sitting.cell, day_of(sitting))
    wanted = hall_wanted(policy, base.size)
    needed = hall_required(base=base.size, official_strength=official_strength(roster), wanted=wanted)
    return len(base.present), needed, policy.set_by_name or ""


async def _end_facts(uow: UnitOfWork, sitting: AnySitting) -> EndFacts:
    parts = dict(await convening.parts_of(uow, sitting.id))
    confirmed = sitting.mode is Mode.ONLINE or await attendance.roll_confirmed(uow, sitting.id)
    return EndFacts(
        roll_confirmed=confirmed,
        undecided=len(await attendance.undecided(uow, sitting)),
        open_votes=sum(one.vote.state is not VoteState.CLOSED for one in await voting.votes(uow, sitting.id)),
        chair=parts.get(Part.CHAIR),
        recorder=parts.get(Part.RECORDER),
    )


async def _present(uow: UnitOfWork, sitting: AnySitting) -> set[Id]:
    there = await attendance.attendance(uow, sitting)
    if sitting.mode is Mode.ONLINE:
        return {member for member, one in there.items() if one.online}
    return {member for member, one in there.items() if one.hall_confirmed}


async def _called(uow: UnitOfWork, sitting: AnySitting) -> set[Id]:
    return {c.member for c in await convening.convoked(uow, sitting.id) if c.left_out_reason is None}


def _act(name: str, sitting: AnySitting, person: Id, facts: Mapping[str, Json]) -> Act:
    return Act(cell=sitting.cell, name=name, actor=person, meeting=sitting.id, public=facts)
