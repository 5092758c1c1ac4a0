"""The console as it stands: what is being discussed, what was asked, what is missing, the one thing to do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from meetings.agenda import service as agenda
from meetings.agenda.deciding import moved_in
from meetings.agenda.rules import Item, ItemState
from meetings.agenda.speaking import Floor, floor
from meetings.attendance import service as attendance
from meetings.attendance.guests import Guest
from meetings.committees.powers import Part
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Mode, State
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.ledger.service import newest_in
from meetings.sitting.rules import FeeLine
from meetings.sitting.service import opening_of
from meetings.voting import service as voting
from meetings.voting.base import may_be_excused
from meetings.voting.reserved import Reserved
from meetings.voting.reserving import reservations
from meetings.voting.rules import StoredVote, VoteState


class Now(StrEnum):
    """The one thing to do now: the red button of the console."""

    OPEN = "open"
    ROLL = "roll"
    PARTS = "parts"
    VOTE = "vote"
    ITEM = "item"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunLook:
    """What the console shows. `number`: of the newest act, read before the rest, so that the stream leaves nothing
    out; `here`: members present where the sitting is held; `excused`: official members who are absent, also by phone,
    with a reason that the secretary accepted; `moved`: motions that wait."""

    number: int
    items: tuple[Item, ...]
    votes: tuple[StoredVote, ...]
    parts: dict[Part, Id]
    here: tuple[Member, ...]
    excused: tuple[Member, ...]
    in_hall: int
    by_phone: int
    roll_confirmed: bool
    fees: FeeLine | None
    now: Now
    floor: Floor
    reserved: tuple[Reserved, ...]
    moved: int
    guests: tuple[Guest, ...]

    @property
    def live(self) -> Item | None:
        """What is being discussed."""
        return next((one for one in self.items if one.state is ItemState.LIVE), None)

    @property
    def coming(self) -> Item | None:
        """What comes after it."""
        return _coming(self.items)

    @property
    def open_vote(self) -> StoredVote | None:
        """The question that is put now."""
        return next((one for one in self.votes if one.vote.state is VoteState.OPEN), None)

    def name(self, part: Part) -> str:
        """Who has the part; empty while nobody does."""
        return next((one.full_name for one in self.here if one.id == self.parts.get(part)), "")


async def look_at_run(uow: UnitOfWork, sitting: AnySitting) -> RunLook:
    """Read in the caller's unit."""
    number = await newest_in(uow, sitting.id)
    items = tuple(await agenda.items(uow, sitting.id))
    votes = tuple(await voting.votes(uow, sitting.id))
    parts = dict(await convening.parts_of(uow, sitting.id))
    record = await attendance.record_of(uow, sitting)
    there = record.attendance
    hall = [one for one in record.roster if there[one.id].hall_confirmed]
    phone = [one for one in record.roster if there[one.id].online]
    online = sitting.mode is Mode.ONLINE
    confirmed = online or record.roll_confirmed
    return RunLook(
        number=number,
        items=items,
        votes=votes,
        parts=parts,
        here=tuple(phone if online else hall),
        excused=tuple(
            one
            for one in record.roster
            if one not in phone and may_be_excused(one, record.absences.get(one.id))
        ),
        in_hall=len(hall),
        by_phone=len([one for one in phone if one not in hall]),
        roll_confirmed=confirmed,
        fees=await opening_of(uow, sitting.id),
        floor=await floor(uow, sitting),
        reserved=await reservations(uow, sitting.id),
        guests=tuple(await attendance.guests(uow, sitting.id)),
        moved=sum(one.state.pending for one in await moved_in(uow, sitting.id)),
        now=_now(sitting, items, votes, parts, confirmed=confirmed),
    )


def _now(
    sitting: AnySitting,
    items: Sequence[Item],
    votes: Sequence[StoredVote],
    parts: dict[Part, Id],
    *,
    confirmed: bool,
) -> Now:
    if sitting.state is not State.OPEN:
        return Now.OPEN
    if not confirmed:
        return Now.ROLL
    if len(parts) < len(Part):
        return Now.PARTS
    if any(one.vote.state is VoteState.OPEN for one in votes):
        return Now.VOTE
    if _coming(items) or any(one.state is ItemState.LIVE for one in items):
        return Now.ITEM
    return Now.CLOSE


def _coming(items: Sequence[Item]) -> Item | None:
    live = max((one.position for one in items if one.state is not ItemState.PLANNED), default=0)
    later = [one for one in items if one.state is ItemState.PLANNED]
    return next((one for one in later if one.position > live), later[0] if later else None)
