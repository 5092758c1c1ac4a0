"""Domain time as a port. Tokens, TLS, certificates and signatures use `real_now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells domain time: schedule, evidence, deadlines. Always aware, in UTC."""

    def now(self) -> datetime:
        """The present moment of the domain."""
        ...

    def at(self, real: datetime) -> datetime:
        """The domain's moment at that moment of the machine (a time told by another machine)."""
        ...


def real_now() -> datetime:
    """The machine's time, aware, in UTC. The only place that reads the wall clock."""
    return datetime.now(UTC)


class SystemClock:
    """Domain time is real time (production)."""

    def now(self) -> datetime:
        return real_now()

    def at(self, real: datetime) -> datetime:
        return check_aware(real)


class ShiftedClock:
    """Real time moved to another start and run `rate` times as fast (demonstrations; shown as such).

    At the real moment `since` (default: now) it shows `start`.
    """

    def __init__(self, start: datetime, rate: float = 1.0, *, since: datetime | None = None) -> None:
        self.rate = rate
        self.start = check_aware(start)
        self.since = check_aware(since) if since is not None else real_now()

    def now(self) -> datetime:
        return self.at(real_now())

    def at(self, real: datetime) -> datetime:
        return self.start + (real - self.since) * self.rate

    def jump_to(self, moment: datetime) -> None:
        """Continue from `moment`; never backwards."""
        self.start, self.since = max(check_aware(moment), self.now()), real_now()


class FixedClock:
    """In-memory twin: stands still until moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = check_aware(moment)

    def now(self) -> datetime:
        return self._moment

    def at(self, real: datetime) -> datetime:
        del real
        return self._moment

    def move(self, by: timedelta) -> None:
        """Go on by this much."""
        self._moment += by

    def set(self, moment: datetime) -> None:
        """Stand at this moment."""
        self._moment = check_aware(moment)


def check_aware(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for a naive datetime: a programming error, never input."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(UTC)
