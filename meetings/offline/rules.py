"""Pure words of a sitting held without a network: what the device kept, in which order it is told again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum

from meetings.agenda.motions import MotionKind
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.kernel.canonical import Json, digest
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.sitting.rules import FeeLine
from meetings.voting.rules import Concerned, DecisionKind, Form

CLOCK_MAY_STRAY = timedelta(minutes=10)  # project policy: what a clock of a phone may be off without a word
EARLIEST_MARK = timedelta(hours=12)  # before the opening; architecture decision 2
_FIRST_MARKS = frozenset({EvidenceKind.PRESENT, EvidenceKind.ABSENT})


class BadOrder(Invalid):
    """Moments that cannot have followed each other, or a roll that was never confirmed in that order."""

    code = "offline-bad-order"
    message = "Giờ ghi trên máy không theo thứ tự nên chưa nhận được. Xin xem lại, hoặc nhập như buổi họp trên giấy."


class NotForOffline(Conflict):
    """Only a sitting in person that was called and has not ended can be taken along."""

    code = "not-for-offline"
    message = "Chỉ mang đi được buổi họp trực tiếp đã báo họp và chưa kết thúc."


class OpenedElsewhere(NotForOffline):
    """The record begins with an opening of its own, and the sitting was opened on the server meanwhile."""

    code = "offline-opened-elsewhere"
    message = (
        "Buổi họp đã khai mạc trên máy khác nên bản này chưa nhận được. Xin ghi phần còn thiếu trên trang của"
        " buổi họp."
    )


class StillVoting(Conflict):
    """A question was put on the server and is not answered yet: hands are counted in one place."""

    code = "offline-still-voting"
    message = (
        "Còn biểu quyết chưa kết thúc. Xin ghi kết quả trên trang của buổi họp, rồi mang buổi họp về máy."
    )


class BroughtBefore(Conflict):
    """Another record of the same sitting was brought in already."""

    code = "offline-brought-before"
    message = (
        "Buổi họp này đã được gửi về từ một máy khác. Bản trên máy này chưa được nhận và vẫn còn nguyên."
    )


class RecordChanged(Conflict):
    """The same record came again with other words."""

    code = "offline-record-changed"
    message = "Bản này đã nhận trước đó với nội dung khác. Xin sửa trên trang của buổi họp."


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMark:
    """One name on the roll, at that moment by the device's clock."""

    member: Id
    kind: EvidenceKind
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptAbsence:
    """What the secretary decided about one absence."""

    member: Id
    decision: Decision
    reason: Reason | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptItem:
    """One item as it was discussed. An unknown `id` is an item that came up in the hall."""

    id: Id
    title: str
    planned_minutes: int
    started_at: datetime | None = None
    ended_at: datetime | None = None
    conclusion: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMotion:
    """What a member moved in the hall; the device makes `id`. `text`: its words, or the wording an amendment gives the
    draft in place of wording `against`; `reason`: why. `taken_up` at `decided_at`: what the meeting agreed to, or did
    not, without a vote; None: nobody decided, or a vote did."""

    id: Id
    kind: MotionKind
    member: Id
    text: str
    at: datetime
    item: Id | None = None
    reason: str = ""
    against: int | None = None
    taken_up: bool | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPapers:
    """What a counting board wrote down of the ballots of one question; for and against stand with the question."""

    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    board: tuple[Id, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptVote:
    """One question with its hands, or with `papers` where it was secret, and what the device made of it (`needed`,
    `passed` None: opinions). `motion`: the motion that is voted on, one of the record; `person`: whom it is about."""

    question: str
    kind: DecisionKind
    form: Form
    opened_at: datetime
    closed_at: datetime
    in_favour: int
    against: int
    abstain: int
    base: int
    needed: int | None
    passed: bool | None
    item: Id | None = None
    taking_part: tuple[Id, ...] = ()
    excused: tuple[Id, ...] = ()
    motion: Id | None = None
    person: Concerned | None = None
    papers: KeptPapers | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A whole sitting as a device kept it; all moments by its clock. The device makes `id`, once for the sitting."""

    id: Id
    opened_at: datetime
    confirmed_at: datetime
    closed_at: datetime
    marks: tuple[KeptMark, ...]
    head_count: int
    chair: Id
    recorder: Id
    absences: tuple[KeptAbsence, ...] = ()
    fees: FeeLine | None = None
    items: tuple[KeptItem, ...] = ()
    motions: tuple[KeptMotion, ...] = ()
    votes: tuple[KeptVote, ...] = ()
    words: str = ""
    read_at: datetime | None = None  # the minutes were read out in the sitting


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """How it was sent. `based_on`: the ledger's number that the device had seen of this sitting; `sent_at`: its
    clock then; `accepted`: keys of the differences that a person has looked at. `continues`: the sitting was open on
    the server when it was taken along, with the words `taken` by item (by the sitting: the general ones)."""

    based_on: int
    sent_at: datetime
    accepted: frozenset[str] = frozenset()
    continues: bool = False
    taken: Mapping[Id, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Something that a person has to look at before anything is written. `text` with its facts, for people."""

    key: str
    text: str
    facts: Mapping[str, str | int]


class Step(IntEnum):
    """What is told again; of one moment in this order."""

    ROLL = 0  # may be confirmed a little before the opening
    OPEN = 1
    LEAVE = 2
    PARTS = 3
    STOP = 4
    START = 5
    MARK = 6
    MOVE = 7
    DECIDE = 8
    ASK = 9
    COUNT = 10
    READ = 11
    CLOSE = 12


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


Thing = KeptMark | KeptItem | KeptMotion | KeptVote | None


def check_order(kept: Kept) -> None:
    """Raises BadOrder. Whether the whole lies where it may is `convening.paper.check_device`'s to say."""
    earliest = kept.opened_at - EARLIEST_MARK
    marks = all(earliest <= one.at <= kept.closed_at for one in kept.marks)
    if not marks or not earliest <= kept.confirmed_at < kept.closed_at:
        raise BadOrder
    if kept.read_at is not None and not kept.opened_at <= kept.read_at <= kept.closed_at:
        raise BadOrder
    began = max(kept.opened_at, kept.confirmed_at)
    for since, until in _spells(kept):
        if not began <= since < until <= kept.closed_at:
            raise BadOrder
    _check_motions(kept, began)


def _check_motions(kept: Kept, began: datetime) -> None:
    """Moved once, before it is decided; decided in one way."""
    moved = {one.id: one for one in kept.motions}
    voted = [vote.motion for vote in kept.votes if vote.motion is not None]
    if len(moved) != len(kept.motions) or len(set(voted)) != len(voted) or not moved.keys() >= set(voted):
        raise BadOrder
    asked = {vote.motion: vote.opened_at for vote in kept.votes}
    for one in kept.motions:
        if (one.decided_at is None) != (one.taken_up is None) or (one.decided_at and one.id in asked):
            raise BadOrder
        if not began <= one.at <= asked.get(one.id, one.decided_at or kept.closed_at) <= kept.closed_at:
            raise BadOrder


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
    """Who came late or left early after it."""
    return tuple(one for one in kept.marks if not _before(kept, one))


def _before(kept: Kept, mark: KeptMark) -> bool:
    return mark.kind in _FIRST_MARKS and mark.at <= kept.confirmed_at


def steps(kept: Kept) -> list[tuple[datetime, Step, Thing]]:
    """Everything that has a moment, in the order in which it happened."""
    began = max(kept.opened_at, kept.confirmed_at)
    told: list[tuple[datetime, Step, Thing]] = [
        (kept.confirmed_at, Step.ROLL, None),
        (kept.opened_at, Step.OPEN, None),
        (began, Step.LEAVE, None),
        (began, Step.PARTS, None),
        *((max(one.at, began), Step.MARK, one) for one in later_marks(kept)),
        *((one.at, Step.MOVE, one) for one in kept.motions),
        *((one.decided_at, Step.DECIDE, one) for one in kept.motions if one.decided_at),
        *((one.opened_at, Step.ASK, one) for one in kept.votes),
        *((one.closed_at, Step.COUNT, one) for one in kept.votes),
        *((one.started_at, Step.START, one) for one in kept.items if one.started_at),
        *((one.ended_at or kept.closed_at, Step.STOP, one) for one in kept.items if one.started_at),
        *([(kept.read_at, Step.READ, None)] if kept.read_at else []),
        (kept.closed_at, Step.CLOSE, None),
    ]
    return sorted(told, key=lambda one: one[:2])


def clock_strays(sent_at: datetime, received_at: datetime) -> timedelta | None:
    """How far the device's clock is off (ahead: positive), where that is worth a word."""
    stray = sent_at - received_at
    return stray if abs(stray) > CLOCK_MAY_STRAY else None


def other_verdict(vote: KeptVote, result: Mapping[str, object]) -> bool:
    """Whether the device told those in the hall another base, need or verdict."""
    return (vote.base, vote.needed, vote.passed) != tuple(
        result.get(name) for name in ("base", "needed", "passed")
    )


def not_looked_at(found: Iterable[Difference], sending: Sending) -> tuple[Difference, ...]:
    """All of them, if any one was not yet looked at; none otherwise."""
    every = tuple(found)
    return every if any(one.key not in sending.accepted for one in every) else ()


def difference(text: str, **facts: str | int) -> Difference:
    """One difference; its key is the same as long as it says the same."""
    told: dict[str, Json] = dict(facts)
    return Difference(key=digest([text, told])[:32], text=text, facts=facts)


def body_hash(kept: Kept) -> str:
    """SHA-256, in hex, of what the device kept, without how it was sent: a repeat may be sent later."""
    return digest(_json(kept))


def _json(thing: object) -> Json:
    if isinstance(thing, datetime):
        return thing.isoformat(timespec="microseconds")
    if isinstance(thing, str | int | None):
        return thing
    if isinstance(thing, Sequence):
        return [_json(one) for one in thing]
    return {name: _json(getattr(thing, name)) for name in thing.__dataclass_fields__}  # type: ignore[attr-defined]  # records only
