"""What the other papers state, as frozen records: whole numbers and text only, so that their JSON is canonical.

Field names are the names in `van-ban.json`; a changed meaning needs a new FORMAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from meetings.convening.rules import Kind, Mode, Standing
from meetings.kernel.ids import Id
from meetings.minutes.papers.corrections import Correction, Remark
from meetings.minutes.records import (
    Attendance,
    Head,
    ItemFacts,
    Moment,
    Officer,
    Organisation,
    Share,
    Sitting,
    VoteFacts,
)

FORMAT = "chibo-paper/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What every paper has. `day` as 24/11/2026, `number` as 05-NQ/CB or empty, `authority` as T/M CHI BỘ.

    `ledger`: the last entry of the cell when the paper was made; None where nothing was to be compared.
    """

    organisation: Organisation
    day: str
    standing: Standing
    authority: str
    signer: Officer
    number: str = ""
    ledger: Head | None = None
    demonstration_clock: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballots:
    """Ballots of one secret vote, None before it opens. `seats` is None for a question; then `names` is empty, or has
    the one person it is about."""

    paper: Paper
    vote: Id | None
    question: str
    copies: int
    names: tuple[str, ...] = ()
    seats: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedLine:
    """Ballots for and against one line. `elected` and `tied` only in an election."""

    name: str
    in_favour: int
    against: int
    elected: bool = False
    tied: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Counting:
    """The protocol of a counting board as it was recorded, with what came out.

    `entitled`: members of the base who were in the hall. `round` and `seats` only in an election, where `passed`
    is None. `person`: the one a question is about, who then is its one line.
    """

    paper: Paper
    vote: Id
    question: str
    kind: Kind
    month: str
    place: str
    opened: Moment
    closed: Moment
    base: int
    entitled: int
    needed: int | None
    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    lines: tuple[CountedLine, ...]
    board: tuple[Officer, ...]
    explanation: str
    passed: bool | None = None
    round: int | None = None
    seats: int | None = None
    person: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """A resolution that was passed. Everything but `text` and `recipients` comes from the approved minutes, whose
    hash is `minutes`. `text`: the words of the resolution."""

    paper: Paper
    minutes: str
    sitting: Sitting
    chair: Officer
    recorder: Officer
    attendance: Attendance
    vote: VoteFacts
    text: str
    recipients: tuple[str, ...] = ()
    fees: Share | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """One item of approved minutes whose hash is `minutes`. `there`: how many were in the hall, or online."""

    paper: Paper
    minutes: str
    sitting: Sitting
    chair: Officer
    recorder: Officer
    there: int
    position: int
    item: ItemFacts
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendanceList:
    """Who was there and who was not. `minutes`: the hash of the approved minutes, empty before their approval."""

    paper: Paper
    minutes: str
    sitting: Sitting
    chair: Officer
    recorder: Officer
    attendance: Attendance


@dataclass(frozen=True, kw_only=True, slots=True)
class Convocation:
    """Letters that call people to a sitting, one page each. `supplements_on` as 24/11/2026: the regular sitting
    that an online one goes with."""

    paper: Paper
    meeting: Id
    kind: Kind
    mode: Mode
    month: str
    title: str
    when: str
    place: str
    agenda: tuple[str, ...]
    people: tuple[str, ...]
    supplements_on: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Addendum:
    """What is to be read beside approved minutes, which stay as they are. `minutes`: the SHA-256 of their canonical
    JSON; `file`: of their newest PDF when this was drawn up; `minutes_number` empty where they carry none."""

    paper: Paper
    minutes: str
    file: str
    minutes_number: str
    sitting: Sitting
    chair: Officer
    recorder: Officer
    corrections: tuple[Correction, ...]
    remarks: tuple[Remark, ...]
    reason: str
    found_by: str


AnyPaper: TypeAlias = Ballots | Counting | Resolution | Excerpt | AttendanceList | Convocation | Addendum
