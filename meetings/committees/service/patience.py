"""How often somebody may try to enter, kept in memory: a restart forgives."""

from __future__ import annotations

from datetime import datetime, timedelta

from meetings.committees.sign_in import Bucket, Rate, take

# Behind one address stand a whole village hall, or a mobile operator's many customers.
PER_ADDRESS = Rate(burst=200, refill=timedelta(seconds=1))
# Six digits are few: a hall may try them now and then, a machine may not; wrong ones are counted for everybody.
CODES_PER_ADDRESS = Rate(burst=30, refill=timedelta(seconds=20))
WRONG_CODES = Rate(burst=60, refill=timedelta(seconds=10))
MOST_KEYS = 50_000
_WRONG = ("wrong codes", "")


class Patience:
    """Token buckets by kind and key: `per_hour` tries at one link, and PER_ADDRESS.

    When more than `most` keys are known, the full buckets are forgotten.
    """

    def __init__(self, *, per_hour: int = 20, most: int = MOST_KEYS) -> None:
        self._per_link = Rate(burst=per_hour, refill=timedelta(hours=1) / per_hour)
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._most = most

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)

    def try_from(self, address: str, link: str, now: datetime) -> None:
        """Count a try from this network address at this link (its hash). Raises TriedTooOften."""
        self._take("address", address, PER_ADDRESS, now)
        self._take("link", link, self._per_link, now)

    def try_code(self, address: str, now: datetime) -> None:
        """Count a try of six digits from this network address. Raises TriedTooOften, also while too many were wrong
        wherever they came from."""
        self._take("code from", address, CODES_PER_ADDRESS, now)
        take(self._buckets.get(_WRONG), WRONG_CODES, now)

    def wrong_code(self, now: datetime) -> None:
        """They were wrong. Raises TriedTooOften."""
        self._take(*_WRONG, WRONG_CODES, now)

    def _take(self, kind: str, key: str, rate: Rate, now: datetime) -> None:
        self._buckets[kind, key] = take(self._buckets.get((kind, key)), rate, now)
        if len(self._buckets) > self._most:
            self._forget(now)

    def _forget(self, now: datetime) -> None:
        """Full buckets say nothing; if hardly any is full, the oldest half goes."""
        kept = {key: bucket for key, bucket in self._buckets.items() if bucket.full_at > now}
        if len(kept) > self._most // 2:
            kept = dict(list(kept.items())[len(kept) - self._most // 2 :])
        self._buckets = kept
