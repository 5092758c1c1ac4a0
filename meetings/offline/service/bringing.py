"""A kept sitting comes in: once, whole, and never over what somebody else has done without a person seeing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor, Member
from meetings.convening import service as convening
from meetings.convening.paper import check_device
from meetings.convening.rules import AnySitting, State
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import happened_after, record
from meetings.offline import store, words
from meetings.offline.order import SoFar, aligned, check_order
from meetings.offline.rules import (
    BroughtBefore,
    Difference,
    Kept,
    OpenedElsewhere,
    RecordChanged,
    Sending,
    body_hash,
    clock_strays,
    difference,
    not_looked_at,
    other_verdict,
)
from meetings.offline.service.begun import so_far
from meetings.offline.service.kit import Kit, check_takeable, kit_of
from meetings.offline.service.listed import gone_since, without
from meetings.offline.service.telling import Doors, Record, Telling
from meetings.offline.store import Brought

_MOST_CHANGES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class BroughtIn:
    """What became of it. `brought` None: nothing was written, a person has to look at the differences first."""

    sitting: AnySitting
    brought: Brought | None
    differences: tuple[Difference, ...] = ()


class _LookFirst(Exception):
    """Undoes what was told so far."""

    def __init__(self, found: Sequence[Difference]) -> None:
        super().__init__()
        self.found = tuple(found)


class OfflineService:
    """A sitting in person, taken along before it begins or while it is open, and brought back after it ended."""

    def __init__(self, units: Units, doors: Doors) -> None:
        self._units, self._doors = units, doors

    async def kit(self, asker: Asker, meeting: Id) -> Kit:
        """What the device needs. Raises NoSuchMeeting, NoPower, NotForOffline, StillVoting."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.OPEN, meeting)
            return await kit_of(uow, sitting)

    async def texts(self, asker: Asker, meeting: Id) -> Mapping[Id, str]:
        """The recorder's words so far. Raises NoSuchMeeting."""
        return (await self._doors.minutes.look(asker, meeting)).texts

    async def bring(self, asker: Asker, meeting: Id, kept: Kept, sending: Sending) -> BroughtIn:
        """Write it down as it happened; again, the first receipt. Where something differs that was not looked
        at, nothing is written.

        Raises NoSuchMeeting, NoPower, NotForOffline, OpenedElsewhere, BroughtBefore, RecordChanged, BadOrder,
        EnterOnPaper, a BadTimes, and whatever the acts of the sitting raise.
        """
        try:
            async with self._units.begin() as uow:
                sitting, actor = await convening.allow_in(uow, asker, Power.CLOSE, meeting, lock=True)
                brought = await _known(uow, meeting, kept) or await self._bring(
                    uow, asker, actor, sitting, kept, sending
                )
                return BroughtIn(sitting=await convening.sitting(uow, meeting), brought=brought)
        except _LookFirst as look:
            async with self._units.read() as uow:
                now = await convening.sitting(uow, meeting)
            return BroughtIn(sitting=now, brought=None, differences=look.found)

    async def _bring(
        self, uow: UnitOfWork, asker: Asker, actor: Actor, sitting: AnySitting, kept: Kept, sending: Sending
    ) -> Brought:
        found = [*await _changes(uow, sitting, sending), *_clock(sending, uow.now)]
        _look_first(found, sending)
        gone = await gone_since(uow, sitting, kept)
        told = without(kept, {one.id for one in gone})
        begun = await _check(uow, sitting, told, sending)
        telling = Telling(
            uow, self._doors, asker, sitting.id, Record(kept=told, begun=begun, taken=sending.taken)
        )
        await telling.tell(actor)
        found += [*_listed(gone, telling), *_verdicts(telling), *_guests(telling), *telling.work.differences]
        _look_first(found, sending)
        brought = Brought(
            meeting=sitting.id,
            id=kept.id,
            body_hash=body_hash(kept),
            sent_at=sending.sent_at,
            at=uow.now,
            by=actor.person,
            differences=len(found),
        )
        await store.add(uow.session, brought)
        await record(uow, _act(sitting, actor, kept, brought))
        return brought


async def brought_of(uow: UnitOfWork, meeting: Id) -> Brought | None:
    """That the sitting was held without a network, if it was."""
    return await store.of_meeting(uow.session, meeting)


async def _known(uow: UnitOfWork, meeting: Id, kept: Kept) -> Brought | None:
    """What was brought in before. Raises BroughtBefore, RecordChanged."""
    known = await store.of_meeting(uow.session, meeting)
    if known is not None and known.id != kept.id:
        raise BroughtBefore
    known = known or await store.by_id(uow.session, kept.id)
    if known is not None and (known.meeting != meeting or known.body_hash != body_hash(kept)):
        raise RecordChanged
    return known


async def _check(uow: UnitOfWork, sitting: AnySitting, kept: Kept, sending: Sending) -> SoFar | None:
    """What stands on the server of a sitting that was open when it was taken along."""
    check_takeable(sitting)
    if sending.continues is not (sitting.state is State.OPEN):
        raise OpenedElsewhere
    begun = await so_far(uow, sitting) if sending.continues else None
    told = aligned(kept, begun) if begun else kept
    check_order(told)
    called = await convening.convened_at(uow, sitting.id)
    check_device(sitting, convened_at=called, opened_at=told.opened_at, closed_at=told.closed_at, now=uow.now)
    return begun


async def _changes(uow: UnitOfWork, sitting: AnySitting, sending: Sending) -> list[Difference]:
    """What was done in the sitting since the device took it along."""
    acts = await happened_after(uow, sitting.id, sending.based_on, _MOST_CHANGES)
    return [
        difference(words.CHANGES.get(one.act, words.CHANGED), number=one.number)
        for one in acts
        if one.act not in words.HARMLESS
    ]


def _clock(sending: Sending, now: datetime) -> list[Difference]:
    stray = clock_strays(sending.sent_at, now)
    if stray is None:
        return []
    minutes = abs(stray) // timedelta(minutes=1)
    # Rounded up to ten, so that looking at it does not make it another one.
    return [difference(words.AHEAD if stray > timedelta() else words.BEHIND, minutes=-(-minutes // 10) * 10)]


def _listed(gone: Iterable[Member], telling: Telling) -> list[Difference]:
    return [
        *(difference(words.GONE, name=one.full_name) for one in gone),
        *(
            difference(words.CALLED_LATER if called else words.NOT_ON_DEVICE, name=one.full_name)
            for one, called in telling.not_on_device
        ),
    ]


def _verdicts(telling: Telling) -> list[Difference]:
    return [
        difference(
            words.OTHER_VERDICT,
            question=vote.question,
            device=words.verdict(vote.base, vote.needed, vote.passed),
            server=words.verdict(result["base"], result["needed"], result["passed"]),
        )
        for vote, result in telling.results
        if other_verdict(vote, result)
    ]


def _guests(telling: Telling) -> list[Difference]:
    return [difference(words.GUEST_THERE, name=one.full_name) for one in telling.guests_there]


def _look_first(found: Iterable[Difference], sending: Sending) -> None:
    if left := not_looked_at(found, sending):
        raise _LookFirst(left)


def _act(sitting: AnySitting, actor: Actor, kept: Kept, brought: Brought) -> Act:
    facts: dict[str, Json] = {
        "opened_at": kept.opened_at.isoformat(timespec="microseconds"),
        "closed_at": kept.closed_at.isoformat(timespec="microseconds"),
        "sent_at": brought.sent_at.isoformat(timespec="microseconds"),
        "sha256": brought.body_hash,
        "differences": brought.differences,
    }
    return Act(
        cell=sitting.cell,
        name="offline.bring",
        actor=actor.person,
        meeting=sitting.id,
        subject=kept.id,
        public=facts,
    )
