"""Papers to canonical JSON. Pure; the way back is in reading.py."""

from __future__ import annotations

from dataclasses import asdict

from meetings.convening.rules import Standing
from meetings.convening.verdict import VerdictInSupplement, has_verdict
from meetings.kernel.canonical import Json, canonical
from meetings.minutes.facts import ContradictoryFacts
from meetings.minutes.papers.records import (
    FORMAT,
    Addendum,
    AnyPaper,
    AttendanceList,
    Ballots,
    Convocation,
    Counting,
    Excerpt,
    Resolution,
)

KINDS = {
    "ballots": Ballots,
    "counting": Counting,
    "resolution": Resolution,
    "excerpt": Excerpt,
    "attendance": AttendanceList,
    "convocation": Convocation,
    "addendum": Addendum,
}
_NAMES = {made: name for name, made in KINDS.items()}


def to_json(paper: AnyPaper) -> Json:
    """The JSON value."""
    return {"format": FORMAT, "kind": _NAMES[type(paper)], "facts": asdict(paper)}


def to_bytes(paper: AnyPaper) -> bytes:
    """The canonical bytes that are hashed, attached and logged. Raises ValueError for text not in NFC."""
    return canonical(to_json(paper))


def check(paper: AnyPaper) -> None:
    """Refuse what must never be printed. Raises ContradictoryFacts, VerdictInSupplement."""
    match paper:
        case Counting():
            _check_counting(paper)
        case Resolution():
            if paper.paper.standing is Standing.SUPPLEMENT:
                raise VerdictInSupplement
            _must(paper.vote.passed is True and paper.vote.counted is not None, "nghị quyết")
        case Ballots():
            wrong = len(paper.names) > 1 if paper.seats is None else not paper.names
            _must(paper.copies > 0 and not wrong, "phiếu")
        case Excerpt():
            decided = any(vote.passed is not None or vote.base is not None for vote in paper.item.votes)
            if decided and paper.paper.standing is Standing.SUPPLEMENT:
                raise VerdictInSupplement
        case Addendum():
            _check_addendum(paper)
        case _:
            pass


def _check_addendum(addendum: Addendum) -> None:
    corrections, remarks = addendum.corrections, addendum.remarks
    _must(bool(corrections or remarks), "phụ lục")
    _must(bool(addendum.reason and addendum.found_by), "lý do của phụ lục")
    _must(all(one.text for one in remarks), "ghi chú")
    _must(len({one.item for one in corrections}) == len(corrections), "lời đính chính")
    _must(addendum.paper.standing is addendum.sitting.standing, "tính chất của buổi họp")
    said = [addendum.reason, *(one.now for one in corrections), *(one.text for one in remarks)]
    if addendum.paper.standing is Standing.SUPPLEMENT and any(map(has_verdict, said)):
        raise VerdictInSupplement


def _check_counting(count: Counting) -> None:
    marked = count.valid - count.blank
    _must(0 <= count.returned <= count.issued <= count.entitled, "số phiếu phát ra, thu về")
    _must(count.valid + count.invalid == count.returned, "số phiếu hợp lệ, không hợp lệ")
    _must(0 <= count.blank <= count.valid, "số phiếu trắng")
    _must(all(0 <= line.in_favour + line.against <= marked for line in count.lines), "số phiếu từng dòng")
    if count.paper.standing is Standing.SUPPLEMENT:
        raise VerdictInSupplement


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ContradictoryFacts(what=what)
