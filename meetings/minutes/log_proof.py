"""Pure: what a verifier is given of the record, to judge rules 7 and 8 by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FILED = ("minutes.sign", "minutes.archive")
"""Acts whose entries name a file (`pdf`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogProof:
    """A proof that an entry stands in the log (`LogService.bundle`), the log's key and those of the witnesses.

    `asked`: whoever verifies named the witnesses, so that their silence is a failure and not only news.
    """

    bundle: Mapping[str, Any]
    log: str
    witnesses: tuple[str, ...]
    asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPapers:
    """What is recorded of a meeting's other papers: the hashes of issued ones, their JSON and that of the approved
    minutes where they are at hand, and by hash of the JSON the proof that the log has it."""

    hashes: frozenset[str]
    issued: tuple[bytes, ...] = ()
    minutes: bytes | None = None
    proofs: Mapping[str, LogProof] = field(default_factory=dict)
