"""What one forwarded packet costs: rewrite once, then protect and send to N subscribers; and the bare sendto beside it.

`python -m bench.media.fanout [subscribers]` prints one JSON line. CPU time of this process, microseconds per packet
sent; `ratio` is the whole over a bare sendto of the same size in the same run. Best of several turns, because the
machine is shared.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable

import pylibsrtp

from media_server.feed import Feed
from media_server.forward import Rtp, Shape
from media_server.srtp import SrtpBox
from media_server.track import Track

PACKETS = 200
TURNS = 7
PAYLOADS = {"opus": 120, "vp8": 1100}
KEY_BYTES = 28  # AES-128-GCM: key and salt


def main(subscribers: int = 50) -> None:
    """Measure both payload sizes."""
    result: dict[str, object] = {"subscribers": subscribers}
    for name, size in PAYLOADS.items():
        result[name] = measure(subscribers, size)
    print(json.dumps(result))


def measure(subscribers: int, size: int) -> dict[str, float]:
    """Microseconds per packet sent, and their ratio."""
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.0.0.1", 0))
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    address = sink.getsockname()
    track = Track("TR_bench", "audio", 4711)
    layer = track.layer(1, "")
    track.level_id = 1
    for name in range(subscribers):
        send = subscriber(sender, address)
        track.connect(str(name), Feed(Shape(111, 1), send, send))
    payload, number = os.urandom(size), 0

    def forward() -> None:
        nonlocal number
        for _ in range(PACKETS):
            number += 1
            packet = Rtp(111, False, number & 0xFFFF, number * 960, 1, {1: b"\x20"}, payload)
            layer.note(packet, number / 50)
            track.take(layer, packet, number / 50)

    def bare() -> None:
        datagram = payload + bytes(12 + 8 + 16)
        for _ in range(PACKETS * subscribers):
            sender.sendto(datagram, address)

    whole, alone = best_of(forward, bare)
    sink.close()
    sender.close()
    each = 1e6 / (PACKETS * subscribers)
    return {
        "us": round(whole * each, 2),
        "sendto_us": round(alone * each, 2),
        "ratio": round(whole / alone, 2),
    }


def subscriber(sender: socket.socket, address: tuple[str, int]) -> Callable[[bytes], object]:
    """Protect with a session of its own, then send."""

    def session(kind: int) -> pylibsrtp.Session:
        profile = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
        return pylibsrtp.Session(pylibsrtp.Policy(os.urandom(KEY_BYTES), kind, srtp_profile=profile))

    box = SrtpBox(session(pylibsrtp.Policy.SSRC_ANY_INBOUND), session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
    return lambda data: sender.sendto(box.protect(data) or b"", address)


def best_of(*acts: Callable[[], None]) -> list[float]:
    """Least CPU seconds of each act, taken in turns."""
    best = [float("inf")] * len(acts)
    for _ in range(TURNS):
        for index, act in enumerate(acts):
            start = time.process_time()
            act()
            best[index] = min(best[index], time.process_time() - start)
    return best


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
