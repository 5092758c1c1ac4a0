"""Media that waits to be forwarded. It never keeps checks and handshakes waiting, and never grows old."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from media_server.traffic import Traffic

TURN_S = 0.004  # forwarding this long, then everything else has its turn
STALE_S = 0.2  # a picture that waited so long is dropped: it would come too late, and keep others waiting
DEAD_S = 1.0  # then sound is dropped too
SOUND = 400  # bytes: what is shorter may be sound

Deliver = Callable[[bytes], None]


class Inbox:
    """First in, first out. A process with too little time drops what is old: a queue in the kernel would only grow."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._waiting: deque[tuple[float, Deliver, bytes]] = deque()
        self._scheduled = False

    def put(self, deliver: Deliver, datagram: bytes, now: float) -> None:
        """Deliver it in its turn: `work` is to be called soon. `now`: `time.monotonic()`."""
        self._waiting.append((now, deliver, datagram))

    def work(self) -> None:
        """Deliver for one turn; what is left has its turn after everything else that is ready."""
        waiting, now = self._waiting, time.monotonic()
        end = now + TURN_S
        while waiting and now < end:
            came, deliver, datagram = waiting.popleft()
            if now - came > STALE_S and (len(datagram) > SOUND or now - came > DEAD_S):
                self._traffic.late += 1
                continue
            deliver(datagram)
            now = time.monotonic()
            self._traffic.delay.observe(now - came)

        if waiting and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._continue)

    def _continue(self) -> None:
        self._scheduled = False
        self.work()
