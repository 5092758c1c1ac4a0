"""Media that waits to be forwarded. It never keeps checks and handshakes waiting, and never grows old or large."""

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
MOST_BYTES = 16 << 20  # waiting, of all together ...
MOST_BYTES_OF_ONE = 256 << 10  # ... and of one sender; some hundreds of packets
PACKET = 64  # bytes that a packet takes besides its own

Deliver = Callable[[bytes], None]


class _Queue:
    """What waits of one sender."""

    __slots__ = ("bytes", "deliver", "packets")

    def __init__(self, deliver: Deliver) -> None:
        self.deliver = deliver
        self.packets: deque[tuple[float, bytes]] = deque()
        self.bytes = 0


class Inbox:
    """First in, first out for each sender, and one packet of each in turn: who floods keeps only itself waiting.

    A process with too little time drops what is old: a queue in the kernel would only grow.
    """

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._queues: dict[Deliver, _Queue] = {}  # only of those of whom something waits
        self._turns: deque[_Queue] = deque()
        self._bytes = 0
        self._scheduled = False

    def put(self, deliver: Deliver, datagram: bytes, now: float) -> None:
        """Deliver it in its turn: `work` is to be called soon. `now`: `time.monotonic()`."""
        queue, size = self._queues.get(deliver), len(datagram) + PACKET
        if self._bytes + size > MOST_BYTES or (queue is not None and queue.bytes + size > MOST_BYTES_OF_ONE):
            self._traffic.shed += 1
            return
        if queue is None:
            queue = self._queues[deliver] = _Queue(deliver)
            self._turns.append(queue)
        queue.packets.append((now, datagram))
        queue.bytes += size
        self._bytes += size

    def work(self) -> None:
        """Deliver for one turn; what is left has its turn after everything else that is ready."""
        turns, now = self._turns, time.monotonic()
        end = now + TURN_S
        while turns and now < end:
            deliver, came, datagram = self._take()
            if now - came > STALE_S and (len(datagram) > SOUND or now - came > DEAD_S):
                self._traffic.late += 1
                continue
            deliver(datagram)
            now = time.monotonic()
            self._traffic.delay.observe(now - came)

        if turns and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._continue)

    def _take(self) -> tuple[Deliver, float, bytes]:
        """The oldest packet of a sender, whose next one waits until the others had their turn."""
        queue = self._turns.popleft()
        came, datagram = queue.packets.popleft()
        if queue.packets:
            self._turns.append(queue)
        else:
            del self._queues[queue.deliver]
        size = len(datagram) + PACKET
        queue.bytes -= size
        self._bytes -= size
        return queue.deliver, came, datagram

    def _continue(self) -> None:
        self._scheduled = False
        self.work()
