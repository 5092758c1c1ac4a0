"""Pure words of votes: what is decided by which majority of which base, ballots, results (rules.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from meetings.convening.rules import Standing
from meetings.kernel.canonical import digest
from meetings.kernel.errors import Conflict, Forbidden, Invalid
from meetings.kernel.ids import Id


class Choice(StrEnum):
    """The three answers of an open vote (rules.md 3.5)."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"

    @property
    def text(self) -> str:
        """As on the buttons."""
        return _CHOICES[self]


_CHOICES = {
    Choice.FOR: "Tán thành",
    Choice.AGAINST: "Không tán thành",
    Choice.ABSTAIN: "Không có ý kiến",
}


class VoteState(StrEnum):
    """Only forward."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


class Form(StrEnum):
    """How people answer in the hall."""

    HANDS = "hands"
    CARDS = "cards"
    PAPER = "paper"


class DecisionKind(StrEnum):
    """What is put to the vote. Grows with the table in `instruments.py`."""

    RESOLUTION = "resolution"


class Certainty(StrEnum):
    """How sure the source of a rule is (domain.md, certainty marks)."""

    SEEN = "seen"
    SEEN_SECOND = "seen_second"
    KNOWN = "known"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Where a rule stands: number AND date, since numbers repeat."""

    instrument: str
    number: str
    dated: date
    place: str
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """A share of the base: more than it (`strict`), or at least it."""

    numerator: int
    denominator: int
    strict: bool


class BaseKind(StrEnum):
    """Whose number the threshold is taken of."""

    STATUTORY = "statutory"  # domain.md 2.2


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionRule:
    """One row of the dated table. The rule in force is the latest `effective_from` not after the day."""

    kind: DecisionKind
    threshold: Threshold
    base: BaseKind
    forms: frozenset[Form]
    online_allowed: bool
    citations: tuple[Citation, ...]
    effective_from: date


class Included(StrEnum):
    """Why a member is in the base."""

    PRESENT = "present"
    ABSENT = "absent"
    ABSENT_BY_PHONE = "absent_by_phone"
    AWAY_PRESENT = "away_present"
    EXEMPT_TAKING_PART = "exempt_taking_part"


class Excluded(StrEnum):
    """Why a member of the roll is not in the base."""

    NOT_CONVOKED = "not_convoked"
    PROBATIONARY = "probationary"
    TEMPORARY_ARRIVED = "temporary_arrived"
    SUSPENDED = "suspended"
    AWAY_ABSENT = "away_absent"
    EXEMPT_ABSENT = "exempt_absent"
    EXEMPT_NOT_TAKING_PART = "exempt_not_taking_part"


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """The number the threshold is taken of, name by name, in the order of the roster."""

    included: tuple[tuple[Id, Included], ...]
    excluded: tuple[tuple[Id, Excluded], ...]

    @property
    def size(self) -> int:
        """How many members it holds."""
        return len(self.included)

    @property
    def members(self) -> frozenset[Id]:
        """Their ids."""
        return frozenset(member for member, _ in self.included)

    def having(self, *reasons: Included | Excluded) -> tuple[Id, ...]:
        """The members with one of these reasons."""
        return tuple(member for member, why in (*self.included, *self.excluded) if why in reasons)

    @property
    def present(self) -> frozenset[Id]:
        """Those of the base who are there: in a sitting with a hall they alone can raise a hand."""
        return frozenset(self.having(Included.PRESENT, Included.AWAY_PRESENT, Included.EXEMPT_TAKING_PART))

    @property
    def entitled(self) -> frozenset[Id]:
        """Who may answer. A member sent elsewhere keeps the vote here, so may give an opinion by phone."""
        return self.members | frozenset(self.having(Excluded.AWAY_ABSENT))


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One question of one meeting. Times UTC. `standing` is the meeting's: a supplement has no verdict."""

    id: Id
    meeting: Id
    item: Id | None
    question: str
    kind: DecisionKind
    form: Form
    standing: Standing
    state: VoteState = VoteState.PREPARED
    opened_at: datetime | None = None
    deadline: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HallCount:
    """Hands counted in the hall, as the recorder wrote them down. The highest `sequence` holds."""

    in_favour: int
    against: int
    abstain: int
    by: Id
    at: datetime
    sequence: int = 1

    @property
    def total(self) -> int:
        """How many hands."""
        return self.in_favour + self.against + self.abstain


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot:
    """One answer from a device (architecture decision 4). The client makes `id`; versions count from 1."""

    id: Id
    vote: Id
    member: Id
    version: int
    choice: Choice
    body_hash: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Answers counted once per member."""

    in_favour: int = 0
    against: int = 0
    abstain: int = 0

    @property
    def total(self) -> int:
        """How many members answered."""
        return self.in_favour + self.against + self.abstain


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came out. `passed` is None in a supplement: opinions and no verdict (rules.md 3.2).

    `not_cast` were in the hall and raised no hand; `absent` of the base were not there. `devices` are the
    device answers of those entitled in the hall (they only confirm), `phone` the opinions from outside,
    `late` how many came too late: none of the three is ever added to the count.
    """

    base: int
    needed: int | None
    in_favour: int
    against: int
    abstain: int
    not_cast: int
    absent: int
    devices: Tally
    phone: Tally
    late: int
    differs: bool
    passed: bool | None
    explanation: str
    explanation_en: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVote:
    """A vote with what was fixed for it."""

    vote: Vote
    cell: Id
    zone: str
    base: Base
    result: Mapping[str, Any] | None


class VotingNotOpen(Conflict):
    """The vote has not begun."""

    code = "voting-not-open"
    message = "Chưa bắt đầu biểu quyết."


class NotEntitled(Forbidden):
    """No vote in this question."""

    code = "not-entitled"
    message = "Đồng chí không thuộc diện biểu quyết nội dung này."


class BallotDiffers(Conflict):
    """The same ballot id came with another body."""

    code = "ballot-differs"
    message = "Mã ý kiến này đã dùng cho một nội dung khác."


class VersionTaken(Conflict):
    """Another device of the same member has used that version; ask what is recorded, then send the next."""

    code = "version-taken"
    message = "Một máy khác của đồng chí vừa gửi ý kiến. Xin xem lại ý kiến đã ghi rồi gửi lại nếu cần."


class BadHallCount(Invalid):
    """A negative number of hands."""

    code = "bad-hall-count"
    message = "Số đếm tay không được âm."


class TooManyHands(Conflict):
    """More hands than entitled members in the hall. Facts: counted, entitled."""

    code = "too-many-hands"
    message = (
        "Đếm được {counted} nhưng chỉ có {entitled} đồng chí được biểu quyết tại hội trường. Xin đếm lại."
    )


class NoRule(Conflict):
    """The dated table has no rule for that day."""

    code = "no-decision-rule"
    message = "Chưa có quy định áp dụng cho loại biểu quyết này vào ngày đó."


class NoHallCount(Conflict):
    """A mandatory sitting's vote cannot end without the count in the hall."""

    code = "no-hall-count"
    message = "Cần nhập kết quả đếm tay tại hội trường trước khi kết thúc biểu quyết."


class FormNotAllowed(Conflict):
    """That way of answering, or the mode of the meeting, is not allowed for this kind of decision."""

    code = "form-not-allowed"
    message = "Loại nội dung này không được biểu quyết theo cách đó."


class NotTakingPart(Conflict):
    """Only exempt members present are asked whether they take part (rules.md 3.3)."""

    code = "not-taking-part"
    message = "Chỉ xác nhận tham gia biểu quyết cho đảng viên được miễn sinh hoạt đang có mặt."


class VoteMoved(Conflict):
    """States only go forward."""

    code = "vote-moved"
    message = "Biểu quyết này đã chuyển sang bước khác."


def body_hash(*, vote: Id, member: Id, version: int, choice: Choice) -> str:
    """SHA-256, in hex, of the canonical body: the same for a repeated send, another for another answer."""
    return digest({"vote": vote, "member": member, "version": version, "choice": choice.value})
