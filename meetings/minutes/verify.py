"""Our verifier: the nine rules of signing.md 5, line by line. A cryptographic "ok" alone accepts nothing.

Synchronous, for a process pool or the command line; it must not run inside an event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import TypeVar

from meetings.kernel.ids import Id
from meetings.minutes.examine import Examined, examine, soundness
from meetings.minutes.log_proof import KnownPapers
from meetings.minutes.nine_rules import RULE_FUNCTIONS, Case, Evidence
from meetings.minutes.paper_rules import (
    as_recorded,
    carries_signatures,
    in_the_log,
    of_signatures,
    pages_match,
    title_of,
)
from meetings.minutes.papers.reading import from_json as paper_from_json
from meetings.minutes.papers.records import AnyPaper, Ballots, Convocation, Counting
from meetings.minutes.reading import from_json
from meetings.minutes.sameness import attached_data, attached_paper
from meetings.minutes.signed_paper_rules import SIGNED_PAPER_RULES, PaperCase, timestamped
from meetings.minutes.verification import InkLine, PaperLine, Report, RuleResult, SignatureLine, failed

_T = TypeVar("_T")


def verify(pdf: bytes, evidence: Evidence) -> Report:
    """All nine rules on one file. Never raises for what is in the file: unreadable means failed."""
    stamps = evidence.timestamps.trust if evidence.timestamps else None
    signatures: tuple[Examined, ...] = _cautiously(
        lambda: examine(pdf, evidence.people, stamps, evidence.moments), ()
    )
    data = _cautiously(lambda: attached_data(pdf), None)
    case = Case(pdf=pdf, evidence=evidence, signatures=signatures, data=data)
    rules = [
        _cautiously(partial(rule, case), failed(number, "Không đọc được phần này của tệp."))
        for number, rule in RULE_FUNCTIONS.items()
    ]
    return Report(signatures=tuple(_line(one) for one in signatures), rules=tuple(rules))


def verify_paper(pdf: bytes, data: bytes, known: KnownPapers | None, evidence: Evidence) -> Report:
    """The rules for another paper than minutes, with a signature in its file or to be signed by hand; never raises, as
    above. Of `evidence` only whom to believe."""
    title = _cautiously(lambda: title_of(data), "Văn bản không đọc được")
    carried = is_signed(pdf)
    signatures: tuple[Examined, ...] = ()
    if carried:
        signatures = _cautiously(lambda: _on_paper(pdf, data, known, evidence), signatures)
    rules = _by_hand(data, known)
    if carried:
        case = PaperCase(pdf=pdf, data=data, signatures=signatures, known=known)
        rules = {number: partial(rule, case) for number, rule in SIGNED_PAPER_RULES.items()}
        stamps = evidence.timestamps.trust if evidence.timestamps else None
        rules[5] = lambda: timestamped(case, believed=stamps)
    rules |= {8: lambda: as_recorded(data, known), 9: lambda: pages_match(pdf, data)}
    found = [
        _cautiously(rules[number], failed(number, "Không đọc được phần này của tệp."))
        for number in sorted(rules)
    ]
    line = PaperLine(title=title, signed=carried)
    same = known.inked.get(sha256(data).hexdigest()) if known and not carried else None
    ink = None if same is None else InkLine(same=same)
    return Report(signatures=tuple(map(_line, signatures)), rules=tuple(found), ink=ink, paper=line)


def _by_hand(data: bytes, known: KnownPapers | None) -> dict[int, Callable[[], RuleResult]]:
    return {
        **{number: partial(of_signatures, number) for number in range(1, 7)},
        7: lambda: in_the_log(data, known),
    }


def _on_paper(pdf: bytes, data: bytes, known: KnownPapers | None, evidence: Evidence) -> tuple[Examined, ...]:
    stamps = evidence.timestamps.trust if evidence.timestamps else None
    logged = known.signed.get(sha256(data).hexdigest(), ()) if known else ()
    moments = {one.role: one.moment for one in logged}
    return examine(pdf, evidence.people, stamps, moments)


def is_signed(pdf: bytes) -> bool:
    """Whether the file carries any signature; one that cannot be read is judged as if it did."""
    return _cautiously(lambda: carries_signatures(pdf), True)


def paper_in(pdf: bytes) -> bytes | None:
    """The attached data of another paper than minutes; None where there are none."""
    return _cautiously(lambda: attached_paper(pdf), None)


def meeting_in(pdf: bytes) -> Id | None:
    """The meeting that the attached data name, or the vote; None where that cannot be read."""
    if (paper := paper_in(pdf)) is not None:
        return _cautiously(lambda: _about(paper_from_json(paper)), None)
    data = _cautiously(lambda: attached_data(pdf), None)
    return _cautiously(lambda: from_json(data or b"").facts.sitting.id, None)


def _about(paper: AnyPaper) -> Id | None:
    match paper:
        case Counting() | Ballots():
            return paper.vote
        case Convocation():
            return paper.meeting
        case _:
            return paper.sitting.id


def _cautiously(read: Callable[[], _T], otherwise: _T) -> _T:
    """Hostile files break parsers in any way; whatever happens, the answer is the one that trusts nothing."""
    try:
        return read()
    except Exception:  # fail closed
        return otherwise


def _line(one: Examined) -> SignatureLine:
    return SignatureLine(
        field=one.field,
        signer=one.signer,
        kind=one.kind,
        sound=one.sound,
        explanation=soundness(one),
        issuer=one.issuer,
    )
