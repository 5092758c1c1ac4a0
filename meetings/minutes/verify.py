"""Our verifier: the nine rules of signing.md 5, line by line. A cryptographic "ok" alone accepts nothing.

Synchronous, for a process pool or the command line; it must not run inside an event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from meetings.kernel.ids import Id
from meetings.minutes.examine import Examined, examine, soundness
from meetings.minutes.nine_rules import RULE_FUNCTIONS, Case, Evidence
from meetings.minutes.reading import from_json
from meetings.minutes.sameness import attached_data
from meetings.minutes.verification import Report, SignatureLine, failed

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


def meeting_in(pdf: bytes) -> Id | None:
    """The meeting that the attached data name; None where that cannot be read."""
    data = _cautiously(lambda: attached_data(pdf), None)
    return _cautiously(lambda: from_json(data or b"").facts.sitting.id, None)


def _cautiously(read: Callable[[], _T], otherwise: _T) -> _T:
    """Hostile files break parsers in any way; whatever happens, the answer is the one that trusts nothing."""
    try:
        return read()
    except Exception:  # fail closed
        return otherwise


def _line(one: Examined) -> SignatureLine:
    return SignatureLine(
        field=one.field, signer=one.signer, kind=one.kind, sound=one.sound, explanation=soundness(one)
    )
