"""Made-up media as a browser would send it: sound, one video, or a video in three sizes."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.media.leg import MARK, Leg

TICKS_PER_PICTURE = 15
VIDEO_TICK_S = 1 / 30 / TICKS_PER_PICTURE
KEY, DELTA = b"\x10\x02\x00\x9d\x01\x2a\x00\x05\xd0\x02", b"\x11\x02\x00"  # VP8: how a frame begins
LEVEL_ID, MID_ID, RID_ID = 1, 3, 4  # header extensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One encoding of a video: packets of a picture, and every how many pictures of 30 a second are sent."""

    rid: str
    width: int
    height: int
    parts: int
    every: int = 1
    payload: int = 1080


ONE = (Size(rid="", width=1280, height=720, parts=6),)
THREE = (
    Size(rid="q", width=320, height=180, parts=1, every=2, payload=900),
    Size(rid="h", width=640, height=360, parts=2),
    Size(rid="f", width=1280, height=720, parts=6),
)


class Encoding:
    """One SSRC of a video. The pacer of browsers spreads a picture: 2.5 times as fast as the stream needs."""

    def __init__(self, size: Size, ssrc: int, mid: str) -> None:
        self.size = size
        self.ssrc = ssrc
        self.wanted = True
        self._ticks = 0
        self._sequence = 0
        self._extensions = _named(mid, size.rid) if size.rid else b""

    def tick(self) -> bytes | None:
        """The packet due now, if any; to be called every `VIDEO_TICK_S`. Every thirtieth picture is a key frame."""
        picture, part = divmod(self._ticks, TICKS_PER_PICTURE)
        self._ticks += 1
        size = self.size
        if part >= size.parts or picture % size.every or not self.wanted:
            return None
        self._sequence = (self._sequence + 1) & 0xFFFF
        last = 0x80 if part == size.parts - 1 else 0
        first = 0x90 if self._extensions else 0x80
        head = struct.pack("!BBHLL", first, 96 | last, self._sequence, picture * 3000 & 0xFFFFFFFF, self.ssrc)
        described = struct.pack("!BBH", 0x90 if part == 0 else 0x80, 0x80, 0x8000 | (picture & 0x7FFF))
        frame = (KEY if picture % 30 == 0 else DELTA) if part == 0 else b""
        return head + self._extensions + described + frame + bytes(size.payload)


class Speaker:
    """One publisher. `mid` is the section of its video."""

    def __init__(
        self, leg: Leg, audio: int, video: int | None, sizes: Sequence[Size] = ONE, mid: str = "1"
    ) -> None:
        self._leg, self._audio = leg, audio
        self._spoken = 0
        videos = enumerate(sizes) if video is not None else ()
        self.encodings = [Encoding(size, (video or 0) + at, mid) for at, size in videos]

    def speak(self) -> None:
        """One packet of 20 ms."""
        self._spoken += 1
        head = struct.pack("!BBHL", 0x90, 111, self._spoken & 0xFFFF, self._spoken * 960 & 0xFFFFFFFF)
        level = struct.pack("!LHHBBH", self._audio, 0xBEDE, 1, LEVEL_ID << 4, 0x80 | 20, 0)
        self._send(head + level + bytes(100))

    def show(self) -> None:
        """What is due at this tick of the video."""
        for encoding in self.encodings:
            packet = encoding.tick()
            if packet is not None:
                self._send(packet)

    def want(self, qualities: Sequence[bool]) -> None:
        """The server says which sizes, from the smallest, are watched. As in SDKs, one of one size goes on."""
        if len(self.encodings) == 1:
            return
        for encoding, wanted in zip(self.encodings, qualities, strict=False):
            encoding.wanted = wanted

    def _send(self, packet: bytes) -> None:
        self._leg.transport.send_rtp(packet + MARK + struct.pack("!Q", time.time_ns()))


async def pace(acts: Sequence[Callable[[], None]], interval: float, seconds: float) -> float:
    """Act at a steady pace; return the worst lateness in seconds."""
    due, end, worst = time.perf_counter(), time.perf_counter() + seconds, 0.0
    while due < end:
        for act in acts:
            act()
        due += interval
        late = time.perf_counter() - due
        worst = max(worst, late)
        await asyncio.sleep(max(0.0, -late))
    return worst


def _named(mid: str, rid: str) -> bytes:
    """Header extensions that tell section and size (RFC 8285, one-byte form)."""
    body = (
        bytes([MID_ID << 4 | len(mid) - 1])
        + mid.encode()
        + bytes([RID_ID << 4 | len(rid) - 1])
        + rid.encode()
    )
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", 0xBEDE, len(body) // 4) + body
