"""A small house for tests: a commune with two cells, and everybody's ways in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestServer
from sqlmodel import SQLModel

from meetings.committees.service import CommitteesService
from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.committees.house import House, build
from tests.committees.web import Browser, make_app, signed_in
from tests.postgres import Urls

Opener = Callable[..., Awaitable[Any]]
OpenBrowser = Callable[..., Awaitable[Browser]]


def _fill(urls: Urls) -> None:
    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> object:
    """Tables and guards of every storey that these tests import."""
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
async def open_browser(
    units: Units, service: CommitteesService, aiohttp_client: Opener, house: House
) -> OpenBrowser:
    """Opens browsers, each with cookies of its own, on one application."""
    server = TestServer(make_app(units, service))

    async def opened(name: str | None = None) -> Browser:
        # Tests come by address, to which a jar gives no cookies unless it is told so.
        browser: Browser = await aiohttp_client(server, cookie_jar=CookieJar(unsafe=True))
        return browser if name is None else await signed_in(browser, service, house, name)

    return opened


@pytest.fixture
async def house(units: Units) -> House:
    return await build(units)
