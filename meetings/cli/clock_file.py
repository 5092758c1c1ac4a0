"""The demonstration's clock over restarts: where it stood at which real moment."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from meetings.kernel.clock import Clock, ShiftedClock, SystemClock
from meetings.settings import Settings
from meetings.settings.sections import ClockMode


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings ask for; a demonstration goes on from where it stood."""
    if settings.clock.mode is not ClockMode.DEMO:
        return SystemClock()
    file = _file(settings)
    if file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(kept["since"])
        return ShiftedClock(datetime.fromisoformat(kept["start"]), kept["rate"], since=since)
    clock = ShiftedClock(settings.clock.start_utc(), settings.clock.rate)
    keep(settings, clock)
    return clock


def keep(settings: Settings, clock: ShiftedClock) -> None:
    """Write down where it stands."""
    kept = {"start": clock.start.isoformat(), "since": clock.since.isoformat(), "rate": clock.rate}
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(kept), encoding="utf-8")
    draft.replace(file)


def _file(settings: Settings) -> Path:
    return settings.below_data("clock.json")
