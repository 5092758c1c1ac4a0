"""Whether an SCTP packet is one that a client sends (RFC 9260, June 2022), before a library reads it. Pure.

The library trusts lengths and counts: a parameter of length 0 would keep it busy for ever, an acknowledgement of
ranges that were never sent for seconds.
"""

from __future__ import annotations

HEADER = 12  # bytes: ports, tag, checksum
CHUNK = 4  # bytes: type, flags, length
DATA, SACK = 0, 3
PARAMETERS_AT = {
    1: 16,
    2: 16,
    4: 0,
    5: 0,
    6: 0,
    9: 0,
    130: 0,
}  # in the bodies of chunks that carry parameters, by type
RANGES_AT = 12  # in the body of an acknowledgement; how many there are stands before, at 8
MOST_CONTROL = 8  # chunks of one packet that are no data; clients send one to three
MOST_ACKNOWLEDGED = 8192  # in ranges of one packet: more is never under way


def is_bearable(packet: bytes) -> bool:
    """Whether every length leads on, and nothing asks for more work than the packet is long."""
    at, control, acknowledged = HEADER, 0, 0
    while at + CHUNK <= len(packet):
        kind, length = packet[at], int.from_bytes(packet[at + 2 : at + 4], "big")
        if length < CHUNK or at + length > len(packet):
            return False
        body = packet[at + CHUNK : at + length]
        control += kind != DATA
        acknowledged += _acknowledged(body) if kind == SACK else 0
        if kind in PARAMETERS_AT and not _parameters_end(body, PARAMETERS_AT[kind]):
            return False
        at += length + 3 & ~3
    return control <= MOST_CONTROL and acknowledged <= MOST_ACKNOWLEDGED


def _parameters_end(body: bytes, at: int) -> bool:
    while at + 4 <= len(body):
        length = int.from_bytes(body[at + 2 : at + 4], "big")
        if length < 4:
            return False
        at += length + 3 & ~3
    return True


def _acknowledged(body: bytes) -> int:
    """How many numbers the ranges of an acknowledgement cover."""
    count = int.from_bytes(body[8:10], "big")
    ranges = body[RANGES_AT : RANGES_AT + 4 * count]
    ends = ((ranges[at : at + 2], ranges[at + 2 : at + 4]) for at in range(0, len(ranges) - 3, 4))
    return sum(max(0, int.from_bytes(last, "big") - int.from_bytes(first, "big")) + 1 for first, last in ends)
