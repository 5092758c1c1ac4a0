"""How much video a subscriber's connection bears, judged by its receiver reports. Pure.

A connection that loses for a while gets every video one layer lower, at last audio only. When it has been well for
a while it gets one layer more; a try that fails makes the next one wait twice as long.
"""

from __future__ import annotations

from dataclasses import dataclass

from media_server.feed import HIGHEST, OFF

BAD_LOSS = 0.10  # this share lost, ...
BAD_FOR_S = 2.0  # ... for so long: one layer less
SEVERE_LOSS = 0.30
SEVERE_FOR_S = 1.0
FEWEST_BAD = 2  # one report alone may tell of an outage that is over
GOOD_LOSS = 0.03  # at most this share lost, ...
GOOD_FOR_S = 8.0  # ... for so long: one layer more
GOOD_MOST_S = 64.0  # the longest wait after tries that failed
TRIAL_S = 15.0  # a layer more that is lost again within this time was a try that failed
SETTLE_S = 3.0  # after a change reports still tell of the time before it
NEWS_S = 5.0  # a report counts until the next one, but no longer than this
STARVED_SHARE = 0.5  # an estimate under this share of what is sent, and not rising, ...
STARVED_FOR_S = 4.0  # ... for so long, is as bad as loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One second of a connection.

    `loss`: share 0..1 of what the server sent, None if unknown. `estimate`: bits per second the client now says it
    can receive (REMB), None if it said nothing. `sent`: bits per second of video sent; clients estimate by video alone,
    and never far above what they get of it, so that sound would make any small picture look starved. `highest`: best
    rank now sent, or `OFF`.
    """

    loss: float | None
    estimate: int | None
    sent: float
    highest: int


class Allowance:
    """The ceiling of one subscriber, for all its video. `now` is monotonic seconds."""

    def __init__(self) -> None:
        self.ceiling = HIGHEST
        self._bad_since: float | None = None
        self._good_since: float | None = None
        self._changed_at = float("-inf")
        self._raised_at = float("-inf")
        self._patience = GOOD_FOR_S
        self._loss = 0.0
        self._loss_at = float("-inf")
        self._bad_news = 0
        self._estimate: int | None = None
        self._starved = False

    def observe(self, sample: Sample, now: float) -> bool:
        """Judge one more second; tell whether the ceiling changed."""
        loss, starved = self._last_loss(sample, now), self._is_starved(sample)
        if now - self._changed_at < SETTLE_S:
            return False
        if sample.loss is not None:
            self._bad_news = self._bad_news + 1 if loss >= BAD_LOSS else 0
        bad, good = starved or loss >= BAD_LOSS, not starved and loss <= GOOD_LOSS
        self._bad_since = _since(self._bad_since, now, holds=bad)
        self._good_since = _since(self._good_since, now, holds=good)
        if self._bad_since is not None and sample.highest > OFF:
            sure = starved or self._bad_news >= FEWEST_BAD
            return sure and now - self._bad_since >= _patience(loss) and self._lower(sample.highest, now)
        if self._good_since is not None and self.ceiling < HIGHEST:
            return now - self._good_since >= self._patience and self._raise(now)
        return False

    def _last_loss(self, sample: Sample, now: float) -> float:
        if sample.loss is not None:
            self._loss, self._loss_at = sample.loss, now
        return self._loss if now - self._loss_at <= NEWS_S else 0.0

    def _is_starved(self, sample: Sample) -> bool:
        """An estimate far under what is sent, unless it rises: it starts low and climbs slowly."""
        if sample.estimate is None:
            return self._starved
        before, self._estimate = self._estimate, sample.estimate
        rises = before is None or sample.estimate > before
        self._starved = not rises and sample.estimate < STARVED_SHARE * sample.sent
        return self._starved

    def _lower(self, highest: int, now: float) -> bool:
        failed = now - self._raised_at < TRIAL_S
        self._patience = min(self._patience * 2, GOOD_MOST_S) if failed else GOOD_FOR_S
        return self._set(max(OFF, min(highest, self.ceiling) - 1), now)

    def _raise(self, now: float) -> bool:
        self._raised_at = now
        return self._set(self.ceiling + 1, now)

    def _set(self, ceiling: int, now: float) -> bool:
        self.ceiling, self._changed_at = ceiling, now
        self._loss_at = float("-inf")
        self._bad_news = 0
        self._estimate, self._starved = (
            None,
            False,
        )  # of what was sent before; without pictures no other may come
        self._bad_since = self._good_since = None
        return True


def _patience(loss: float) -> float:
    if loss >= SEVERE_LOSS:
        return SEVERE_FOR_S
    return BAD_FOR_S if loss >= BAD_LOSS else STARVED_FOR_S


def _since(before: float | None, now: float, *, holds: bool) -> float | None:
    if not holds:
        return None
    return now if before is None else before
