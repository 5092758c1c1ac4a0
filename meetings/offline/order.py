"""Pure: what can have followed what in a kept sitting, and the order in which it is told again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from meetings.attendance.rules import EvidenceKind
from meetings.kernel.ids import Id
from meetings.offline.rules import (
    BadOrder,
    Kept,
    KeptAbsence,
    KeptBefore,
    KeptDraft,
    KeptGuest,
    KeptItem,
    KeptMark,
    KeptMotion,
    KeptReport,
    KeptTask,
    KeptVote,
)
from meetings.sitting.rules import FeeLine

EARLIEST_MARK = timedelta(hours=12)  # before the opening; architecture decision 2
_FIRST_MARKS = frozenset({EvidenceKind.PRESENT, EvidenceKind.ABSENT})
_THERE = frozenset({EvidenceKind.PRESENT, EvidenceKind.LATE})


class Step(IntEnum):
    """What is told again; of one moment in this order."""

    ROLL = 0  # may be confirmed a little before the opening
    OPEN = 1
    LEAVE = 2
    MARK = 3
    PARTS = 4  # by those who are there by then
    GUEST = 5
    STOP = 6
    START = 7
    DRAFT = 8
    MOVE = 9
    DECIDE = 10
    ASK = 11
    COUNT = 12
    REPORT = 13
    GIVE = 14
    READ = 15
    CLOSE = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class SoFar:
    """An open sitting as the server has it. `confirmed_at` None: no confirmed roll. `started`, `ended`: items."""

    opened_at: datetime
    confirmed_at: datetime | None
    marks: tuple[KeptMark, ...]
    absences: tuple[KeptAbsence, ...]
    chair: Id | None
    recorder: Id | None
    fees: FeeLine | None
    read_at: datetime | None
    started: Mapping[Id, datetime]
    ended: Mapping[Id, datetime]

    def told(self, step: Step, item: Id | None) -> bool:
        """Whether that was done on the server, so that it is not done again."""
        if step is Step.ROLL:
            return self.confirmed_at is not None
        if step in {Step.START, Step.STOP}:
            return item in (self.started if step is Step.START else self.ended)
        return step is Step.OPEN or (step is Step.READ and self.read_at is not None)


def aligned(kept: Kept, begun: SoFar) -> Kept:
    """The record with the server's moments for what was done there, and none of an item before the roll."""
    confirmed = begun.confirmed_at or kept.confirmed_at
    began = max(begun.opened_at, confirmed)
    items = tuple(
        replace(one, started_at=max(one.started_at, began))
        if one.id in begun.started and one.started_at
        else one
        for one in kept.items
        if one.id not in begun.ended
    )
    return replace(kept, opened_at=begun.opened_at, confirmed_at=confirmed, items=items)


Work = KeptTask | KeptReport
Thing = KeptMark | KeptGuest | KeptItem | KeptDraft | KeptMotion | KeptBefore | KeptVote | Work | None


def check_order(kept: Kept) -> None:
    """Raises BadOrder. Whether the whole lies where it may is `convening.paper.check_device`'s to say."""
    earliest = kept.opened_at - EARLIEST_MARK
    noted = [*(one.at for one in kept.marks), *(one.at for one in kept.guests)]
    if (
        not all(earliest <= at <= kept.closed_at for at in noted)
        or not earliest <= kept.confirmed_at < kept.closed_at
    ):
        raise BadOrder
    if kept.read_at is not None and not kept.opened_at <= kept.read_at <= kept.closed_at:
        raise BadOrder
    began = max(kept.opened_at, kept.confirmed_at)
    for since, until in _spells(kept):
        if not began <= since < until <= kept.closed_at:
            raise BadOrder
    work: list[Work] = [*kept.tasks, *kept.reports]
    if len({one.task for one in kept.reports}) != len(kept.reports):
        raise BadOrder
    written = [*(one.at for one in kept.drafts), *(one.at for one in work)]
    if not all(began <= at <= kept.closed_at for at in written):
        raise BadOrder
    _check_motions(kept, began)


def _check_motions(kept: Kept, began: datetime) -> None:
    """Moved once, before it is decided; decided in one way."""
    known = [one.id for one in _motions(kept)]
    voted = [vote.motion for vote in kept.votes if vote.motion is not None]
    if len(set(known)) != len(known) or len(set(voted)) != len(voted) or not set(known) >= set(voted):
        raise BadOrder
    asked = {vote.motion: vote.opened_at for vote in kept.votes}
    for one in _motions(kept):
        ends = [at for at in (one.decided_at, one.withdrawn_at, asked.get(one.id)) if at is not None]
        if len(ends) > 1 or (one.decided_at is None) != (one.taken_up is None):
            raise BadOrder
        moved = one.at if isinstance(one, KeptMotion) else began
        if not began <= moved <= max(ends, default=kept.closed_at) <= kept.closed_at:
            raise BadOrder


def _motions(kept: Kept) -> list[KeptMotion | KeptBefore]:
    return [*kept.motions, *kept.before]


def _spells(kept: Kept) -> Iterator[tuple[datetime, datetime]]:
    yield max(kept.opened_at, kept.confirmed_at), kept.closed_at
    yield from ((vote.opened_at, vote.closed_at) for vote in kept.votes)
    for item in kept.items:
        if item.started_at is not None:
            yield item.started_at, item.ended_at or kept.closed_at
        elif item.ended_at is not None:
            raise BadOrder


def first_marks(kept: Kept) -> tuple[KeptMark, ...]:
    """The roll as it was confirmed: of each name the last word before that."""
    last = {one.member: one for one in sorted(kept.marks, key=lambda one: one.at) if _before(kept, one)}
    return tuple(last.values())


def later_marks(kept: Kept) -> tuple[KeptMark, ...]:
    """Who came late or left early after it, and what was corrected."""
    return tuple(one for one in kept.marks if not _before(kept, one))


def _before(kept: Kept, mark: KeptMark) -> bool:
    return mark.kind in _FIRST_MARKS and mark.at <= kept.confirmed_at and not mark.reason


def _named_at(kept: Kept, began: datetime) -> datetime:
    """When chair and recorder are both there: at the beginning, or when a later mark brings one of them in."""
    came = [one for one in later_marks(kept) if one.member in {kept.chair, kept.recorder}]
    return max([one.at for one in came if one.kind in _THERE] + [began])


def steps(kept: Kept) -> list[tuple[datetime, Step, Thing]]:
    """Everything that has a moment, in the order in which it happened."""
    began = max(kept.opened_at, kept.confirmed_at)
    told: list[tuple[datetime, Step, Thing]] = [
        (kept.confirmed_at, Step.ROLL, None),
        (kept.opened_at, Step.OPEN, None),
        (began, Step.LEAVE, None),
        (_named_at(kept, began), Step.PARTS, None),
        *((max(one.at, began), Step.MARK, one) for one in later_marks(kept)),
        *((one.at, Step.GUEST, one) for one in kept.guests),
        *((one.at, Step.DRAFT, one) for one in kept.drafts),
        *((one.at, Step.MOVE, one) for one in kept.motions),
        *((at, Step.DECIDE, one) for one in _motions(kept) if (at := one.decided_at or one.withdrawn_at)),
        *((one.opened_at, Step.ASK, one) for one in kept.votes),
        *((one.closed_at, Step.COUNT, one) for one in kept.votes),
        *((one.at, Step.REPORT, one) for one in kept.reports),
        *((one.at, Step.GIVE, one) for one in kept.tasks),
        *((one.started_at, Step.START, one) for one in kept.items if one.started_at),
        *((one.ended_at or kept.closed_at, Step.STOP, one) for one in kept.items if one.started_at),
        *([(kept.read_at, Step.READ, None)] if kept.read_at else []),
        (kept.closed_at, Step.CLOSE, None),
    ]
    return sorted(told, key=lambda one: one[:2])
