"""One published track: read RTP, rewrite once, hand the same bytes to every subscriber. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from media_server.rtcp import Reception

CACHE_PACKETS = 1024  # kept per track for retransmission
KEYFRAME_INTERVAL_S = 0.4  # at most one key frame is asked for in this time per layer
LAYER_DEAD_S = 1.0  # a layer silent for so long is not live
RANKS = {"q": 0, "h": 1, "f": 2, "0": 0, "1": 1, "2": 2}
CLOCK_RATES = {"audio": 48000, "video": 90000}
MOST_MISSING = 200  # sequence numbers kept for a second request


@dataclass(frozen=True, slots=True)
class Rtp:
    """An RTP packet taken apart. `extensions` maps id to value."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    extensions: dict[int, bytes]
    payload: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """A subscriber's numbers: payload type, audio-level extension id (0: none), SSRC (0: the track's)."""

    payload_type: int
    level_id: int
    ssrc: int = 0


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


def starts_keyframe(payload: bytes) -> bool:
    """Whether a VP8 payload begins a key frame (RFC 7741, March 2016, sections 4.2 and 4.3)."""
    if not payload or payload[0] & 0x1F != 0x10:  # start of partition 0
        return False
    at = 1
    if payload[0] & 0x80:
        flags = payload[1] if len(payload) > 1 else 0
        at += 1
        if flags & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += bool(flags & 0x40) + bool(flags & 0x30)
    return len(payload) > at and not payload[at] & 0x01


class Layer:
    """One SSRC a publisher sends for a track: simulcast has several."""

    def __init__(self, ssrc: int, rid: str, kind: str) -> None:
        self.ssrc = ssrc
        self.rank = RANKS.get(rid, 0)
        self.reception = Reception(ssrc, CLOCK_RATES[kind])
        self.missing: dict[int, int] = {}
        self.last_seen = 0.0
        self.asked_at = -1.0

    def again(self) -> list[int]:
        """Missing packets to ask for once more; each is asked for three times in all."""
        due = list(self.missing)
        self.missing = {sequence: tries + 1 for sequence, tries in self.missing.items() if tries < 2}
        return due

    def note(self, packet: Rtp, now: float) -> list[int]:
        """Count the packet; return what it shows to be missing."""
        self.last_seen = now
        self.missing.pop(packet.sequence, None)
        lost = self.reception.note(packet.sequence, packet.timestamp, now)
        if lost and len(self.missing) < MOST_MISSING:
            self.missing.update(dict.fromkeys(lost, 0))
        return lost


class Track:
    """A published track: many layers in, one continuous stream out, one SSRC for every subscriber."""

    def __init__(self, sid: str, kind: str, ssrc: int, level_id: int = 0) -> None:
        self.sid = sid
        self.kind = kind
        self.ssrc = ssrc
        self.level_id = level_id
        self.layers: dict[int, Layer] = {}
        self.current: Layer | None = None
        self.muted = False
        self.packets = 0
        self.octets = 0
        self._sequence_offset = 0
        self._time_offset = 0
        self._last_sequence = -1
        self._last_time = 0
        self._last_at = 0.0
        self._rebase = True
        self._cache: list[tuple[int, Rtp] | None] = [None] * CACHE_PACKETS

    def layer(self, ssrc: int, rid: str) -> Layer:
        """The layer of this SSRC, made on first sight."""
        if ssrc not in self.layers:
            self.layers[ssrc] = Layer(ssrc, rid, self.kind)
        return self.layers[ssrc]

    def mute(self, *, muted: bool) -> None:
        """While muted nothing is forwarded; afterwards the outgoing numbers go on without a hole."""
        self.muted = muted
        self._rebase = self._rebase or muted

    def accept(self, layer: Layer, packet: Rtp, now: float) -> Rtp | None:
        """The packet as every subscriber gets it, or None if this layer is not the forwarded one."""
        if self.muted or not packet.payload:
            return None
        if layer is not self.current and not self._switch(layer, packet, now):
            return None
        if self._rebase:
            self._start_again(packet, now)
        out = self._rewritten(packet)
        self._remember(out, now)
        return out

    def cached(self, sequence: int) -> Rtp | None:
        """A packet already sent, by its outgoing sequence number."""
        entry = self._cache[sequence % CACHE_PACKETS]
        return entry[1] if entry is not None and entry[0] == sequence else None

    def outgoing_time(self, rtp_time: int) -> int:
        """A time of the forwarded layer's clock as subscribers see it."""
        return (rtp_time + self._time_offset) & 0xFFFFFFFF

    def wants_keyframe(self, now: float) -> Layer | None:
        """The layer to ask for a key frame, if one may be asked now: the best live one."""
        live = [each for each in self.layers.values() if now - each.last_seen < LAYER_DEAD_S]
        best = max(live, key=lambda each: each.rank, default=None)
        if self.kind != "video" or best is None or now - best.asked_at < KEYFRAME_INTERVAL_S:
            return None
        best.asked_at = now
        return best

    def upgradable(self, now: float) -> bool:
        """Whether a better layer is live than the forwarded one, or the forwarded one died."""
        if self.kind != "video":
            return False
        current = self.current
        if current is None or now - current.last_seen >= LAYER_DEAD_S:
            return True
        return any(e.rank > current.rank and now - e.last_seen < LAYER_DEAD_S for e in self.layers.values())

    def _switch(self, layer: Layer, packet: Rtp, now: float) -> bool:
        if self.kind == "video" and not starts_keyframe(packet.payload):
            return False
        current = self.current
        if current is not None and layer.rank < current.rank and now - current.last_seen < LAYER_DEAD_S:
            return False
        self.current = layer
        self._rebase = True
        return True

    def _start_again(self, packet: Rtp, now: float) -> None:
        self._rebase = False
        if self._last_sequence < 0:
            return
        ticks = max(1, int((now - self._last_at) * CLOCK_RATES[self.kind]))
        self._sequence_offset = (self._last_sequence + 1 - packet.sequence) & 0xFFFF
        self._time_offset = (self._last_time + ticks - packet.timestamp) & 0xFFFFFFFF

    def _rewritten(self, packet: Rtp) -> Rtp:
        return Rtp(
            packet.payload_type,
            packet.marker,
            (packet.sequence + self._sequence_offset) & 0xFFFF,
            (packet.timestamp + self._time_offset) & 0xFFFFFFFF,
            self.ssrc,
            packet.extensions,
            packet.payload,
        )

    def _remember(self, out: Rtp, now: float) -> None:
        self.packets += 1
        self.octets += len(out.payload)
        self._cache[out.sequence % CACHE_PACKETS] = (out.sequence, out)
        if self._last_sequence < 0 or (out.sequence - self._last_sequence) & 0xFFFF < 0x8000:
            self._last_sequence, self._last_time, self._last_at = out.sequence, out.timestamp, now


def write_rtp(packet: Rtp, shape: Shape, level_id: int) -> bytes:
    """The bytes for one shape of subscriber. `level_id` is the publisher's id of the audio level."""
    second = shape.payload_type | (0x80 if packet.marker else 0)
    level = packet.extensions.get(level_id) if level_id and shape.level_id else None
    first = 0x90 if level else 0x80
    head = struct.pack("!BBHLL", first, second, packet.sequence, packet.timestamp, shape.ssrc or packet.ssrc)
    if not level:
        return head + packet.payload
    return head + struct.pack("!HHBBH", 0xBEDE, 1, shape.level_id << 4, level[0], 0) + packet.payload


def fan_out(packet: Rtp, level_id: int, sinks: list[tuple[Shape, Callable[[bytes], object]]]) -> None:
    """Serialise once per shape and give the bytes to every sink."""
    written: dict[Shape, bytes] = {}
    for shape, send in sinks:
        data = written.get(shape)
        if data is None:
            data = written[shape] = write_rtp(packet, shape, level_id)
        send(data)


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
