"""How well people are connected, judged from packets lost both ways and from silence; told when it changes."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Protocol

from livekit.protocol import models, rtc

Quality = models.ConnectionQuality

INTERVAL_S = 5.0
GOOD_LOSS = 0.02  # share of packets lost above which a connection is no longer excellent ...
POOR_LOSS = 0.08  # ... and above which speech is hard to follow
SILENT_S = 8.0  # clients show every 2.5 s that they are there
FEWEST_PACKETS = 20  # a share of fewer packets tells nothing
SCORES: dict[int, float] = {
    Quality.EXCELLENT: 4.5,
    Quality.GOOD: 3.8,
    Quality.POOR: 2.5,
    Quality.LOST: 1.0,
}  # of 5, as told


class Losses:
    """The losses of one participant of late, each a share 0..1: what it sent, what it received."""

    def __init__(self) -> None:
        self._received = 0.0
        self._counted = (0, 0)

    def note_received(self, share: float | None) -> None:
        """What the client reported of the last second; None if it said nothing. The worst second counts.

        Reports on audio come every five seconds only, and the seconds between look flawless.
        """
        self._received = max(self._received, share or 0.0)

    def sum_up(self, expected: int, lost: int) -> float:
        """The worse direction since the last call. The totals are of the packets the client sent so far."""
        packets, missing = expected - self._counted[0], lost - self._counted[1]
        self._counted = (expected, lost)
        received, self._received = self._received, 0.0
        sent = min(max(missing / packets, 0.0), 1.0) if packets >= FEWEST_PACKETS else 0.0
        return max(sent, received)


def judge(loss: float, silent_for: float) -> int:
    """A `ConnectionQuality`. `loss` is a share 0..1, `silent_for` seconds without a sign of life."""
    if silent_for > SILENT_S:
        return Quality.LOST
    if loss > POOR_LOSS:
        return Quality.POOR
    return Quality.GOOD if loss > GOOD_LOSS else Quality.EXCELLENT


class Connected(Protocol):
    """A participant, as far as it is judged here."""

    sid: str

    def quality(self, now: float) -> int | None:
        """A `ConnectionQuality`; None for someone who is not (or not openly) there."""

    def watches(self) -> set[str]:
        """The sids of those it receives something from."""

    def send(self, response: rtc.SignalResponse) -> None:
        """Send on the signal connection."""


class Board:
    """What each participant of a room was last told of itself and of those it receives from."""

    def __init__(self) -> None:
        self._told: dict[str, dict[str, int]] = {}

    def update(self, participants: Iterable[Connected], now: float) -> None:
        """Every `INTERVAL_S`: tell what changed to those it concerns."""
        present = {each.sid: each for each in participants}
        judged = {sid: each.quality(now) for sid, each in present.items()}
        self._told = {sid: _still_there(self._told.get(sid, {}), present) for sid in present}
        for sid, each in present.items():
            concerning = {other: judged.get(other) for other in (*each.watches(), sid)}
            news = _news(self._told[sid], {k: v for k, v in concerning.items() if v is not None})
            if news:
                self._told[sid].update(news)
                each.send(_message(news))


def _still_there(told: dict[str, int], present: Container[str]) -> dict[str, int]:
    return {sid: quality for sid, quality in told.items() if sid in present}


def _news(told: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    return {sid: quality for sid, quality in now.items() if told.get(sid) != quality}


def _message(news: dict[str, int]) -> rtc.SignalResponse:
    updates = [
        rtc.ConnectionQualityInfo(participant_sid=sid, quality=Quality.Name(quality), score=SCORES[quality])
        for sid, quality in news.items()
    ]
    return rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=updates))
