"""The whole application over cell S; pages say the same on both databases, so one is enough here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.conftest import Databases
from tests.outage import Outage
from tests.postgres import Urls
from tests.serving import Serving, found, serving


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    return found


@pytest.fixture
def database_urls(
    databases: Databases, database_template: Callable[[Urls], None], tmp_path: Path
) -> Iterator[Urls]:
    yield from databases.on_sqlite(database_template, tmp_path)


@pytest.fixture
async def house(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Serving]:
    async with serving(database_urls, tmp_path, clock) as running:
        yield running


@pytest.fixture
def outage(databases: Databases, database_template: Callable[[Urls], None]) -> Iterator[Outage]:
    """A PostgreSQL whose line can be pulled."""
    for urls in databases.on_postgres(database_template):
        made = Outage(urls, databases)
        yield made
        made.close()


@pytest.fixture
async def far(outage: Outage, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Serving]:
    """The application over that line."""
    async with serving(outage.urls, tmp_path, clock) as running:
        yield running
