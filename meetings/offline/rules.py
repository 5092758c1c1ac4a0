"""Pure words of a sitting held without a network: what the device kept, and what asks for a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from meetings.agenda.motions import MotionKind
from meetings.agenda.tasks import Outcome
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.kernel.canonical import Json, digest
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.sitting.rules import FeeLine
from meetings.voting.rules import Concerned, DecisionKind, Form

CLOCK_MAY_STRAY = timedelta(minutes=10)  # project policy: what a clock of a phone may be off without a word


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
    """One name on the roll, at that moment by the device's clock. With a `reason` it corrects the confirmed roll;
    `since`: when they came or left, where it says so."""

    member: Id
    kind: EvidenceKind
    at: datetime
    reason: str = ""
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptGuest:
    """Somebody invited, or the superior's overseer; outside every base and rate."""

    full_name: str
    comes_from: str
    overseer: bool
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
    not, without a vote; None: nobody decided, or a vote did, or the member took it back at `withdrawn_at`."""

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
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptBefore:
    """A motion that was moved on the server before and decided in the hall: as `KeptMotion` says it, or by a vote."""

    id: Id
    taken_up: bool | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptDraft:
    """A draft resolution as it was written in the hall, over its wording `after` (0: there was none)."""

    id: Id
    item: Id
    text: str
    after: int
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptTask:
    """Work that was given to a member in the hall; `due`: the last day."""

    title: str
    member: Id
    due: date
    at: datetime
    item: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptReport:
    """What the hall found of work given before, of which it had seen `after` reports; `due`: the new last day."""

    task: Id
    outcome: Outcome
    after: int
    at: datetime
    due: date | None = None
    note: str = ""


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
    `passed` None: opinions). `motion`: what is voted on, named in the record; `person`: whom it is about;
    `tellers`: who counted hands or cards."""

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
    tellers: tuple[Id, ...] = ()


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
    guests: tuple[KeptGuest, ...] = ()
    drafts: tuple[KeptDraft, ...] = ()
    motions: tuple[KeptMotion, ...] = ()
    before: tuple[KeptBefore, ...] = ()
    votes: tuple[KeptVote, ...] = ()
    tasks: tuple[KeptTask, ...] = ()
    reports: tuple[KeptReport, ...] = ()
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
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, str | int | None):
        return thing
    if isinstance(thing, Sequence):
        return [_json(one) for one in thing]
    return {name: _json(getattr(thing, name)) for name in thing.__dataclass_fields__}  # type: ignore[attr-defined]  # records only
