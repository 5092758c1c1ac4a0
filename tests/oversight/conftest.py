"""A commune of eighteen cells on both databases, seen from above."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlmodel import SQLModel

import meetings.http.idempotency  # noqa: F401  its table
from meetings.attendance.service import AttendanceService
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.ledger.service import LedgerService
from meetings.oversight.service import OversightService, recount_sitting
from tests.attendance.world import World, people_of_both_cells
from tests.conftest import Template
from tests.oversight.world import Above, more_cells
from tests.postgres import Urls

_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def _fill(urls: Urls) -> None:
    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        units = Units(database, FixedClock(_WRITTEN))
        await people_of_both_cells(units)
        await more_cells(units)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Template:
    return _fill


@pytest.fixture
async def units(database_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(database_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
async def above(units: Units, clock: FixedClock) -> AsyncIterator[Above]:
    attendance = AttendanceService(
        units, secret=b"an invented secret", real=clock, waiting=1_000, on_corrected=recount_sitting
    )
    attendance.start()
    oversight = OversightService(units, LedgerService(units))
    yield Above(
        units=units, clock=clock, service=oversight, below=World(units=units, clock=clock, service=attendance)
    )
    await attendance.stop()
