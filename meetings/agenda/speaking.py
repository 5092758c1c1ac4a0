"""Acts on the speakers' list: hands go up from phones or by the secretary; the chair calls and ends turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.agenda import speaker_store, speakers, store
from meetings.agenda.rules import ItemState
from meetings.agenda.speakers import Hand, MayNotSpeak, NoSuchHand
from meetings.attendance.service.reading import convoked_members, guests
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor, Category
from meetings.convening.rules import AnySitting, State
from meetings.convening.service import allow_in, roster_of
from meetings.convening.states import NotOpen
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """The list as it stands at `at`; `names` by membership, and of guests."""

    hands: tuple[Hand, ...]
    names: Mapping[Id, str]
    at: datetime

    def name(self, hand: Hand) -> str:
        """Whose hand it is."""
        return self.names.get(hand.member, "")

    @property
    def speaking(self) -> Hand | None:
        """Who has the floor."""
        return speakers.speaking(self.hands)

    @property
    def waiting(self) -> tuple[Hand, ...]:
        """Who waits, in turn."""
        return speakers.in_turn(self.hands)

    @property
    def done(self) -> tuple[Hand, ...]:
        """Turns that are over, in the order in which they began."""
        over = [one for one in self.hands if one.state is speakers.HandState.DONE]
        return tuple(sorted(over, key=lambda one: (one.called_at or self.at, one.number)))

    def spoke(self, member: Id) -> bool:
        """Whether they have had the floor before."""
        return any(one.member == member for one in self.done)

    def mine(self, member: Id) -> Hand | None:
        """Their hand that is up."""
        return speakers.up_of(self.hands, member)

    def place(self, member: Id) -> int:
        """Where they stand among who waits, from 1; 0 where they do not wait."""
        return next((place for place, one in enumerate(self.waiting, 1) if one.member == member), 0)

    def seconds(self, hand: Hand) -> int:
        """How long that turn has lasted."""
        return speakers.seconds_used(hand, self.at)


async def floor(uow: UnitOfWork, sitting: AnySitting) -> Floor:
    """The list of a sitting, for storeys above inside their unit."""
    names = {one.id: one.full_name for one in await roster_of(uow, sitting)}
    names |= {one.id: one.full_name for one in await guests(uow, sitting.id)}
    return Floor(hands=tuple(await hands(uow, sitting.id)), names=names, at=uow.now)


async def hands(uow: UnitOfWork, meeting: Id) -> list[Hand]:
    """Every hand of the meeting in the order of asking."""
    return await speaker_store.of_meeting(uow.session, meeting)


async def end_turn(uow: UnitOfWork, sitting: AnySitting, person: Id, at: datetime) -> None:
    """Whoever has the floor ends: the item or the sitting is over."""
    await _keep(uow, sitting, person, "finish", speakers.end(await hands(uow, sitting.id), at))


class SpeakersService:
    """Every act is in the ledger; the member stands there as a personal fact."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def look(self, asker: Asker, meeting: Id) -> Floor:
        """For whoever may view the cell."""
        async with self._units.read() as uow:
            sitting, _ = await allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await floor(uow, sitting)

    async def put_up(self, asker: Asker, meeting: Id, hand: Id, member: Id | None) -> Hand:
        """The asker's own hand, or, by who leads the sitting, that of a member in the hall. `hand`: an id made
        by the client; sent again, or with a hand up already, it changes nothing.

        Raises MayNotSpeak, HandDiffers, TooManyHands, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await _asked(uow, asker, meeting, member)
            who = member or actor.member_in(sitting.cell)
            if who is None or who not in await _may_speak(uow, sitting):
                raise MayNotSpeak
            return await _put_up(uow, sitting, actor, hand, who, guest=False)

    async def put_up_guest(self, asker: Asker, meeting: Id, hand: Id, guest: Id) -> Hand:
        """A guest of the sitting wants to speak; by who leads it. Sent again it changes nothing.

        Raises MayNotSpeak, HandDiffers, TooManyHands, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await _leading(uow, asker, meeting)
            if guest not in {one.id for one in await guests(uow, meeting)}:
                raise MayNotSpeak
            return await _put_up(uow, sitting, actor, hand, guest, guest=True)

    async def call(self, asker: Asker, hand: Id) -> Hand:
        """Give this one the floor, whoever had it ends. Raises NoSuchHand, HandDown, NotOpen, NoPower."""
        async with self._units.begin() as uow:
            sitting, person, known = await _led(uow, asker, hand)
            items = await store.of_meeting(uow.session, sitting.id)
            item = next((one.id for one in items if one.state is ItemState.LIVE), None)
            changed = speakers.call(known, hand, item, uow.now)
            return await _changed(uow, sitting, person, "call", known, changed, hand)

    async def finish(self, asker: Asker, hand: Id) -> Hand:
        """They have spoken. Raises NoSuchHand, NotSpeaking, NotOpen, NoPower."""
        async with self._units.begin() as uow:
            sitting, person, known = await _led(uow, asker, hand)
            changed = speakers.finish(known, hand, uow.now)
            return await _changed(uow, sitting, person, "finish", known, changed, hand)

    async def lower(self, asker: Asker, hand: Id) -> Hand:
        """Take a waiting hand off the list: one's own, or any by who leads.

        Raises NoSuchHand, HandDown, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            if (meeting := await speaker_store.meeting_of(uow.session, hand)) is None:
                raise NoSuchHand
            known = await hands(uow, meeting)
            sitting, actor = await _asked(uow, asker, meeting, speakers.hand_of(known, hand).member)
            changed = speakers.lower(await hands(uow, meeting), hand)
            return await _changed(uow, sitting, actor.person, "lower", known, changed, hand)


async def _asked(uow: UnitOfWork, asker: Asker, meeting: Id, member: Id | None) -> tuple[AnySitting, Actor]:
    """The locked open sitting: everybody speaks for themselves, who leads the sitting for others too."""
    sitting, actor = await allow_in(uow, asker, Power.VIEW_CELL, meeting, lock=True)
    if member is not None and member != actor.member_in(sitting.cell):
        sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor


async def _leading(uow: UnitOfWork, asker: Asker, meeting: Id) -> tuple[AnySitting, Actor]:
    """The locked open sitting, for who leads it."""
    sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor


async def _led(uow: UnitOfWork, asker: Asker, hand: Id) -> tuple[AnySitting, Id, list[Hand]]:
    if (meeting := await speaker_store.meeting_of(uow.session, hand)) is None:
        raise NoSuchHand
    sitting, actor = await _leading(uow, asker, meeting)
    return sitting, actor.person, await hands(uow, meeting)


async def _put_up(
    uow: UnitOfWork, sitting: AnySitting, actor: Actor, hand: Id, who: Id, *, guest: bool
) -> Hand:
    if await speaker_store.meeting_of(uow.session, hand) not in {None, sitting.id}:
        raise speakers.HandDiffers
    known = await hands(uow, sitting.id)
    new = Hand(
        id=hand,
        meeting=sitting.id,
        member=who,
        number=1,
        by=actor.person,
        asked_at=uow.now,
        guest=guest,
    )
    standing = speakers.put_up(known, new)
    if standing not in known:
        await speaker_store.add(uow.session, standing)
        await record(uow, _act(sitting, actor.person, "hand", standing))
    return standing


async def _may_speak(uow: UnitOfWork, sitting: AnySitting) -> set[Id]:
    """The suspended are neither called nor admitted (rules.md 2.3)."""
    called = await convoked_members(uow, sitting.id)
    people = await roster_of(uow, sitting)
    return {one.id for one in people if one.id in called and one.category is not Category.SUSPENDED}


async def _changed(
    uow: UnitOfWork,
    sitting: AnySitting,
    person: Id,
    name: str,
    known: Sequence[Hand],
    changed: Sequence[Hand],
    hand: Id,
) -> Hand:
    await _keep(uow, sitting, person, name, changed)
    return speakers.hand_of([*changed, *known], hand)


async def _keep(uow: UnitOfWork, sitting: AnySitting, person: Id, name: str, changed: Sequence[Hand]) -> None:
    """Ended turns first: one member has the floor at most."""
    await speaker_store.save(uow.session, changed)
    names = ["finish" if one.ended_at else name for one in changed]
    await record(uow, *(_act(sitting, person, *told) for told in zip(names, changed, strict=True)))


def _act(sitting: AnySitting, person: Id, name: str, hand: Hand) -> Act:
    return Act(
        cell=sitting.cell,
        name=f"agenda.{name}",
        actor=person,
        meeting=sitting.id,
        subject=hand.id,
        public={
            "number": hand.number,
            "seconds": speakers.seconds_used(hand, hand.ended_at or hand.asked_at),
            "guest": hand.guest,
        },
        personal={"member": hand.member},
    )
