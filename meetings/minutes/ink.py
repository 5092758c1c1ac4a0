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
    """Someone else than the signers has to have seen the paper."""

    code = "own-witness"
    message = "Người đối chiếu bản chụp phải là người khác, không phải người ký."


@dataclass(frozen=True, kw_only=True, slots=True)
class InkRecord:
    """What is kept of minutes or another paper signed by hand. Hashes in hex; the scan itself is stored by its hash.

    `printed` is the unsigned PDF that was signed on paper, empty where every print of `data`, its JSON, is as good;
    `signers` in the order of their places; `witness` who compared scan and paper.
    """

    printed: str
    data: str
    scan: str
    scan_kind: ScanKind
    scan_bytes: int
    signers: tuple[Id, ...]
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
            "signers": list(self.signers),
            "witness": self.witness,
            "witnessed": self.witnessed.utc,
        }

    def fingerprint(self) -> str:
        """SHA-256 of the record's canonical JSON."""
        return digest(self.to_json())


@dataclass(frozen=True, kw_only=True, slots=True)
class InkSigners:
    """Who signed by hand, and who saw that the scan shows that paper, when."""

    signers: tuple[Id, ...]
    witness: Id
    witnessed: Moment


def record_ink(printed: str, data: bytes, scan: bytes, people: InkSigners) -> InkRecord:
    """`printed`: as of the record. Raises ScanTooLarge, NotAScan, OwnWitness."""
    if people.witness in people.signers:
        raise OwnWitness
    return InkRecord(
        printed=printed,
        data=sha256_hex(data),
        scan=sha256_hex(scan),
        scan_kind=scan_kind(scan),
        scan_bytes=len(scan),
        signers=people.signers,
        witness=people.witness,
        witnessed=people.witnessed,
    )


def sha256_hex(data: bytes) -> str:
    """SHA-256 of a file, hex."""
    return hashlib.sha256(data).hexdigest()
