"""The house of the committees' tests, and the acts of convening in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlmodel import SQLModel

from meetings.convening.service import ConveningService
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.http import idempotency
from meetings.kernel.clock import FixedClock
from tests.committees.house import House, build
from tests.convening.holding import Hall
from tests.postgres import Urls


async def _tables(url: str) -> None:
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
    finally:
        await database.close()


def fill_tables(urls: Urls) -> None:
    """Tables and guards in an empty database."""
    asyncio.run(_tables(urls.owner))


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    """Tables and guards; naming the table of answers keeps its import in use."""
    assert idempotency.AnswerRow.__tablename__ == "idempotent_answer"
    return fill_tables


@pytest.fixture
async def units(app_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(app_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
def service(units: Units) -> ConveningService:
    return ConveningService(units)


@pytest.fixture
async def house(units: Units) -> House:
    return await build(units)


@pytest.fixture
def hall(service: ConveningService, units: Units, house: House, clock: FixedClock) -> Hall:
    return Hall(service=service, units=units, house=house, clock=clock)
