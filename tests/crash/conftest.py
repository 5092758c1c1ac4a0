"""Cell S with its keys, as in the tests of the minutes."""

from __future__ import annotations

from tests.minutes.conftest import (
    cell,
    database_template,
    gateway,
    minutes,
    real,
    rooms,
    service,
    units,
    workshop,
    world,
)

__all__ = [
    "cell",
    "database_template",
    "gateway",
    "minutes",
    "real",
    "rooms",
    "service",
    "units",
    "workshop",
    "world",
]
