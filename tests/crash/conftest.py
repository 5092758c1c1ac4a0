"""Cell S with its keys, as in the tests of the minutes; a server that keeps its promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
from tests.postgres import NoPostgres, PostgresCluster

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


@pytest.fixture(params=["sqlite", "postgres"])
def cluster(request: pytest.FixtureRequest) -> Iterator[PostgresCluster | None]:
    """A PostgreSQL that keeps its promises, or none: SQLite lives in the worker and dies with it."""
    if request.param == "sqlite":
        yield None
        return
    try:
        with PostgresCluster(durable=True) as made:
            yield made
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")
