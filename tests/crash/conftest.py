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

# Half a minute each: ./test shows it on one database, ./test --long on the other too.
LONG = (
    "test_nothing_acknowledged_is_lost[sqlite]",
    "test_every_secret_ballot_told_to_be_recorded_is_counted_once[postgres]",
    "test_one_vote_in_a_storm[sqlite]",
    "test_killed_between_any_two_steps[postgres]",
    "test_killed_between_any_two_steps_of_signing_elsewhere[postgres]",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before pytest leaves out what is long."""
    for item in items:
        if item.name in LONG:
            item.add_marker(pytest.mark.long)


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
