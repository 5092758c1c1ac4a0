"""Acts on drafts and motions: wordings are written, members move, the meeting takes up or turns down."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.agenda import motion_store, motions, store
from meetings.agenda.deciding import (
    MotionsLook,
    become,
    check_decides,
    keep_wording,
    meeting_of,
    motions_of,
)
from meetings.agenda.motions import (
    MayNotMove,
    Motion,
    MotionDiffers,
    MotionKind,
    MotionState,
    Moved,
    NoSuchMotion,
    Wording,
)
from meetings.agenda.rules import NoSuchItem, item_of
from meetings.attendance.service.reading import convoked_members
from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor, Category
from meetings.convening.rules import AnySitting, State
from meetings.convening.service import allow_in, roster_of
from meetings.convening.states import NotOpen
from meetings.convening.verdict import may_say
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record

_DRAFTING = frozenset({State.DRAFT, State.CONVENED, State.OPEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedMotion:
    """What is moved. `id`: made by the client; `member`: for whom the secretary writes, None for oneself; `against`:
    the draft's wording an amendment was written against; `replaces`: one's own motion that it stands in for."""

    id: Id
    kind: MotionKind
    text: str
    item: Id | None = None
    reason: str = ""
    against: int | None = None
    member: Id | None = None
    replaces: Id | None = None


class MotionsService:
    """Every act is in the ledger; who moved what stands there as personal facts."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def look(self, asker: Asker, meeting: Id) -> MotionsLook:
        """For whoever may view the cell."""
        async with self._units.read() as uow:
            sitting, _ = await allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await motions_of(uow, sitting)

    async def write_draft(self, asker: Asker, item: Id, wording: Id, text: str, after: int) -> Wording:
        """The draft of an item, written over its wording `after` (0: none yet); empty words take it away.
        `wording`: an id made by the client; sent again it changes nothing.

        Raises NoSuchItem, NotOpen, DraftMoved, DraftVoting, MotionDiffers, TooManyMotions, VerdictInSupplement,
        NoPower.
        """
        async with self._units.begin() as uow:
            if (meeting := await store.meeting_of(uow.session, item)) is None:
                raise NoSuchItem
            sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
            if sitting.state not in _DRAFTING:
                raise NotOpen
            may_say(sitting, [text])
            if await motion_store.wording_meeting(uow.session, wording) not in {None, meeting}:
                raise MotionDiffers
            look = await motions_of(uow, sitting)
            new = _wording(uow, look, meeting, item, wording, text, actor.person, number=after + 1)
            kept = motions.next_wording(look.wordings, new, after)
            if kept not in look.wordings:
                motions.check_not_voting(look.moved, item)
                await keep_wording(uow, sitting.cell, kept)
            return kept

    async def move(self, asker: Asker, meeting: Id, wanted: WantedMotion) -> Motion:
        """A member's own motion, or, by who leads the sitting, that of a member in the hall. Sent again it changes
        nothing.

        Raises MayNotMove, NothingChanged, NoDraft, DraftMoved, MotionDiffers, NoSuchMotion, MotionDecided,
        MotionVoting, TooManyMotions, NoSuchItem, NotOpen, VerdictInSupplement, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await _asked(uow, asker, meeting, wanted.member)
            may_say(sitting, [wanted.text, wanted.reason])
            who = wanted.member or actor.member_in(sitting.cell)
            if who is None or who not in await _may_move(uow, sitting):
                raise MayNotMove
            if await motion_store.meeting_of(uow.session, wanted.id) not in {None, meeting}:
                raise MotionDiffers
            look = await motions_of(uow, sitting)
            if wanted.item is not None:
                item_of(look.items, wanted.item)
            new = _motion(uow, look, meeting, wanted, who, actor.person)
            before = next((one.motion for one in look.moved if one.motion.id == new.id), None)
            if before is not None and motions.same_again(before, new):
                return before
            motions.check_new(look.moved, look.wordings, new)
            await _replace(uow, sitting, look, new)
            await motion_store.add(uow.session, new)
            await record(uow, _moved_act(sitting.cell, new))
            return new

    async def decide(self, asker: Asker, motion: Id, *, taken_up: bool) -> Moved:
        """The meeting agrees without a vote, or does not; by who leads it. An amendment agreed to is the draft's
        new wording.

        Raises NoSuchMotion, MotionDecided, MotionVoting, DraftMoved, DraftVoting, OnlyNoted, NotOpen, NoPower.
        """
        to = MotionState.ACCEPTED if taken_up else MotionState.REJECTED
        async with self._units.begin() as uow:
            sitting, actor, look = await _led(uow, asker, motion)
            check_decides(sitting)
            one = motions.motion_of(look.moved, motion)
            if not motions.may_decide(one, look.wordings, to):
                return one
            if taken_up and one.motion.kind is MotionKind.AMENDMENT:
                motions.check_not_voting(look.moved, one.motion.item)
            return await become(uow, sitting.cell, actor.person, one, to, None)

    async def withdraw(self, asker: Asker, motion: Id) -> Moved:
        """Take back one's own, or, by who leads the sitting, that of a member who says so.

        Raises NoSuchMotion, MotionDecided, MotionVoting, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            meeting = await meeting_of(uow, motion)
            known = await motion_store.of_meeting(uow.session, meeting)
            member = motions.motion_of(known, motion).motion.member
            sitting, actor = await _asked(uow, asker, meeting, member)
            look = await motions_of(uow, sitting)
            one = motions.motion_of(look.moved, motion)
            if not motions.may_decide(one, look.wordings, MotionState.WITHDRAWN):
                return one
            return await become(uow, sitting.cell, actor.person, one, MotionState.WITHDRAWN, None)


async def _asked(uow: UnitOfWork, asker: Asker, meeting: Id, member: Id | None) -> tuple[AnySitting, Actor]:
    """The locked open sitting: everybody moves for themselves, who leads the sitting for others too."""
    sitting, actor = await allow_in(uow, asker, Power.VIEW_CELL, meeting, lock=True)
    if member is not None and member != actor.member_in(sitting.cell):
        sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor


async def _led(uow: UnitOfWork, asker: Asker, motion: Id) -> tuple[AnySitting, Actor, MotionsLook]:
    meeting = await meeting_of(uow, motion)
    sitting, actor = await allow_in(uow, asker, Power.AGENDA, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor, await motions_of(uow, sitting)


async def _may_move(uow: UnitOfWork, sitting: AnySitting) -> set[Id]:
    """Whoever may speak: the suspended are neither called nor admitted (rules.md 2.3)."""
    called = await convoked_members(uow, sitting.id)
    people = await roster_of(uow, sitting)
    return {one.id for one in people if one.id in called and one.category is not Category.SUSPENDED}


async def _replace(uow: UnitOfWork, sitting: AnySitting, look: MotionsLook, new: Motion) -> None:
    """The earlier motion that this one stands in for is over. Raises NoSuchMotion, MotionDecided, MotionVoting."""
    if new.replaces is None:
        return
    before = motions.motion_of(look.moved, new.replaces)
    if before.motion.member != new.member or before.motion.item != new.item:
        raise NoSuchMotion
    if motions.may_decide(before, look.wordings, MotionState.REPLACED):
        await become(uow, sitting.cell, new.by, before, MotionState.REPLACED, None)


def _wording(
    uow: UnitOfWork,
    look: MotionsLook,
    meeting: Id,
    item: Id,
    wording: Id,
    text: str,
    person: Id,
    *,
    number: int,
) -> Wording:
    item_of(look.items, item)
    return Wording(id=wording, meeting=meeting, item=item, number=number, text=text, by=person, at=uow.now)


def _motion(
    uow: UnitOfWork, look: MotionsLook, meeting: Id, wanted: WantedMotion, member: Id, person: Id
) -> Motion:
    return Motion(
        id=wanted.id,
        meeting=meeting,
        item=wanted.item,
        member=member,
        number=len(look.moved) + 1,
        kind=wanted.kind,
        against=wanted.against if wanted.kind is MotionKind.AMENDMENT else None,
        text=wanted.text,
        reason=wanted.reason,
        by=person,
        at=uow.now,
        replaces=wanted.replaces,
    )


def _moved_act(cell: Id, new: Motion) -> Act:
    return Act(
        cell=cell,
        name="agenda.move",
        actor=new.by,
        meeting=new.meeting,
        subject=new.id,
        public={"number": new.number, "kind": new.kind.value, "item": new.item, "against": new.against},
        personal={"member": new.member, "text": new.text, "reason": new.reason},
    )
