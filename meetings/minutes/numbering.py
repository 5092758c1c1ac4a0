"""Numbers of papers, pure: 01 upwards by type of paper and term (36-HD/VPTW, 03/04/2018, 1.3.1a; kept in
05-HD/VPTW, 2026; read second hand). Practice sittings take none (rules.md 1.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id


class PaperKind(StrEnum):
    """Papers that are issued once."""

    CONVOCATION = "convocation"
    COUNTING = "counting"
    RESOLUTION = "resolution"
    ADDENDUM = "addendum"
    EXCERPT = "excerpt"
    ATTENDANCE = "attendance"


SYMBOLS: Mapping[
    PaperKind, str
] = {  # the others repeat minutes, which carry no number either (decision 0220)
    PaperKind.CONVOCATION: "GM",
    PaperKind.COUNTING: "BB",
    PaperKind.RESOLUTION: "NQ",
    PaperKind.ADDENDUM: "PL",
}
BEFORE_ALL_TERMS = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A term of the cell's committee from that day on. `used`: the last numbers given before the cell numbered
    here."""

    name: str
    since: date
    used: Mapping[PaperKind, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Under which its numbers run."""
        return self.since.isoformat()


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuedPaper:
    """An issued paper. `about`: the meeting, the vote or the item, for an addendum its own id; `number` is None in a
    practice sitting, and where the kind has none."""

    id: Id
    cell: Id
    meeting: Id
    kind: PaperKind
    about: Id
    term: str
    number: int | None
    day: date
    data: bytes
    by: Id
    at: datetime

    @property
    def number_text(self) -> str:
        """05-NQ/CB, or empty."""
        return "" if self.number is None else number_text(self.number, self.kind)


class TermTooEarly(Conflict):
    """A term begins after the one before it and after every paper already issued."""

    code = "term-too-early"
    message = "Nhiệm kỳ mới phải bắt đầu sau nhiệm kỳ trước và sau văn bản đã ban hành gần nhất ({latest})."


class BadUsedNumber(Invalid):
    """The last number given outside lies between 0 and 9999."""

    code = "bad-used-number"
    message = "Số đã dùng phải từ 0 đến 9999."


def term_on(terms: Iterable[Term], day: date) -> Term | None:
    """The term of that day; None before all of them."""
    begun = [term for term in terms if term.since <= day]
    return max(begun, key=lambda term: term.since) if begun else None


def may_begin(new: Term, terms: Iterable[Term], newest_paper: date | None) -> None:
    """Raises TermTooEarly, BadUsedNumber."""
    known = [*(term.since for term in terms), *([newest_paper] if newest_paper else [])]
    if known and new.since <= max(known):
        raise TermTooEarly(latest=max(known).strftime("%d/%m/%Y"))
    if not all(0 <= last <= 9999 for last in new.used.values()):
        raise BadUsedNumber


def number_text(number: int, kind: PaperKind) -> str:
    """05-NQ/CB; no colon, a hyphen, then a slash. Empty where papers of the kind have no number."""
    return f"{number:02d}-{SYMBOLS[kind]}/CB" if kind in SYMBOLS else ""
