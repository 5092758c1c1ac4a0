"""Two ways in: one fair lane for writing on SQLite, readers beside it that see only what is committed."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.errors import Busy
from tests.db.notes import words, write


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_writers_pass_the_lane_in_the_order_they_came(units: Units) -> None:
    order: list[int] = []

    async def writer(number: int) -> None:
        async with units.begin() as uow:
            order.append(number)
            write(uow, f"từ {number}")
            await uow.session.flush()
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(writer(number))
    assert order == list(range(20))
    assert len(await words(units)) == 20


async def test_many_writers_at_once_all_commit(units: Units) -> None:
    async def writer(number: int) -> None:
        async with units.begin() as uow:
            write(uow, f"từ {number}")

    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(writer(number))
    assert len(await words(units)) == 40


async def test_a_reader_neither_waits_for_a_writer_nor_sees_its_rows(units: Units) -> None:
    async with units.begin() as uow:
        write(uow, "chưa ghi xong")
        await uow.session.flush()
        assert await asyncio.create_task(words(units)) == []
    assert await words(units) == ["chưa ghi xong"]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_every_connection_of_sqlite_is_careful(database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    async with database.reading() as reading, database.writing() as writing:
        for session in (reading, writing):
            found = {name: (await session.execute(text(f"PRAGMA {name}"))).scalar() for name in wanted}
            assert found == wanted


async def test_an_error_shows_no_values(units: Units) -> None:
    """What fails unexpectedly is logged; a value may be somebody's name."""
    with pytest.raises(DBAPIError) as failed:
        async with units.begin() as uow:
            await uow.session.execute(
                text("INSERT INTO no_such_table VALUES (:name)"), {"name": "Nguyễn Bí Mật"}
            )
    assert "Nguyễn Bí Mật" not in str(failed.value)


async def test_who_gets_no_connection_in_time_is_told_to_come_again(app_url: str) -> None:
    database = Database(app_url, pool_size=4, patience=0.1)
    async with AsyncExitStack() as others:
        for _ in range(4):
            session = await others.enter_async_context(database.reading())
            await session.execute(text("SELECT 1"))
        with pytest.raises(Busy):
            async with database.reading() as late:
                await late.execute(text("SELECT 1"))
        with pytest.raises(Busy):
            async with database.glancing() as late:
                await late.execute(text("SELECT 1"))
    async with database.reading() as later:
        assert (await later.execute(text("SELECT 1"))).scalar_one() == 1
    await database.close()
