"""The ink path: printed, signed by hand, scanned, hashed.

First class, and named for what it is (rules.md 4).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from meetings.kernel.canonical import Json, digest
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.kernel.scans import ScanKind, scan_kind
from meetings.minutes.records import Moment
from meetings.minutes.signature_class import SignatureClass


class OwnWitness(Conflict):
    """Someone else than the two signers has to have seen the paper."""

    code = "own-witness"
    message = "Người đối chiếu bản chụp phải là người khác, không phải thư ký hay chủ trì."


@dataclass(frozen=True, kw_only=True, slots=True)
class InkRecord:
    """What is kept of minutes signed by hand. Hashes in hex; the scan itself is stored by its hash.

    `printed` is the unsigned PDF that was signed on paper, `data` its JSON, `witness` who compared
    scan and paper.
    """

    printed: str
    data: str
    scan: str
    scan_kind: ScanKind
    scan_bytes: int
    recorder: Id
    chair: Id
    witness: Id
    witnessed: Moment

    @property
    def kind(self) -> SignatureClass:
        """Its class, named before any verdict."""
        return SignatureClass.INK

    def to_json(self) -> Json:
        """For the ledger."""
        return {
            "printed": self.printed,
            "data": self.data,
            "scan": self.scan,
            "scan_kind": self.scan_kind.value,
            "scan_bytes": self.scan_bytes,
            "recorder": self.recorder,
            "chair": self.chair,
            "witness": self.witness,
            "witnessed": self.witnessed.utc,
        }

    def fingerprint(self) -> str:
        """SHA-256 of the record's canonical JSON."""
        return digest(self.to_json())


@dataclass(frozen=True, kw_only=True, slots=True)
class InkSigners:
    """Who signed by hand, and who saw that the scan shows that paper, when."""

    recorder: Id
    chair: Id
    witness: Id
    witnessed: Moment


def record_ink(printed: bytes, data: bytes, scan: bytes, people: InkSigners) -> InkRecord:
    """Raises ScanTooLarge, NotAScan, OwnWitness."""
    if people.witness in {people.recorder, people.chair}:
        raise OwnWitness
    return InkRecord(
        printed=sha256_hex(printed),
        data=sha256_hex(data),
        scan=sha256_hex(scan),
        scan_kind=scan_kind(scan),
        scan_bytes=len(scan),
        recorder=people.recorder,
        chair=people.chair,
        witness=people.witness,
        witnessed=people.witnessed,
    )


def sha256_hex(data: bytes) -> str:
    """SHA-256 of a file, hex."""
    return hashlib.sha256(data).hexdigest()
