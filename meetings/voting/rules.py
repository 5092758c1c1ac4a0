"""Pure words of votes: what is decided by which majority of which base, ballots, results (rules.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from meetings.committees.policies import Policy, PolicyKey
from meetings.convening.rules import Standing
from meetings.kernel.canonical import digest
from meetings.kernel.ids import Id
from meetings.voting.paper import NameResult, Papers, Slate


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
    """How people answer in the hall. `PAPER` is the secret ballot; devices have no part in it. `SECRET_DEVICE`: blind
    tokens, for consultation alone and only where a committee has enabled it (rules.md 3.6)."""

    HANDS = "hands"
    CARDS = "cards"
    PAPER = "paper"
    SECRET_DEVICE = "secret_device"  # noqa: S105  a form of voting, no password

    @property
    def secret(self) -> bool:
        """Whether nobody may learn who said what."""
        return self in {Form.PAPER, Form.SECRET_DEVICE}


class DecisionKind(StrEnum):
    """What is put to the vote (domain.md 2.3). The table in `instruments.py` has rules for each."""

    RESOLUTION = "resolution"
    MOTION = "motion"
    ADMISSION = "admission"
    RECOGNITION = "recognition"
    REMOVAL = "removal"
    REPRIMAND = "reprimand"
    WARNING = "warning"
    DISMISSAL = "dismissal"
    EXPULSION = "expulsion"
    COMMITTEE_ELECTION = "committee_election"
    SECRETARY_ELECTION = "secretary_election"
    DEPUTY_ELECTION = "deputy_election"
    DELEGATE_ELECTION = "delegate_election"
    CHAIR_CHOICE = "chair_choice"
    RECORDER_CHOICE = "recorder_choice"
    COUNTING_BOARD = "counting_board"
    MEMBER_RATING = "member_rating"
    SITTING_ASSESSMENT = "sitting_assessment"
    CONSULTATION = "consultation"


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
    LESS_EXCUSED = "less_excused"  # less official members absent all through with an accepted reason
    PRESENT = "present"


class Whom(StrEnum):
    """Who a question of a kind can be about."""

    NEWCOMER = "newcomer"  # not on the roll: the name is typed
    PROBATIONER = "probationer"  # on the roll, not official yet
    MEMBER = "member"  # on the roll


@dataclass(frozen=True, kw_only=True, slots=True)
class OnePerson:
    """That a kind is voted on one person at a time, and by which paper."""

    whom: Whom
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class Concerned:
    """The one person a question is about. `member` None: not on the roll, as who is to be admitted."""

    name: str
    member: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionRule:
    """One row of the dated table. The rule in force is the latest `effective_from` not after the day.

    `threshold` None: opinions, nothing is decided. `online_allowed`: a supplement may ask for opinions on it.
    `unsure`: what no text read by us settles; a committee may set it, and `figures` is what holds. `person`: the kind
    is voted on one person at a time, None: it is not about a person.
    """

    kind: DecisionKind
    threshold: Threshold | None
    base: BaseKind
    forms: frozenset[Form]
    online_allowed: bool
    citations: tuple[Citation, ...]
    effective_from: date
    unsure: tuple[PolicyKey, ...] = ()
    figures: tuple[Policy, ...] = ()
    exempt_may_vote: bool = True
    person: OnePerson | None = None


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
    EXCUSED_ALL_THROUGH = "excused_all_through"
    NOT_PRESENT = "not_present"


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
class Move:
    """How a member stood to the base when the vote opened and when it ended. None: not on the roll then."""

    member: Id
    before: Included | Excluded | None
    after: Included | Excluded | None


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
    slate: Slate | None = None
    person: Concerned | None = None

    @property
    def on_ballot(self) -> frozenset[Id]:
        """Members whose names stand on its ballots."""
        names = {who for who, _ in self.slate.candidates} if self.slate else set()
        return frozenset(names | ({self.person.member} if self.person and self.person.member else set()))


@dataclass(frozen=True, kw_only=True, slots=True)
class HallCount:
    """Hands, cards or ballots counted in the hall, as the recorder wrote them down. The highest `sequence` holds.

    `tellers`: members who counted. `invalid`: ballots of paper that are not valid; they stay in the base.
    """

    in_favour: int
    against: int
    abstain: int
    by: Id
    at: datetime
    sequence: int = 1
    invalid: int = 0
    tellers: tuple[Id, ...] = ()

    @property
    def total(self) -> int:
        """How many hands, or ballots returned."""
        return self.in_favour + self.against + self.abstain + self.invalid


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
class Standpoint:
    """One member of the roll and the base: whether counted in it, and why, in both languages."""

    member: Id
    name: str
    counted: bool
    reason: Included | Excluded
    text: str
    text_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came out. `passed` is None in a supplement: opinions and no verdict (rules.md 3.2).

    `not_cast` were in the hall and raised no hand; `absent` of the base were not there. `devices` are the
    device answers of those entitled in the hall (they only confirm), `phone` the opinions from outside,
    `late` how many came too late: none of the three is ever added to the count. `needed` and `passed` are None
    in a consultation too. `people`: the whole roll, with the reason behind every inclusion and exclusion.
    `record`: the notes that stand in the minutes. `assisted`: answers the secretary entered for members. `papers`
    and `names`: of a secret ballot, and of an election, which has no `passed` but names elected. `withheld`: the
    numbers would tell what somebody said in secret, so all of them are 0 and the sentence tells only the majority.
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
    notes_en: tuple[str, ...] = ()
    invalid: int = 0
    people: tuple[Standpoint, ...] = ()
    record: tuple[str, ...] = ()
    assisted: int = 0
    papers: Papers | None = None
    names: tuple[NameResult, ...] = ()
    withheld: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredVote:
    """A vote with what was fixed for it."""

    vote: Vote
    cell: Id
    zone: str
    base: Base
    result: Mapping[str, Any] | None
    figures: tuple[Policy, ...] = ()


def body_hash(*, vote: Id, member: Id, version: int, choice: Choice) -> str:
    """SHA-256, in hex, of the canonical body: the same for a repeated send, another for another answer."""
    return digest({"vote": vote, "member": member, "version": version, "choice": choice.value})
