"""A member reserves an opinion from the phone, or the recorder writes down what was said in the hall."""

from __future__ import annotations

from dataclasses import dataclass, replace

from meetings.agenda import service as agenda
from meetings.agenda.rules import NoSuchItem
from meetings.attendance.service.reading import convoked_members
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor
from meetings.convening.rules import AnySitting, State
from meetings.convening.service import allow_in, roster_of
from meetings.convening.states import NotOpen
from meetings.convening.verdict import may_say
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import reserved_store, store
from meetings.voting.casting import NoSuchVote
from meetings.voting.reserved import (
    MayNotReserve,
    Reserved,
    check_about,
    next_sequence,
    same_again,
    standing,
)

_WRITING = frozenset({State.OPEN, State.CLOSED})  # until the minutes are approved


@dataclass(frozen=True, kw_only=True, slots=True)
class Reserving:
    """What is reserved. `id`: made by the client; `member`: for whom the recorder writes, None for oneself."""

    id: Id
    words: str
    vote: Id | None = None
    item: Id | None = None
    member: Id | None = None


async def reservations(uow: UnitOfWork, meeting: Id) -> tuple[Reserved, ...]:
    """What holds of what was reserved in the meeting, for the storeys above."""
    return standing(await reserved_store.of_meeting(uow.session, meeting))


class ReservingService:
    """Every act is in the ledger; who and what stand there as personal facts."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def look(self, asker: Asker, meeting: Id) -> tuple[Reserved, ...]:
        """What holds, for whoever may view the cell: it will stand in the minutes."""
        async with self._units.read() as uow:
            await allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await reservations(uow, meeting)

    async def reserve(self, asker: Asker, meeting: Id, wanted: Reserving) -> Reserved:
        """Write it down; empty words take back. Sent again under its id it changes nothing.

        Raises ReserveWhat, MayNotReserve, ReservationDiffers, NoSuchVote, NoSuchItem, NotOpen, NoPower,
        VerdictInSupplement.
        """
        check_about(wanted.vote, wanted.item)
        async with self._units.begin() as uow:
            sitting, actor = await _asked(uow, asker, meeting, wanted.member)
            may_say(sitting, [wanted.words])
            who = wanted.member or actor.member_in(sitting.cell)
            if who is None or who not in await _entitled(uow, sitting, wanted):
                raise MayNotReserve
            said = await reserved_store.of_meeting(uow.session, meeting)
            new = _reserved(uow, actor, meeting, wanted, who)
            before = await reserved_store.get(uow.session, wanted.id)
            if before is not None and same_again(before, new):
                return before
            return await _keep(uow, sitting, actor, new, next_sequence(said, who))


async def _asked(uow: UnitOfWork, asker: Asker, meeting: Id, member: Id | None) -> tuple[AnySitting, Actor]:
    sitting, actor = await allow_in(uow, asker, Power.VIEW_CELL, meeting, lock=True)
    if member is not None and member != actor.member_in(sitting.cell):
        sitting, actor = await allow_in(uow, asker, Power.MINUTES, meeting, lock=True)
    if sitting.state not in _WRITING:
        raise NotOpen
    return sitting, actor


async def _entitled(uow: UnitOfWork, sitting: AnySitting, wanted: Reserving) -> frozenset[Id]:
    """Who may be in the minority: the voters of the vote, or the official members called to the sitting."""
    if wanted.vote is not None:
        stored = await store.get(uow.session, wanted.vote)
        if stored is None or stored.vote.meeting != sitting.id:
            raise NoSuchVote
        return frozenset(stored.base.entitled)
    if all(one.id != wanted.item for one in await agenda.items(uow, sitting.id)):
        raise NoSuchItem
    called = await convoked_members(uow, sitting.id)
    people = await roster_of(uow, sitting)
    return frozenset(one.id for one in people if one.official and one.id in called)


def _reserved(uow: UnitOfWork, actor: Actor, meeting: Id, wanted: Reserving, member: Id) -> Reserved:
    return Reserved(
        id=wanted.id,
        meeting=meeting,
        member=member,
        sequence=1,
        words=wanted.words,
        by=actor.person,
        at=uow.now,
        vote=wanted.vote,
        item=wanted.item,
    )


async def _keep(uow: UnitOfWork, sitting: AnySitting, actor: Actor, new: Reserved, sequence: int) -> Reserved:
    kept = replace(new, sequence=sequence)
    await reserved_store.add(uow.session, kept)
    act = Act(
        cell=sitting.cell,
        name="voting.reserve",
        actor=actor.person,
        meeting=sitting.id,
        subject=kept.id,
        public={"taken_back": not kept.words},
        personal={"member": kept.member, "words": kept.words},
    )
    await record(uow, act)
    return kept
