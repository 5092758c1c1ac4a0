"""Pure: pictures of paper, known by their bytes and never by their names."""

from __future__ import annotations

import base64
from enum import StrEnum

from meetings.kernel.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024  # of one scan
MOST_BASE64 = MOST_BYTES * 4 // 3 + 4  # of one scan as text inside JSON


class ScanKind(StrEnum):
    """What a scan may be; the value is its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


_STARTS = {b"%PDF-": ScanKind.PDF, b"\xff\xd8\xff": ScanKind.JPEG, b"\x89PNG\r\n\x1a\n": ScanKind.PNG}
_ENDS = {ScanKind.PDF: b"%%EOF", ScanKind.JPEG: b"\xff\xd9", ScanKind.PNG: b"IEND\xaeB`\x82"}
_ENDINGS = {ScanKind.PDF: "pdf", ScanKind.JPEG: "jpg", ScanKind.PNG: "png"}
_TAIL = 2048  # readers look for the end mark this far from the end


class ScanTooLarge(Invalid):
    """Larger than the cap, or empty."""

    code = "scan-size"
    message = "Ảnh chụp hoặc bản quét phải có nội dung và không quá {most} MB."


class NotAScan(Invalid):
    """Not a PDF, JPEG or PNG from its first to its last bytes, whatever its name says."""

    code = "not-a-scan"
    message = "Chỉ nhận ảnh JPEG, PNG hoặc tệp PDF còn nguyên vẹn."


def scan_kind(scan: bytes) -> ScanKind:
    """By its bytes, never by its name. Raises ScanTooLarge, NotAScan."""
    if not 0 < len(scan) <= MOST_BYTES:
        raise ScanTooLarge(most=MOST_BYTES // 1024 // 1024)
    for start, kind in _STARTS.items():
        if scan.startswith(start) and _ENDS[kind] in scan[-_TAIL:]:
            return kind
    raise NotAScan


def scan_of(text: str) -> bytes:
    """What JSON carried as base64. Raises NotAScan, ScanTooLarge."""
    try:
        scan = base64.b64decode(text, validate=True)
    except ValueError:  # not base64, or not even ASCII
        raise NotAScan from None
    scan_kind(scan)
    return scan


def scan_name(stem: str, kind: ScanKind) -> str:
    """A name to keep it under: the stem and the usual ending."""
    return f"{stem}.{_ENDINGS[kind]}"
