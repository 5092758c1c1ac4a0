"""A database that goes away is told as such, nothing of the act is kept, and it comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from meetings.db.away import DatabaseAway, is_away
from meetings.db.batch import Batcher
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.conftest import Databases
from tests.db.notes import words, write
from tests.outage import Outage
from tests.postgres import Urls


@pytest.fixture
def outage(database_urls: Urls, databases: Databases) -> Iterator[Outage]:
    made = Outage(database_urls, databases)
    yield made
    made.close()


@pytest.fixture
async def far(outage: Outage, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(outage.urls.app, pool_size=3, patience=0.2)
    yield Units(database, clock)
    await database.close()


async def _write(units: Units, word: str) -> None:
    async with units.begin() as uow:
        write(uow, word)


async def test_it_goes_and_comes_back(far: Units, outage: Outage) -> None:
    await _write(far, "trước")
    outage.pull()
    for word in ("một", "hai", "ba", "bốn"):  # more often than there are connections
        with pytest.raises(DatabaseAway):
            await _write(far, word)
    outage.put_back()
    await _write(far, "sau")
    assert await words(far) == ["sau", "trước"]


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_it_goes_in_the_middle_of_an_act(far: Units, outage: Outage) -> None:
    """On SQLite an act that has begun holds the file itself."""
    with pytest.raises(DatabaseAway):
        async with far.begin() as uow:
            write(uow, "dở dang")
            await uow.session.flush()
            outage.pull()
            await uow.session.execute(text("SELECT 1"))
    outage.put_back()
    assert await words(far) == []


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_reading_tells_it_too(far: Units, outage: Outage) -> None:
    """On SQLite who reads waits for nobody who writes."""
    assert await words(far) == []
    outage.pull()
    for _ in range(4):
        with pytest.raises(DatabaseAway):
            await words(far)
        with pytest.raises(DatabaseAway):
            async with far.glance() as session:
                await session.execute(text("SELECT 1"))
    outage.put_back()
    assert await words(far) == []


async def test_a_folder_that_is_not_there_yet(clock: FixedClock, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    units = Units(Database(f"sqlite+aiosqlite:///{folder}/a.sqlite3", patience=0.1), clock)
    with pytest.raises(DatabaseAway):
        await words(units)
    folder.mkdir()
    async with units.glance() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    await units.database.close()


async def test_an_answer_of_the_database_is_no_absence(units: Units) -> None:
    with pytest.raises(DBAPIError) as wrong:
        async with units.begin() as uow:
            await uow.session.execute(text("SELECT no_such_column"))
    assert not is_away(wrong.value)


async def test_a_whole_batch_is_told_at_once(far: Units, outage: Outage) -> None:
    tries: list[int] = []

    async def flush(rows: Sequence[str]) -> list[str]:
        tries.append(len(rows))
        async with far.begin() as uow:
            for row in rows:
                write(uow, row)
        return list(rows)

    batcher = Batcher(flush)
    outage.pull()
    batcher.start()
    put = [asyncio.create_task(batcher.put(f"chữ {number}")) for number in range(30)]
    fates = await asyncio.gather(*put, return_exceptions=True)
    assert [type(fate) for fate in fates] == [DatabaseAway] * 30
    assert len(tries) <= 2  # not once for each row
    outage.put_back()
    assert await batcher.put("chữ 0") == "chữ 0"
    await batcher.stop()
    assert await words(far) == ["chữ 0"]
