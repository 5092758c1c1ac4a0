"""The databases that tests get are fresh, and on PostgreSQL the application owns nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from meetings.kernel.clock import FixedClock
from meetings.kernel.months import Month
from tests.postgres import Urls


async def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement."""
    engine = create_async_engine(url)
    rows: list[tuple[object, ...]] = []
    try:
        async with engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
                rows = [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()
    return rows


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_starts_empty(database_url: str, turn: int) -> None:
    await run(database_url, "CREATE TABLE seen (turn integer)", f"INSERT INTO seen VALUES ({turn})")
    assert await run(database_url, "SELECT turn FROM seen") == [(turn,)]


async def test_the_application_writes_rows_and_owns_no_table(database_urls: Urls) -> None:
    await run(database_urls.owner, "CREATE TABLE note (body text)")
    await run(database_urls.app, "INSERT INTO note VALUES ('một')")
    assert await run(database_urls.app, "SELECT body FROM note") == [("một",)]
    if database_urls.app != database_urls.owner:
        for attack in (
            "DROP TABLE note",
            "ALTER TABLE note DISABLE TRIGGER ALL",
            "CREATE TABLE other (id integer)",
        ):
            with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
                await run(database_urls.app, attack)


def test_the_clock_stands_in_november(clock: FixedClock) -> None:
    assert str(Month.of(clock.now())) == "2026-11"
    assert clock.now() == clock.now()
