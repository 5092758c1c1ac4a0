"""What one subscriber's reports say about its connection, summed up once a second. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from media_server.allowance import Sample
from media_server.feed import OFF, Feed
from media_server.rtcp import Block

FEWEST_PACKETS = 20  # a share of fewer packets tells nothing
MOST_EXPECTED = 100_000  # packets between two reports; more is nonsense


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A report block, of which SSRC the layer was, and how many packets it had lost on its way to the server.

    Never the layer itself: its packets would stay as long as whoever listens.
    """

    block: Block
    layer: int
    upstream: int


class Meter:
    """Counts since the last sample. `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}  # by the SSRC the client knows
        self._expected = 0
        self._lost = 0
        self._packets = 0
        self._missed = 0
        self._estimate: int | None = None
        self._pictures_before = self._octets_before = 0
        self._sampled_at = 0.0

    def note_estimate(self, bitrate: int) -> None:
        """The client says how many bits per second it can receive."""
        self._estimate = bitrate

    def note_block(self, block: Block, feed: Feed) -> int:
        """A report block about this feed: how many packets its connection lost since the last one.

        What the publisher's own connection lost is not held against it.
        """
        before = self._seen.pop(block.ssrc, None)
        layer = feed.layer
        if layer is None:
            return 0
        upstream = layer.reception.lost
        self._seen[block.ssrc] = _Seen(block=block, layer=layer.ssrc, upstream=upstream)
        if before is None or before.layer != layer.ssrc:
            return 0
        expected = (block.highest - before.block.highest) & 0xFFFFFFFF
        if expected >= MOST_EXPECTED:
            return 0
        lost = block.lost - before.block.lost - max(0, upstream - before.upstream)
        lost = min(max(lost, 0), expected)
        self._expected += expected
        self._lost += lost
        return lost

    def forget(self, ssrc: int) -> None:
        """Nothing is sent under this SSRC any more."""
        self._seen.pop(ssrc, None)

    def sample(self, videos: Collection[Feed], now: float) -> Sample:
        """Sum up since the last call. What was asked for again counts as lost, as reports may hide it."""
        pictures = sum(each.sent()[0] for each in videos)
        octets = sum(each.sent()[1] for each in videos)
        self._packets += max(0, pictures - self._pictures_before)
        sent = max(0, octets - self._octets_before)
        passed, self._sampled_at = now - self._sampled_at, now
        self._pictures_before, self._octets_before = pictures, octets
        estimate, self._estimate = self._estimate, None
        shares = [each for each in (self._reported(), self._asked_again(videos)) if each is not None]
        return Sample(
            loss=max(shares, default=None),
            estimate=estimate,
            sent=sent * 8 / passed if passed > 0 else 0.0,
            highest=max((each.layer.rank for each in videos if each.layer is not None), default=OFF),
        )

    def _reported(self) -> float | None:
        if self._expected < FEWEST_PACKETS:
            return None
        share = self._lost / self._expected
        self._expected = self._lost = 0
        return share

    def _asked_again(self, videos: Collection[Feed]) -> float | None:
        self._missed += sum(each.take_missed() for each in videos)
        if self._packets < FEWEST_PACKETS:
            return None
        share = min(1.0, self._missed / self._packets)
        self._packets = self._missed = 0
        return share
