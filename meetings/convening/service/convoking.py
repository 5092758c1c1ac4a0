"""Members are called to a sitting, each on record; texts to paste, letters, whom to ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Member
from meetings.convening import states
from meetings.convening.convocations import (
    Convocation,
    NotOnRoster,
    convoke,
    standing,
    tell,
    tell_again,
    told_by_voice,
)
from meetings.convening.rules import AnySitting, Meeting, State
from meetings.convening.service.acts import Acts, note
from meetings.convening.service.holidays import warned
from meetings.convening.service.rosters import roster_of
from meetings.convening.service.sittings import allow_in, convoked, owe, save
from meetings.convening.service.telling import call_of, tell_overseers
from meetings.convening.store import convocations
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.notices.rules import Channel, NoticeKind, Reach, ToRing, to_ring
from meetings.notices.wording import Call, cancelled_text, letter_text, moved_text, zalo_text

_CHANGEABLE = frozenset({State.CONVENED, State.OPEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A printable convocation for one member."""

    member: Id
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """What to paste into the cell's group, and one letter for each convoked member."""

    text: str
    letters: tuple[Letter, ...]


class ConvokingActs(Acts):
    """Acts of who leads the cell."""

    async def convene(
        self, asker: Asker, meeting: Id, how: Channel, left_out: Mapping[Id, str]
    ) -> AnySitting:
        """Call the whole roster of that day, but for those left out with a reason; tell the overseers.

        Raises NoSuchMeeting, NoPower, AlreadyConvened, ReasonToLeaveOut, NotOnRoster.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.CONVENE, meeting, lock=True)
            ready = states.convened(found)
            called = await call_roster(uow, ready, left_out, how=how, by=actor.person)
            await save(uow, ready)
            await owe(uow, ready)
            counts = {"called": sum(one.how is not None for one in called), "left_out": len(left_out)}
            reasons = {"left_out_reasons": dict(left_out)} if left_out else {}
            public = counts | await warned(uow, ready)
            await note(uow, "convene", ready, actor.person, public=public, personal=reasons)
            call = await call_of(uow, ready, self._agenda)
            await tell_overseers(uow, ready, NoticeKind.CONVOCATION, call)
            return ready

    async def tell_member(
        self, asker: Asker, meeting: Id, member: Id, how: Channel | None, reason: str | None
    ) -> Convocation:
        """One member was told in another way (`how`), or before the opening is left out (`reason`).

        Raises NoSuchMeeting, NoPower, NotInThisState, NotOnRoster, NotConvoked, ReasonToLeaveOut.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.CONVENE, meeting, lock=True)
            if found.state not in _CHANGEABLE or (how is None and _settled(found)):
                raise states.NotInThisState
            who = await _on_roster(uow, found, member)
            before = await convocations.tellings(uow.session, [meeting])
            one = tell(who, before, meeting=meeting, how=how, reason=reason, by=actor.person, at=uow.now)
            await convocations.append(uow.session, [one])
            personal = {"member": member, "how": how.value if how else None, "reason": one.left_out_reason}
            await note(uow, "tell", found, actor.person, personal=personal)
            return one

    async def tell_again(self, asker: Asker, meeting: Id, how: Channel) -> int:
        """After a move: everyone who was called and not told since is told of the new time; how many.

        Raises NoSuchMeeting, NoPower, NotMoved, NotInThisState.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.CONVENE, meeting, lock=True)
            if found.state is not State.CONVENED:
                raise states.NotInThisState
            if found.moved_at is None:
                raise states.NotMoved
            called = await convoked(uow, meeting)
            told = tell_again(called, moved_at=found.moved_at, how=how, by=actor.person, at=uow.now)
            await convocations.append(uow.session, told)
            if told:
                public = {"told": len(told), "how": how.value}
                await note(uow, "tell_again", found, actor.person, public=public)
            return len(told)

    async def convocations(self, asker: Asker, meeting: Id) -> list[Convocation]:
        """What stands for each member. For who may audit or leads the cell. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            await allow_in(uow, asker, Act.AUDIT, meeting)
            return await convoked(uow, meeting)

    async def texts(self, asker: Asker, meeting: Id) -> Texts:
        """The convocation ready to paste and to print. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            found, _ = await allow_in(uow, asker, Act.CONVENE, meeting)
            call = await call_of(uow, found, self._agenda)
            if found.state is State.CANCELLED:
                return Texts(text=cancelled_text(call, found.cancelled_reason or ""), letters=())
            called = {one.member for one in await convoked(uow, meeting) if one.how is not None}
            return Texts(
                text=_words(found, call),
                letters=tuple(
                    Letter(member=who.id, text=letter_text(call, who.full_name))
                    for who in await roster_of(uow, found)
                    if who.id in called
                ),
            )

    async def call_list(self, asker: Asker, meeting: Id) -> tuple[ToRing, ...]:
        """ "Ai cần gọi điện": the convoked whom no screen reaches. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            found, _ = await allow_in(uow, asker, Act.CONVENE, meeting)
            tellings = await convocations.tellings(uow.session, [meeting])
            called = {one.member for one in standing(tellings) if one.how is not None}
            people = [who for who in await roster_of(uow, found) if who.id in called]
            spoken = told_by_voice(tellings, found.moved_at)
            return to_ring(await _reach(uow, found.cell, people, spoken))


def _words(found: AnySitting, call: Call) -> str:
    """A plain invitation; of a sitting that was moved after people had been told, that it was."""
    if found.state is State.CONVENED and found.moved_from is not None:
        return moved_text(call, found.moved_from)
    return zalo_text(call)


def _settled(found: AnySitting) -> bool:
    """From the opening on nobody is left out any more: the base rests on who was called. A meeting held on paper
    is told of afterwards, as it was."""
    on_paper = isinstance(found, Meeting) and found.entered_late_on is not None
    return found.state is State.OPEN and not on_paper


async def call_roster(
    uow: UnitOfWork, found: AnySitting, left_out: Mapping[Id, str], *, how: Channel, by: Id
) -> tuple[Convocation, ...]:
    """Write down that the roster of that day was called."""
    roster = await roster_of(uow, found)
    called = convoke(roster, left_out, meeting=found.id, how=how, by=by, at=uow.now)
    await convocations.append(uow.session, called)
    return called


async def _on_roster(uow: UnitOfWork, found: AnySitting, member: Id) -> Member:
    for who in await roster_of(uow, found):
        if who.id == member:
            return who
    raise NotOnRoster


async def _reach(uow: UnitOfWork, cell: Id, people: list[Member], spoken: frozenset[Id]) -> list[Reach]:
    contacts = await committees.contacts(uow, cell)
    return [
        Reach(
            member=who.id,
            full_name=who.full_name,
            phone=contacts[who.person].phone,
            smartphone=contacts[who.person].smartphone,
            has_account=contacts[who.person].account,
            told_by_voice=who.id in spoken,
        )
        for who in people
    ]
