"""What is moved in a sitting and what becomes of it, inside a unit: for the acts on motions and for votes on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from meetings.agenda import motion_store, motions, store
from meetings.agenda.difference import Piece
from meetings.agenda.motions import (
    DraftVoting,
    Motion,
    MotionKind,
    MotionState,
    Moved,
    NoSuchMotion,
    OnlyNoted,
    Step,
    Wording,
)
from meetings.agenda.rules import Item
from meetings.convening.rules import AnySitting, Meeting, Standing
from meetings.convening.service import roster_of
from meetings.db.unit import UnitOfWork
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record


@dataclass(frozen=True, kw_only=True, slots=True)
class MotionsLook:
    """The drafts and motions of a sitting; `names` by membership."""

    items: tuple[Item, ...]
    wordings: tuple[Wording, ...]
    moved: tuple[Moved, ...]
    names: Mapping[Id, str]

    @property
    def pending(self) -> int:
        """How many wait for a decision."""
        return sum(one.state.pending for one in self.moved)

    def draft(self, item: Id) -> Wording | None:
        """Its draft as it stands."""
        return motions.wording_of(self.wordings, item)

    def last(self, item: Id) -> int:
        """The number of its newest wording, 0 where nothing was ever written."""
        return max((one.number for one in self.wordings if one.item == item), default=0)

    def of(self, item: Id | None) -> tuple[Moved, ...]:
        """What was moved on it, in order."""
        return tuple(one for one in self.moved if one.motion.item == item)

    def stale(self, one: Moved) -> bool:
        """Whether it waits, and the draft has changed since."""
        return one.state.pending and motions.stale(one.motion, self.wordings)

    def changes(self, one: Moved) -> tuple[Piece, ...]:
        """What an amendment takes out and puts in."""
        return motions.changes(one.motion, self.wordings)

    def spoken(self, one: Moved) -> str:
        """What is moved, in one sentence."""
        return motions.spoken(one.motion, self.wordings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """How much there is: motions, those that wait for a decision, and wordings of drafts."""

    moved: int
    pending: int
    wordings: int


async def waiting_in(uow: UnitOfWork, meeting: Id) -> Waiting:
    """For pages that only lead there."""
    moved = await motion_store.of_meeting(uow.session, meeting)
    return Waiting(
        moved=len(moved),
        pending=sum(one.state.pending for one in moved),
        wordings=len(await motion_store.wordings(uow.session, meeting)),
    )


async def motions_of(uow: UnitOfWork, sitting: AnySitting) -> MotionsLook:
    """For storeys above, inside their unit."""
    names = {one.id: one.full_name for one in await roster_of(uow, sitting)}
    return MotionsLook(
        items=tuple(await store.of_meeting(uow.session, sitting.id)),
        wordings=tuple(await motion_store.wordings(uow.session, sitting.id)),
        moved=tuple(await motion_store.of_meeting(uow.session, sitting.id)),
        names=names,
    )


async def moved_in(uow: UnitOfWork, meeting: Id) -> list[Moved]:
    """What was moved in a meeting, in order."""
    return await motion_store.of_meeting(uow.session, meeting)


async def to_be_voted(uow: UnitOfWork, sitting: AnySitting, motion: Id) -> tuple[MotionsLook, Moved]:
    """The motion, if it may be put to the vote now; lock the sitting before.

    Raises NoSuchMotion, MotionDecided, MotionVoting, DraftMoved, DraftVoting, OnlyNoted.
    """
    check_decides(sitting)
    look = await motions_of(uow, sitting)
    one = motions.motion_of(look.moved, motion)
    if not motions.may_decide(one, look.wordings, MotionState.VOTING):
        raise motions.MotionVoting
    if one.motion.kind is MotionKind.AMENDMENT:
        motions.check_not_voting(look.moved, one.motion.item)
    return look, one


async def put_to_vote(uow: UnitOfWork, sitting: AnySitting, person: Id, one: Moved, vote: Id) -> None:
    """Write down that it is voted on there."""
    await become(uow, sitting.cell, person, one, MotionState.VOTING, vote)


async def vote_ended(uow: UnitOfWork, cell: Id, meeting: Id, person: Id, vote: Id, *, passed: bool) -> None:
    """What a vote means for the motion that was put to it, if one was: adopted, an amendment is the draft's new
    wording. While it was voted on nobody else could write either."""
    if (motion := await motion_store.put_to(uow.session, vote)) is None:
        return
    one = motions.motion_of(await motion_store.of_meeting(uow.session, meeting), motion)
    state = MotionState.ADOPTED if passed else MotionState.DEFEATED
    await become(uow, cell, person, one, state, vote)


async def meeting_of(uow: UnitOfWork, motion: Id) -> Id:
    """The meeting in which it was moved. Raises NoSuchMotion."""
    if (meeting := await motion_store.meeting_of(uow.session, motion)) is None:
        raise NoSuchMotion
    return meeting


async def in_use(uow: UnitOfWork, meeting: Id) -> frozenset[Id]:
    """Items that have a draft, or on which something was moved."""
    wordings = await motion_store.wordings(uow.session, meeting)
    drafted = {one.item for one in wordings if motions.wording_of(wordings, one.item)}
    moved = await motion_store.of_meeting(uow.session, meeting)
    return frozenset(drafted | {one.motion.item for one in moved if one.motion.item})


def check_decides(sitting: AnySitting) -> None:
    """Raises OnlyNoted in a supplement."""
    if isinstance(sitting, Meeting) and sitting.standing is Standing.SUPPLEMENT:
        raise OnlyNoted


async def become(
    uow: UnitOfWork, cell: Id, person: Id, one: Moved, state: MotionState, vote: Id | None
) -> Moved:
    """The next step of a motion; taken up, an amendment becomes the draft's wording."""
    motion = one.motion
    step = Step(
        id=new_id(),
        motion=motion.id,
        sequence=len(one.steps) + 1,
        state=state,
        by=person,
        at=uow.now,
        vote=vote,
    )
    await motion_store.add_step(uow.session, motion.meeting, step)
    act = Act(
        cell=cell,
        name="agenda.decide_motion",
        actor=person,
        meeting=motion.meeting,
        subject=motion.id,
        public={"number": motion.number, "state": state.value, "vote": vote},
    )
    await record(uow, act)
    if state.taken_up and motion.kind is MotionKind.AMENDMENT:
        await _amend(uow, cell, person, motion)
    return replace(one, steps=(*one.steps, step))


async def _amend(uow: UnitOfWork, cell: Id, person: Id, motion: Motion) -> None:
    """Raises DraftVoting should the draft have changed under a vote, which nobody can bring about."""
    known = await motion_store.wordings(uow.session, motion.meeting)
    if motion.item is None or motion.against is None or motions.stale(motion, known):
        raise DraftVoting
    kept = Wording(
        id=new_id(),
        meeting=motion.meeting,
        item=motion.item,
        number=motion.against + 1,
        text=motion.text,
        by=person,
        at=uow.now,
        motion=motion.id,
    )
    await keep_wording(uow, cell, kept)


async def keep_wording(uow: UnitOfWork, cell: Id, kept: Wording) -> None:
    """The draft reads so from now on."""
    await motion_store.add_wording(uow.session, kept)
    public: dict[str, Json] = {"number": kept.number, "motion": kept.motion, "empty": not kept.text}
    act = Act(
        cell=cell,
        name="agenda.draft",
        actor=kept.by,
        meeting=kept.meeting,
        subject=kept.item,
        public=public,
        personal={"text": kept.text},
    )
    await record(uow, act)
