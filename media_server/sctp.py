"""Whether an SCTP packet is one that a client sends (RFC 9260, June 2022), before a library reads it. Pure.

The library trusts lengths and counts: a parameter of length 0 would keep it busy for ever, ranges that were never
sent for seconds.
"""

from __future__ import annotations

from collections.abc import Iterable

HEADER = 12  # bytes: ports, tag, checksum
CHUNK = 4  # bytes: type, flags, length
DATA, RESET = 0, 130
PARAMETERS_AT = {
    1: 16,
    2: 16,
    4: 0,
    5: 0,
    6: 0,
    9: 0,
    RESET: 0,
}  # in the bodies of chunks that have them, by type
MOST_PARAMETERS = 16
MOST_RESETS = 2  # each is answered; RFC 6525 (February 2012) section 3.1
MOST_CONTROL = 4  # chunks of one packet that are no data; clients send one or two


def is_bearable(packet: bytes) -> bool:
    """Whether every length leads on, and nothing asks for more answers than a client does."""
    at, control = HEADER, 0
    while at + CHUNK <= len(packet):
        kind, length = packet[at], int.from_bytes(packet[at + 2 : at + 4], "big")
        if length < CHUNK or at + length > len(packet):
            return False
        if kind in PARAMETERS_AT:
            body = packet[at + CHUNK + PARAMETERS_AT[kind] : at + length]
            if not _parameters_end(body, MOST_RESETS if kind == RESET else MOST_PARAMETERS):
                return False
        control += kind != DATA
        at += length + 3 & ~3
    return control <= MOST_CONTROL


def within(ranges: Iterable[tuple[int, int]], most: int) -> Iterable[tuple[int, int]]:
    """The ranges of an acknowledgement, cut where nothing was sent; those that are out of order are left out."""
    end = 0
    for first, last in ranges:
        if end < first <= min(last, most):
            end = min(last, most)
            yield first, end


def _parameters_end(body: bytes, most: int) -> bool:
    at = count = 0
    while at + 4 <= len(body):
        length = int.from_bytes(body[at + 2 : at + 4], "big")
        count += 1
        if length < 4 or count > most:
            return False
        at += length + 3 & ~3
    return True
