"""SCTP as a hostile client speaks it: packets made by hand, for an association that takes them for its peer's."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from google_crc32c import value as crc32c

TAG = 0x01020304
FIRST, LAST, UNORDERED = 2, 1, 4
BINARY, DCEP = 53, 50


def packet(chunks: bytes, tag: int = TAG) -> bytes:
    """Chunks behind a header with the right checksum."""
    header = struct.pack("!HHL", 5000, 5000, tag)
    return header + struct.pack("<L", crc32c(header + bytes(4) + chunks)) + chunks


def chunk(kind: int, body: bytes, flags: int = 0) -> bytes:
    """One chunk, padded."""
    return struct.pack("!BBH", kind, flags, len(body) + 4) + body + bytes(-len(body) % 4)


def data(
    tsn: int, payload: bytes, *, flags: int = FIRST | LAST, stream: int = 0, seq: int = 0, kind: int = BINARY
) -> bytes:
    """A DATA chunk."""
    return chunk(0, struct.pack("!LHHL", tsn % 2**32, stream, seq, kind) + payload, flags)


def opening(label: str) -> bytes:
    """The message that opens a data channel (RFC 8832, January 2021, section 5.1)."""
    return struct.pack("!BBHLHH", 3, 0, 0, 0, len(label.encode()), 0) + label.encode()


def together(chunks: Iterable[bytes], most: int = 1100) -> Iterable[bytes]:
    """Chunks in as few packets as there can be."""
    body = b""
    for each in chunks:
        if len(body) + len(each) > most:
            yield body
            body = b""
        body += each
    yield body
