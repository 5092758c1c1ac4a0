"""VP8 in RTP: the payload descriptor read, brought to one form, given other numbers (RFC 7741, March 2016). Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

NONE = -1  # a number the descriptor does not carry
PICTURES = 0x8000  # picture ids count modulo this
INDEXES = 0x100  # TL0PICIDX counts modulo this
_SHORT = 0x80  # a 7-bit picture id counts modulo this


@dataclass(frozen=True, slots=True, kw_only=True)
class _Descriptor:
    """Section 4.2: the octets before the VP8 payload header. `layer` is the TID/Y octet, `size` in octets."""

    first: int
    picture: int = NONE
    short: bool = False
    index: int = NONE
    layer: int = NONE
    size: int


def normal(payload: bytes, near: int) -> tuple[bytes, int, int]:
    """The payload with a 15-bit picture id and without KEYIDX; its picture id and TL0PICIDX, or `NONE`.

    `near` is a recent picture id (or `NONE`): it tells what a 7-bit one means. A payload that is cut off stays
    as it is. Senders built on libwebrtc already use this form.
    """
    if len(payload) > 4 and payload[0] & 0x80 and payload[1] & 0x90 == 0x80 and payload[2] & 0x80:
        return payload, (payload[2] & 0x7F) << 8 | payload[3], payload[4] if payload[1] & 0x40 else NONE
    read = _read(payload)
    if read is None:
        return payload, NONE, NONE
    picture = _widened(read.picture, near) if read.short else read.picture
    index = read.index if picture != NONE else NONE  # without picture ids it tells a receiver nothing
    return _written(read, picture, index) + payload[read.size :], picture, index


def renumbered(payload: bytes, picture: int, index: int) -> bytes:
    """A payload of the normal form with another picture id and, unless `NONE`, another TL0PICIDX."""
    if index == NONE:
        return payload[:2] + struct.pack("!H", PICTURES | picture) + payload[4:]
    return payload[:2] + struct.pack("!HB", PICTURES | picture, index) + payload[5:]


def starts_keyframe(payload: bytes) -> bool:
    """Whether a payload begins a key frame (sections 4.2 and 4.3)."""
    if not payload or payload[0] & 0x1F != 0x10:  # start of partition 0
        return False
    read = _read(payload)
    return read is not None and len(payload) > read.size and not payload[read.size] & 0x01


def _read(payload: bytes) -> _Descriptor | None:
    """None if cut off."""
    if not payload or not payload[0] & 0x80:
        return _Descriptor(first=payload[0], size=1) if payload else None
    flags = payload[1] if len(payload) > 1 else 0
    wide = bool(flags & 0x80 and len(payload) > 2 and payload[2] & 0x80)
    at_index = 2 + (2 if wide else bool(flags & 0x80))
    at_layer = at_index + bool(flags & 0x40)
    size = at_layer + bool(flags & 0x30)
    if len(payload) < size:
        return None
    picture = (payload[2] & 0x7F) << 8 | payload[3] if wide else payload[2] if flags & 0x80 else NONE
    return _Descriptor(
        first=payload[0],
        picture=picture,
        short=bool(flags & 0x80) and not wide,
        index=payload[at_index] if flags & 0x40 else NONE,
        layer=payload[at_layer] & 0xE0 if flags & 0x20 else NONE,
        size=size,
    )


def _written(read: _Descriptor, picture: int, index: int) -> bytes:
    flags, rest = 0, b""
    if picture != NONE:
        flags, rest = 0x80, struct.pack("!H", PICTURES | picture)
    if index != NONE:
        flags, rest = flags | 0x40, rest + bytes([index])
    if read.layer != NONE:
        flags, rest = flags | 0x20, rest + bytes([read.layer])
    return bytes([read.first | 0x80, flags]) + rest if flags else bytes([read.first & 0x7F])


def _widened(short: int, near: int) -> int:
    """The number nearest to `near` that ends in these seven bits."""
    if near == NONE:
        return short
    ahead = (short - near + _SHORT // 2) % _SHORT - _SHORT // 2
    return (near + ahead) % PICTURES
