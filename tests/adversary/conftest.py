"""A cell large enough for a hall of thirty, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.attendance.conftest import fill, real, service, units
from tests.attendance.world import more_officials
from tests.conftest import Template
from tests.postgres import Urls
from tests.voting.conftest import voting, world

__all__ = ["real", "service", "units", "voting", "world"]


def fill_hall(urls: Urls) -> None:
    """Both cells, and eleven more official members of the first."""

    async def run() -> None:
        database = Database(urls.owner)
        await more_officials(
            Units(database, FixedClock(datetime(2026, 1, 1, tzinfo=UTC))), [f"x{n}" for n in range(1, 12)]
        )
        await database.close()

    fill(urls)
    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Template:
    return fill_hall
