"""A publisher and a subscriber of one video without any network, for tests of numbers."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field

from media_server.feed import Feed
from media_server.forward import Rtp, Shape, read_rtp
from media_server.layers import Layer
from media_server.track import Track
from media_server.vp8 import NONE, normal, starts_keyframe

FRAME_S = 1 / 30
TICKS = 3000


@dataclass
class Simulcast:
    """Three layers of one camera; each has numbers of its own, close to where they wrap."""

    track: Track = field(default_factory=lambda: Track("TR_1", "video", 99))
    now: float = 100.0
    rids: str = "qhf"
    sequences: dict[str, int] = field(default_factory=lambda: {"q": 65500, "h": 300, "f": 40000})
    pictures: dict[str, int] = field(default_factory=lambda: {"q": 32700, "h": 5, "f": 1000})

    def layer(self, rid: str) -> Layer:
        """The layer of this name."""
        return self.track.layer(ord(rid), rid)

    def packets(self, rid: str, *, key: bool = False, size: int = 2) -> list[Rtp]:
        """The next frame of a layer: packets not yet sent."""
        self.pictures[rid] = (self.pictures[rid] + 1) % 0x8000
        head = struct.pack("!BHB", 0xE0, 0x8000 | self.pictures[rid], self.pictures[rid] % 256) + b"\x00"
        made = []
        for number in range(size):
            self.sequences[rid] = (self.sequences[rid] + 1) % 0x10000
            payload = (
                (b"\x90" if number == 0 else b"\x80") + head + (b"\x00" if key else b"\x01") + rid.encode()
            )
            timestamp = (int(self.now * 90000) + ord(rid) * 7_000_000) % (1 << 32)
            last = number == size - 1
            made.append(Rtp(96, last, self.sequences[rid], timestamp, ord(rid), {}, payload))
        return made

    def deliver(self, rid: str, packets: list[Rtp]) -> None:
        """Let packets arrive."""
        layer = self.layer(rid)
        for packet in packets:
            layer.note(packet, self.now)
            self.track.take(layer, packet, self.now)

    def frame(self, *, key: str = "", padding: str = "") -> None:
        """The next picture on every layer; those named in `key` send a key frame."""
        self.now += FRAME_S
        for rid in self.rids:
            self.deliver(rid, self.packets(rid, key=rid in key))
            if rid in padding:
                last = self.packets(rid, size=1)[0]
                self.pictures[rid] = (self.pictures[rid] - 1) % 0x8000
                self.deliver(rid, [Rtp(96, False, last.sequence, last.timestamp, ord(rid), {}, b"")])
        self.track.look()


@dataclass
class Viewer:
    """Remembers what one subscriber was sent."""

    track: Track
    name: str
    got: list[Rtp] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = Feed(Shape(96, 0), self.receive, self.rtcp.append)
        self.track.connect(self.name, self.feed)

    def receive(self, data: bytes) -> None:
        """One packet."""
        packet = read_rtp(data)
        assert packet is not None
        self.got.append(packet)

    @property
    def rids(self) -> list[str]:
        """Of which layer each packet with a picture was."""
        return [chr(each.payload[-1]) for each in self.got if each.payload]

    def check(self) -> None:
        """One stream: numbers go on by one, times never go back, every change of layers is a key frame."""
        for before, after in itertools.pairwise(self.got):
            assert (after.sequence - before.sequence) % 0x10000 == 1
            assert 0 <= (after.timestamp - before.timestamp) % (1 << 32) < 90000 * 60
        pictures = [each for each in self.got if each.payload]
        for before, after in itertools.pairwise(pictures):
            check_pictures(before, after)
        if pictures:
            assert starts_keyframe(pictures[0].payload)


def check_pictures(before: Rtp, after: Rtp) -> None:
    """Two packets in a row: of one picture, or of two pictures with numbers in a row."""
    first, second = normal(before.payload, NONE), normal(after.payload, NONE)
    begins = after.payload[0] & 0x10
    step = 1 if begins else 0
    assert (second[1] - first[1]) % 0x8000 == step
    assert (second[2] - first[2]) % 0x100 == step
    assert bool(begins) == (before.timestamp != after.timestamp)
    if before.payload[-1] != after.payload[-1]:
        assert starts_keyframe(after.payload)
