"""A database with the tables of committees, convening and ledger, opened as the application opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlmodel import SQLModel

import meetings.committees.service  # what convening refers to
import meetings.convening.store
import meetings.ledger.file_store
import meetings.ledger.store  # noqa: F401  its tables and guards
from meetings.db import schema
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.db.notes import NoteRow  # noqa: F401  its table
from tests.postgres import Urls


async def _make(url: str) -> None:
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(schema.create_all, SQLModel.metadata)
    finally:
        await database.close()


def _fill(urls: Urls) -> None:
    asyncio.run(_make(urls.owner))


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    return _fill


@pytest.fixture
async def database(app_url: str) -> AsyncIterator[Database]:
    made = Database(app_url)
    yield made
    await made.close()


@pytest.fixture
async def owned(owner_url: str) -> AsyncIterator[Database]:
    """The same database as its owner, who may change tables."""
    made = Database(owner_url)
    yield made
    await made.close()


@pytest.fixture
def units(database: Database, clock: FixedClock) -> Units:
    return Units(database, clock)
