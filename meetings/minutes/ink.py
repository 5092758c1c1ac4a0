"""The ink path: printed, signed by hand, scanned, hashed.

First class, and named for what it is (rules.md 4).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from meetings.kernel.canonical import Json, digest
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.minutes.records import Moment
from meetings.minutes.signature_class import SignatureClass

MOST_BYTES = 20 * 1024 * 1024  # of one scan


class ScanKind(StrEnum):
    """What a scan may be; the value is its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


_STARTS = {b"%PDF-": ScanKind.PDF, b"\xff\xd8\xff": ScanKind.JPEG, b"\x89PNG\r\n\x1a\n": ScanKind.PNG}
_ENDS = {ScanKind.PDF: b"%%EOF", ScanKind.JPEG: b"\xff\xd9", ScanKind.PNG: b"IEND\xaeB`\x82"}
_TAIL = 2048  # readers look for the end mark this far from the end


class ScanTooLarge(Invalid):
    """Larger than the cap, or empty."""

    code = "scan-size"
    message = "Ảnh chụp biên bản phải có nội dung và không quá {most} MB."


class NotAScan(Invalid):
    """Not a PDF, JPEG or PNG from its first to its last bytes, whatever its name says."""

    code = "not-a-scan"
    message = "Chỉ nhận ảnh JPEG, PNG hoặc tệp PDF còn nguyên vẹn."


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


def scan_kind(scan: bytes) -> ScanKind:
    """By its bytes, never by its name. Raises ScanTooLarge, NotAScan."""
    if not 0 < len(scan) <= MOST_BYTES:
        raise ScanTooLarge(most=MOST_BYTES // 1024 // 1024)
    for start, kind in _STARTS.items():
        if scan.startswith(start) and _ENDS[kind] in scan[-_TAIL:]:
            return kind
    raise NotAScan


def sha256_hex(data: bytes) -> str:
    """SHA-256 of a file, hex."""
    return hashlib.sha256(data).hexdigest()
