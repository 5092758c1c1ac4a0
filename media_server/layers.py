"""What a publisher sends for one track: its layers, and the packets kept of each. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from media_server import vp8
from media_server.forward import Group, Rtp, Send, Shape, primary
from media_server.rtcp import Reception, SenderReport

RANKS = {"q": 0, "h": 1, "f": 2, "0": 0, "1": 1, "2": 2}  # by rid; the numbers are those of VideoQuality
CLOCK_RATES = {"audio": 48000, "video": 90000}
CACHE_PACKETS = {"audio": 128, "video": 512}  # kept per layer for retransmission: seconds, at usual rates
LAYER_DEAD_S = (
    1.5  # a layer silent for so long while another one is not is dead; a still screen sends every second
)
KEYFRAME_INTERVAL_S = 0.5  # at most one key frame is asked for in this time per layer
MOST_MISSING = 200  # sequence numbers kept for a second request
NTP_SECOND = 1 << 32


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes a layer: in which numbers, and from which of the layer's packets on."""

    shape: Shape
    send: Send
    first: int


class Layer:
    """One SSRC a publisher sends for a track: simulcast has several. Sequence numbers here are extended."""

    def __init__(self, ssrc: int, rid: str, kind: str) -> None:
        self.ssrc = ssrc
        self.rank = RANKS.get(rid, 0)
        self.clock_rate = CLOCK_RATES[kind]
        self.reception = Reception(ssrc, self.clock_rate)
        self.report: SenderReport | None = None
        self.last_seen = 0.0
        self.head: Rtp | None = None  # the newest packet that was forwarded, its number, and when
        self.head_sequence = 0
        self.head_at = 0.0
        self.picture = self.index = vp8.NONE
        self.packets = 0
        self.octets = 0
        self.keyframe_wanted = False
        self._asked_at = -1.0
        self._missing: dict[int, int] = {}
        self._takers: dict[object, Taker] = {}
        self._groups: list[Group] | None = []
        self._cache: list[Rtp | None] = [None] * CACHE_PACKETS[kind]

    def note(self, packet: Rtp, now: float) -> list[int]:
        """Count a packet that arrived; return what it shows to be missing."""
        self.last_seen = now
        self._missing.pop(packet.sequence, None)
        lost = self.reception.note(packet.sequence, packet.timestamp, now)
        if lost and len(self._missing) < MOST_MISSING:
            self._missing.update(dict.fromkeys(lost, 0))
        return lost

    def again(self) -> list[int]:
        """Missing packets to ask for once more; each is asked for three times in all."""
        due = list(self._missing)
        self._missing = {sequence: tries + 1 for sequence, tries in self._missing.items() if tries < 2}
        return due

    def may_ask_keyframe(self, now: float) -> bool:
        """Whether a key frame may be asked for now; if so, this counts as asking."""
        if not self.last_seen or now - self._asked_at < KEYFRAME_INTERVAL_S:
            return False
        self._asked_at = now
        return True

    def canonical(self, packet: Rtp, ssrc: int, red_type: int) -> Rtp | None:
        """The packet as it is kept and shared, with the SSRC of the track. None if it cannot be understood."""
        red = bool(red_type) and packet.payload_type == red_type
        if red and not primary(packet.payload):
            return None
        payload, picture, index = packet.payload, vp8.NONE, vp8.NONE
        if self.clock_rate == CLOCK_RATES["video"]:
            payload, picture, index = vp8.normal(payload, self.picture)
        return Rtp(
            packet.payload_type,
            packet.marker,
            packet.sequence,
            packet.timestamp,
            ssrc,
            packet.extensions,
            payload,
            picture,
            index,
            red,
        )

    def keep(self, packet: Rtp, sequence: int, now: float) -> None:
        """Remember the newest canonical packet."""
        self.head, self.head_sequence, self.head_at = packet, sequence, now
        if packet.picture != vp8.NONE:
            self.picture = packet.picture
        if packet.index != vp8.NONE:
            self.index = packet.index
        self.keep_late(packet)

    def keep_late(self, packet: Rtp) -> None:
        """Remember one that is not the newest."""
        self.packets += 1
        self.octets += len(packet.payload)
        self._cache[packet.sequence % len(self._cache)] = packet

    def cached(self, sequence: int) -> Rtp | None:
        """A packet that was forwarded, by its sequence number modulo 65536."""
        found = self._cache[sequence % len(self._cache)]
        return found if found is not None and found.sequence == sequence else None

    def attach(self, key: object, taker: Taker) -> None:
        """Let somebody take this layer."""
        self._takers[key] = taker
        self._groups = None

    def detach(self, key: object) -> None:
        """Let somebody take it no more."""
        if self._takers.pop(key, None) is not None:
            self._groups = None

    @property
    def groups(self) -> list[Group]:
        """Everybody who takes this layer, by shape."""
        if self._groups is None:
            self._groups = _grouped(self._takers.values())
        return self._groups

    def groups_since(self, sequence: int) -> list[Group]:
        """Those who took this layer already when this packet was due."""
        return _grouped([each for each in self._takers.values() if each.first <= sequence])

    def time_in(self, other: Layer, time: int) -> int | None:
        """What the clock of another layer showed at this layer's `time`, if sender reports tell."""
        if self.report is None or other.report is None:
            return None
        between = (self.report.ntp - other.report.ntp) * self.clock_rate // NTP_SECOND
        return other.report.rtp_time + signed(time - self.report.rtp_time, 32) + between


def live(layers: Collection[Layer]) -> tuple[Layer, ...]:
    """The layers that arrive, lowest rank first; of two of one rank the one that was found later is last."""
    newest = max((each.last_seen for each in layers), default=0.0)
    alive = [each for each in layers if newest - each.last_seen <= LAYER_DEAD_S]
    return tuple(sorted(alive, key=lambda each: each.rank))


def fitting(layers: Sequence[Layer], ceiling: int) -> Sequence[Layer]:
    """Those of these layers (lowest first) somebody with this ceiling may take; the last is the best one.

    Who may have video at all (`ceiling` >= 0) may have the lowest layer there is.
    """
    if ceiling < 0:
        return ()
    return [each for each in layers if each.rank <= ceiling] or layers[:1]


def signed(number: int, bits: int) -> int:
    """A difference of counters of so many bits as a signed number."""
    half = 1 << (bits - 1)
    return ((number + half) & ((1 << bits) - 1)) - half


def _grouped(takers: Collection[Taker]) -> list[Group]:
    groups: dict[Shape, list[Send]] = {}
    for each in takers:
        groups.setdefault(each.shape, []).append(each.send)
    return list(groups.items())
