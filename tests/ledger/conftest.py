"""A database that holds nothing but the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlmodel import SQLModel

import meetings.ledger.log_store  # noqa: F401  its tables and guards
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.postgres import Urls


def _fill(urls: Urls) -> None:
    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    return _fill


@pytest.fixture
async def units(app_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    """As the application: on PostgreSQL a role that owns nothing."""
    database = Database(app_url)
    yield Units(database, clock)
    await database.close()
