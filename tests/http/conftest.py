"""A small application over the http floor alone: notes that can be written and read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from pytest_aiohttp import AiohttpClient
from sqlmodel import SQLModel

import meetings.http.idempotency  # noqa: F401  its table
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.conftest import Databases
from tests.http.notes import Client, NoteHandlers, note_app
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


@pytest.fixture(params=["sqlite"])
def database_urls(
    request: pytest.FixtureRequest,
    databases: Databases,
    database_template: Callable[[Urls], None],
    tmp_path: Path,
) -> Iterator[Urls]:
    """Little of this floor reaches the database; what does asks for both engines by parametrizing."""
    if request.param == "postgres":
        yield from databases.on_postgres(database_template)
    else:
        yield from databases.on_sqlite(database_template, tmp_path)


@pytest.fixture
async def units(database_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(database_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
def notes(units: Units) -> NoteHandlers:
    return NoteHandlers(units)


@pytest.fixture
async def client(notes: NoteHandlers, units: Units, aiohttp_client: AiohttpClient) -> Client:
    return Client(await aiohttp_client(note_app(notes, units)))
