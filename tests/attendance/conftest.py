"""A cell of 28 on both databases, and attendance over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlmodel import SQLModel

from meetings.attendance.service import AttendanceService
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.attendance.world import World, people_of_both_cells
from tests.conftest import Template
from tests.postgres import Urls

SECRET = b"an invented secret of the hall"
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def fill(urls: Urls) -> None:
    """Tables, guards, and the people of both cells."""

    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        await people_of_both_cells(Units(database, FixedClock(_WRITTEN)))
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Template:
    return fill


@pytest.fixture
async def units(database_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(database_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
def real() -> FixedClock:
    """Real time, by which codes and passes live; here on another day than the domain's."""
    return FixedClock(_WRITTEN)


@pytest.fixture
async def service(units: Units, real: FixedClock) -> AsyncIterator[AttendanceService]:
    made = AttendanceService(units, secret=SECRET, real=real, waiting=1_000)
    made.start()
    yield made
    await made.stop()


@pytest.fixture
def world(units: Units, clock: FixedClock, service: AttendanceService) -> World:
    return World(units=units, clock=clock, service=service)
