"""A small house for tests: a commune with two cells, and everybody's ways in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import SQLModel

from meetings.committees.service import CommitteesService
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.http import idempotency
from meetings.kernel.clock import FixedClock
from tests.committees.house import House, build
from tests.postgres import Urls


def _fill(urls: Urls) -> None:
    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> object:
    """Tables and guards; the name keeps the import of the table of answers in use."""
    assert idempotency.AnswerRow.__tablename__ == "idempotent_answer"
    return _fill


@pytest.fixture
async def units(database_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(database_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
def service(units: Units, clock: FixedClock) -> CommitteesService:
    """In tests real time is the same clock, so that links can be made to expire."""
    return CommitteesService(units, clock=clock)


@pytest.fixture
async def house(units: Units) -> House:
    return await build(units)
