"""One subscriber's stream of one track: which layer it takes, and in which numbers. Pure.

However often the layer changes, the subscriber sees one stream (RFC 3550, RFC 7741): sequence numbers and picture
ids go on by one, times never go back. While it takes a layer nothing is computed per packet: its numbers differ from
the layer's by amounts fixed when it began, and subscribers with the same amounts share the same bytes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from media_server import vp8
from media_server.forward import Rtp, Send, Shape, write_rtp
from media_server.layers import Layer, Taker, signed
from media_server.rtcp import sender_report

HIGHEST = 2  # a ceiling that allows every layer
OFF = -1  # a ceiling that allows none
CLOCK_TOLERANCE_S = 0.5  # a publisher's clock may differ so much from ours over a change of layers
MOST_RESENT = 500  # packets sent again a second: more than a line that is worth it needs
RUNS_KEPT = 8  # what was sent before so many changes of layers cannot be sent again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A stretch of one layer. `first` and `shift` are extended: what was sent is the layer's number + shift."""

    layer: Layer
    shape: Shape
    first: int
    shift: int
    packets: int  # of the layer, when this began
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """The last numbers this subscriber saw; `at` is when."""

    sequence: int
    time: int
    picture: int
    index: int
    at: float


class Feed:
    """`shape` has the subscriber's payload types and ids; `report` sends it an RTCP packet."""

    def __init__(self, shape: Shape, send: Send, report: Send) -> None:
        self.ceiling = HIGHEST
        self.layer: Layer | None = None
        self.target: Layer | None = None
        self._shape = shape
        self._send = send
        self._report = report
        self._mark: _Mark | None = None
        self._runs: deque[_Run] = deque(maxlen=RUNS_KEPT)
        self._packets = 0
        self._octets = 0
        self._missed: set[int] = set()
        self._resent = 0

    def start(self, layer: Layer) -> None:
        """Take this layer from its newest packet on."""
        head = layer.head
        if head is None:
            return
        self.stop()
        mark, shape, shift = self._mark, self._shape, 0
        if mark is not None:
            shift = mark.sequence + 1 - layer.head_sequence
            shape = self._shifted(mark, shift, layer, head)
        first, size = layer.head_sequence, len(head.payload)
        self._runs.append(
            _Run(
                layer=layer,
                shape=shape,
                first=first + shift,
                shift=shift,
                packets=layer.packets - 1,
                octets=layer.octets - size,
            )
        )
        self.layer = layer
        layer.attach(self, Taker(shape, self._send, first))
        self.tell_clock()

    def reshape(self, shape: Shape) -> None:
        """The client agreed to other payload types or ids: use them from the next packet on."""
        self._shape = shape
        if self.layer is None:
            return
        run = self._runs[-1]
        changed = replace(
            run.shape, payload_type=shape.payload_type, level_id=shape.level_id, red_type=shape.red_type
        )
        self._runs[-1] = replace(run, shape=changed)
        self.layer.attach(self, Taker(changed, self._send, run.first - run.shift))

    def stop(self) -> None:
        """Take nothing; what comes later goes on without a hole."""
        layer = self.layer
        if layer is None:
            return
        self._mark = self._now_at()
        self._packets, self._octets = self.sent()
        self.layer = None
        layer.detach(self)

    def sent(self) -> tuple[int, int]:
        """Packets and octets of payload sent so far."""
        if self.layer is None:
            return self._packets, self._octets
        run = self._runs[-1]
        return self._packets + self.layer.packets - run.packets, self._octets + self.layer.octets - run.octets

    def resend(self, sequences: list[int], level_id: int) -> None:
        """Send again what the subscriber misses, if it was sent and is still kept."""
        at = self._now_at()
        if at is None:
            return
        newest = at.sequence
        for sequence in sequences:
            extended = newest + signed(sequence - newest, 16)
            run = next((each for each in reversed(self._runs) if each.first <= extended), None)
            packet = run.layer.cached((extended - run.shift) & 0xFFFF) if run is not None else None
            if run is None or packet is None or extended > newest or self._resent >= MOST_RESENT:
                continue
            self._missed.add(sequence)
            self._resent += 1
            self._send(write_rtp(packet, run.shape, level_id))

    def take_missed(self) -> int:
        """How many different packets were sent again since the last call, which should be a second ago."""
        count = len(self._missed)
        self._missed.clear()
        self._resent = 0
        return count

    def tell_clock(self) -> None:
        """Send the layer's last sender report in this subscriber's numbers, for lip sync."""
        layer = self.layer
        if layer is None or layer.report is None or layer.head is None:
            return
        report, shape = layer.report, self._runs[-1].shape
        ssrc, rtp_time = shape.ssrc or layer.head.ssrc, report.rtp_time + shape.time
        self._report(sender_report(ssrc, report.ntp, rtp_time, *self.sent()))

    def _now_at(self) -> _Mark | None:
        layer = self.layer
        if layer is None or layer.head is None:
            return self._mark
        run = self._runs[-1]
        shape, picture, index = run.shape, layer.picture, layer.index
        return _Mark(
            sequence=layer.head_sequence + run.shift,
            time=(layer.head.timestamp + shape.time) & 0xFFFFFFFF,
            picture=picture if picture == vp8.NONE else (picture + shape.picture) % vp8.PICTURES,
            index=index if index == vp8.NONE else (index + shape.index) % vp8.INDEXES,
            at=layer.head_at,
        )

    def _shifted(self, mark: _Mark, shift: int, layer: Layer, packet: Rtp) -> Shape:
        time = self._next_time(mark, layer, packet)
        shape = replace(self._shape, sequence=shift & 0xFFFF, time=(time - packet.timestamp) & 0xFFFFFFFF)
        if vp8.NONE not in (packet.picture, mark.picture):
            shape = replace(shape, picture=(mark.picture + 1 - packet.picture) % vp8.PICTURES)
        if vp8.NONE not in (packet.index, mark.index):
            shape = replace(shape, index=(mark.index + 1 - packet.index) % vp8.INDEXES)
        return shape

    def _next_time(self, mark: _Mark, layer: Layer, packet: Rtp) -> int:
        """The time the publisher's clocks give this packet, or else the time that passed here."""
        passed = mark.time + max(1, int((layer.head_at - mark.at) * layer.clock_rate))
        before = self._runs[-1]
        told = packet.timestamp if before.layer is layer else layer.time_in(before.layer, packet.timestamp)
        if told is None:
            return passed
        guess = mark.time + signed(told + before.shape.time - mark.time, 32)
        near = abs(guess - passed) < CLOCK_TOLERANCE_S * layer.clock_rate
        return guess if near and guess > mark.time else passed
