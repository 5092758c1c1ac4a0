"""Whoever is interrupted leaves no connection open, and nobody has one after the database is closed."""

from __future__ import annotations

import asyncio
import gc
import sys
from unittest.mock import AsyncMock, Mock

import pytest
from sqlalchemy import text

from meetings.db.engine import Database
from meetings.db.opened import Opened
from meetings.kernel.errors import Busy

_MOMENTS = 100
_APART = 0.0001  # seconds; together longer than opening SQLite and one question take


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the collector complains of: connections nobody closed."""
    complaints: list[object] = []
    gc.collect()
    monkeypatch.setattr(sys, "unraisablehook", lambda given: complaints.append(given.exc_value))
    return complaints


async def _ask(database: Database, *, write: bool) -> None:
    async with database.writing() if write else database.reading() as session:
        await session.execute(text("SELECT 1"))


@pytest.mark.parametrize("write", [False, True], ids=["reading", "writing"])
async def test_the_interrupted_leave_nothing_open(app_url: str, write: bool, told: list[object]) -> None:
    for moment in range(_MOMENTS):
        database = Database(app_url)
        asking = asyncio.create_task(_ask(database, write=write))
        await asyncio.sleep(moment * _APART)
        asking.cancel()
        await database.close()
        await asyncio.gather(asking, return_exceptions=True)
        del database, asking
    gc.collect()
    assert told == []


async def test_what_somebody_still_holds_is_closed_and_never_taken_for_written(
    app_url: str, told: list[object]
) -> None:
    has, may = asyncio.Event(), asyncio.Event()

    async def hold(database: Database) -> None:
        async with database.writing() as session:
            await session.execute(text("SELECT 1"))
            has.set()
            await may.wait()

    database = Database(app_url)
    holding = asyncio.create_task(hold(database))
    await has.wait()
    await database.close()
    may.set()
    (ended,) = await asyncio.gather(holding, return_exceptions=True)
    assert isinstance(ended, Busy)
    del database, holding, ended  # whose frames would keep it from the collector
    gc.collect()
    assert told == []


async def test_who_comes_after_the_close_is_refused_and_opens_nothing(app_url: str) -> None:
    database = Database(app_url)
    await _ask(database, write=False)
    await database.close()
    for write in (False, True):
        with pytest.raises(Busy):
            await _ask(database, write=write)


async def test_what_is_being_opened_while_it_closes_is_closed_too() -> None:
    may, opened = asyncio.Event(), Opened()
    made = AsyncMock(is_closed=Mock(return_value=False))

    async def slow() -> AsyncMock:
        await may.wait()
        return made

    opening = asyncio.create_task(opened.open(slow))
    await asyncio.sleep(0)
    await opened.close()
    may.set()
    with pytest.raises(Busy):
        await opening
    made.close.assert_awaited_once()
