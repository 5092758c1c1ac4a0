"""RTP as it is forwarded: read once, written once for all subscribers that share a shape. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from media_server import vp8

Send = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Rtp:
    """An RTP packet taken apart. `extensions` maps id to value; an empty payload is padding.

    `picture` and `index` are the picture id and TL0PICIDX of a VP8 payload in normal form; `red` tells that
    the payload carries older audio as well (RFC 2198).
    """

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    extensions: dict[int, bytes]
    payload: bytes
    picture: int = vp8.NONE
    index: int = vp8.NONE
    red: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A subscriber's numbers: payload type, audio-level extension id (0: none), SSRC (0: the track's).

    `sequence`, `time`, `picture` and `index` are added to the packet's own, each modulo its size. `red_type` is
    the payload type of RED packets (0: this subscriber gets the newest audio of them only).
    """

    payload_type: int
    level_id: int
    ssrc: int = 0
    sequence: int = 0
    time: int = 0
    picture: int = 0
    index: int = 0
    red_type: int = 0


Group = tuple[Shape, Sequence[Send]]


def read_rtp(packet: bytes) -> Rtp | None:
    """None if malformed (RFC 3550 section 5.1, RFC 8285)."""
    if len(packet) < 12 or packet[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHLL", packet)
    start = 12 + 4 * (first & 0x0F)
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        if len(packet) < start + 4:
            return None
        profile, words = struct.unpack_from("!HH", packet, start)
        start += 4
        extensions = _extensions(profile, packet[start : start + 4 * words])
        start += 4 * words
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    if start > end:
        return None
    return Rtp(second & 0x7F, bool(second & 0x80), sequence, timestamp, ssrc, extensions, packet[start:end])


def write_rtp(packet: Rtp, shape: Shape, level_id: int) -> bytes:
    """The bytes for one shape of subscriber. `level_id` is the publisher's id of the audio level."""
    level = packet.extensions.get(level_id) if level_id and shape.level_id else None
    payload_type, payload = shape.payload_type, packet.payload
    if packet.red:
        payload_type, payload = (
            (shape.red_type, payload) if shape.red_type else (payload_type, primary(payload))
        )
    elif shape.picture or shape.index:
        payload = _renumbered(packet, shape)
    head = struct.pack(
        "!BBHLL",
        0x80 | (0x10 if level else 0) | (0 if payload else 0x20),
        payload_type | (0x80 if packet.marker else 0),
        (packet.sequence + shape.sequence) & 0xFFFF,
        (packet.timestamp + shape.time) & 0xFFFFFFFF,
        shape.ssrc or packet.ssrc,
    )
    if level:
        head += struct.pack("!HHBBH", 0xBEDE, 1, shape.level_id << 4, level[0], 0)
    return head + (payload or b"\x01")


def fan_out(packet: Rtp, level_id: int, groups: Iterable[Group]) -> None:
    """Serialise once per shape and give the bytes to everybody of that shape."""
    for shape, sends in groups:
        data = write_rtp(packet, shape, level_id)
        for send in sends:
            send(data)


def primary(payload: bytes) -> bytes:
    """The newest audio of a RED payload (RFC 2198, September 1997, section 3); empty if malformed."""
    at = older = 0
    while at < len(payload) and payload[at] & 0x80:
        if at + 4 > len(payload):
            return b""
        older += (payload[at + 2] & 0x03) << 8 | payload[at + 3]
        at += 4
    return payload[at + 1 + older :]


def _renumbered(packet: Rtp, shape: Shape) -> bytes:
    if packet.picture == vp8.NONE:
        return packet.payload
    index = packet.index
    if index != vp8.NONE:
        index = (index + shape.index) % vp8.INDEXES
    return vp8.renumbered(packet.payload, (packet.picture + shape.picture) % vp8.PICTURES, index)


def _extensions(profile: int, block: bytes) -> dict[int, bytes]:
    two_bytes = profile & 0xFFF0 == 0x1000
    if profile != 0xBEDE and not two_bytes:
        return {}
    found: dict[int, bytes] = {}
    at = 0
    while at < len(block):
        if block[at] == 0:
            at += 1
            continue
        if two_bytes:
            if at + 1 >= len(block):
                break
            number, length, at = block[at], block[at + 1], at + 2
        else:
            number, length, at = block[at] >> 4, (block[at] & 0x0F) + 1, at + 1
        if at + length > len(block):
            break
        found[number] = block[at : at + length]
        at += length
    return found
