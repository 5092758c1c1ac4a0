"""What is wanted of one published video by all together, so that its publisher need not send the rest. Pure.

Times and order as in LiveKit 1.13 ("dynacast"): more is asked for at once, less is told only after a while.
"""

from __future__ import annotations

from livekit.protocol import models, rtc

from media_server.feed import OFF

LESS_AFTER_S = 5.0  # a layer nobody wants is given up after this time
NOBODY_AFTER_S = 10.0  # a new track nobody ever wanted is given up after this time
QUALITIES = (models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH)


class Demand:
    """The wishes of the subscribers of one video. `now` is monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._wants: dict[str, int] = {}
        self._told: int | None = None
        self._less_since: float | None = None
        self._born = now

    def want(self, subscriber: str, rank: int) -> None:
        """A subscriber wants at best this rank; `OFF` for nothing."""
        if rank == OFF:
            self._wants.pop(subscriber, None)
        else:
            self._wants[subscriber] = rank

    @property
    def most(self) -> int:
        """The best rank anybody wants."""
        return max(self._wants.values(), default=OFF)

    def due(self, now: float) -> int | None:
        """What to tell the publisher now, if anything. It counts as told."""
        most = self.most
        if most == self._told:
            self._less_since = None
            return None
        if not self._is_ripe(most, now):
            return None
        self._told, self._less_since = most, None
        return most

    def tell_again(self) -> None:
        """The publisher lost its connection and may not know."""
        self._told = None if self._wants else self._told

    def _is_ripe(self, most: int, now: float) -> bool:
        if self._told is None:
            return most != OFF or now - self._born >= NOBODY_AFTER_S
        if most > self._told:
            return True
        if self._less_since is None:
            self._less_since = now
        return now - self._less_since >= LESS_AFTER_S


def quality_update(track_sid: str, codec: str, most: int) -> rtc.SubscribedQualityUpdate:
    """The message: every quality up to `most` is wanted. `codec` is a lower-case name without `video/`."""
    wanted = [rtc.SubscribedQuality(quality=each, enabled=each <= most) for each in QUALITIES]
    return rtc.SubscribedQualityUpdate(
        track_sid=track_sid,
        subscribed_qualities=wanted,
        subscribed_codecs=[rtc.SubscribedCodec(codec=codec, qualities=wanted)],
    )
