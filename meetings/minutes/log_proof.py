"""Pure: what a verifier is given of the record, to judge rules 7 and 8 by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FILED = ("minutes.sign", "minutes.archive")
"""Acts whose entries name a file (`pdf`)."""
SIGNED_PAPER, STAMPED_PAPER = "papers.sign", "papers.archive"
FILED_PAPER = (SIGNED_PAPER, STAMPED_PAPER)
"""The same of other papers."""


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
class SignedPaper:
    """What the log has of a signature by a key on an issued paper: the field, the hashes of file and certificate, the
    moment."""

    role: str
    file: str
    fingerprint: str
    moment: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPapers:
    """What is recorded of a meeting's other papers: the hashes of issued ones, their JSON and that of the approved
    minutes where they are at hand, and by hash of the JSON the proof that the log has it, and the
    signatures by keys, in order. The proof of a signed file stands under the file's hash. `stamped`: the files with
    stamps of the archive; `inked`: of papers signed by hand, whether the kept scan is the recorded one."""

    hashes: frozenset[str]
    issued: tuple[bytes, ...] = ()
    minutes: bytes | None = None
    proofs: Mapping[str, LogProof] = field(default_factory=dict)
    signed: Mapping[str, tuple[SignedPaper, ...]] = field(default_factory=dict)
    stamped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inked: Mapping[str, bool] = field(default_factory=dict)


def signed_paper(said: Mapping[str, Any]) -> SignedPaper:
    """Of the public part of an entry `papers.sign`."""
    moment = datetime.fromisoformat(said["signed_at"])
    return SignedPaper(role=said["role"], file=said["pdf"], fingerprint=said["fingerprint"], moment=moment)


def filed_papers(
    said: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, tuple[SignedPaper, ...]], dict[str, tuple[str, ...]]]:
    """`signed` and `stamped` of KnownPapers, from entries of FILED_PAPER in order."""
    signed: dict[str, tuple[SignedPaper, ...]] = {}
    stamped: dict[str, tuple[str, ...]] = {}
    for leaf in said:
        public = leaf["p"]
        if leaf["act"] == SIGNED_PAPER:
            signed[public["data"]] = (*signed.get(public["data"], ()), signed_paper(public))
        else:
            stamped[public["data"]] = (*stamped.get(public["data"], ()), public["pdf"])
    return signed, stamped
