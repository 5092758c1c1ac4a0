"""SQLite by one trip a statement: SQLAlchemy sees what aiosqlite's own cursor would show."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import aiosqlite
import pytest

from meetings.db.one_trip import connect

STATEMENTS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT UNIQUE)", ()),
    ("INSERT INTO person (name) VALUES (?)", ("Én",)),
    ("INSERT INTO person (name) VALUES (?) RETURNING id, name", ("Đào",)),
    ("SELECT name FROM person ORDER BY id", ()),
    ("UPDATE person SET name = name || ?", ("!",)),
    ("SELECT name FROM person WHERE id = ?", (9,)),
)


@pytest.fixture(
    params=[connect, partial(connect, reads=1.0), aiosqlite.connect],
    ids=["one trip", "on the spot", "aiosqlite"],
)
async def connection(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[aiosqlite.Connection, sqlite3.Connection]]:
    make: Callable[..., aiosqlite.Connection] = request.param
    made = await make(str(tmp_path / "a.sqlite3"), isolation_level=None)
    beside = sqlite3.connect(tmp_path / "b.sqlite3", isolation_level=None)
    yield made, beside
    await made.close()
    beside.close()


async def test_a_statement_gives_what_sqlite_gives(
    connection: tuple[aiosqlite.Connection, sqlite3.Connection],
) -> None:
    made, beside = connection
    for sql, parameters in STATEMENTS:
        theirs = beside.execute(sql, parameters)
        rows = theirs.fetchall()
        cursor = await made.cursor().__aenter__()
        await cursor.execute(sql, parameters)
        assert list(await cursor.fetchall()) == rows
        assert (cursor.description, cursor.lastrowid) == (theirs.description, theirs.lastrowid)
        assert cursor.rowcount == theirs.rowcount
        await cursor.close()


async def test_many_at_once_and_what_is_refused(
    connection: tuple[aiosqlite.Connection, sqlite3.Connection],
) -> None:
    made, _ = connection
    cursor = await made.cursor().__aenter__()
    await cursor.execute(STATEMENTS[0][0])
    await cursor.executemany("INSERT INTO person (name) VALUES (?)", [("Cúc",), ("Mơ",)])
    assert cursor.rowcount == 2
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO person (name) VALUES ('Mơ')")
    await cursor.execute("SELECT count(*) FROM person")
    assert list(await cursor.fetchall()) == [(2,)]


class Traced:
    """Which thread ran what, seen by SQLite itself."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.threads: list[tuple[str, int]] = []
        connection._conn.set_trace_callback(
            lambda sql: self.threads.append((sql.split()[0], threading.get_ident()))
        )

    def by(self, word: str) -> list[bool]:
        """Whether each statement that begins so ran in this very thread."""
        return [thread == threading.get_ident() for begun, thread in self.threads if begun == word]


_LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT max(i) FROM n"
)


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[aiosqlite.Connection]:
    made = await connect(
        str(tmp_path / "a.sqlite3"), reads=0.2, isolation_level=None, check_same_thread=False
    )
    yield made
    await made.close()


async def test_what_is_short_is_answered_here_and_what_is_long_in_the_thread(
    reader: aiosqlite.Connection,
) -> None:
    cursor = await reader.cursor().__aenter__()
    traced = Traced(reader)
    for sql, answer in ((_LONG, 100_000), ("SELECT 7", 7), (_LONG, 100_000)):
        await cursor.execute(sql)
        assert list(await cursor.fetchall()) == [(answer,)]
    assert traced.by("SELECT") == [True]
    assert traced.by("WITH") == [True, False, True, False]  # begun here, given up, done there


async def test_what_is_wrong_is_told_once_and_what_writes_is_never_tried_here(
    reader: aiosqlite.Connection,
) -> None:
    cursor = await reader.cursor().__aenter__()
    traced = Traced(reader)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await cursor.execute("SELECT 1 FROM nowhere")
    await cursor.execute("CREATE TABLE person (id INTEGER PRIMARY KEY)")
    assert traced.by("CREATE") == [False]


async def test_it_waits_for_others_in_the_thread_only(reader: aiosqlite.Connection, tmp_path: Path) -> None:
    cursor = await reader.cursor().__aenter__()
    await cursor.execute("CREATE TABLE person (id INTEGER PRIMARY KEY)")
    holder = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    begun = monotonic()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await cursor.execute("SELECT id FROM person")
    assert monotonic() - begun >= 0.2  # patience is kept, but not on the loop
    holder.execute("ROLLBACK")
    holder.close()
    await cursor.execute("SELECT id FROM person")
    assert list(await cursor.fetchall()) == []


async def test_a_transaction_is_ended_here(reader: aiosqlite.Connection) -> None:
    cursor = await reader.cursor().__aenter__()
    await cursor.execute("BEGIN")
    await cursor.execute("SELECT 1")
    assert reader.in_transaction
    await reader.rollback()
    assert not reader.in_transaction


async def test_it_is_closed_once_however_many_ask(tmp_path: Path) -> None:
    made = await connect(str(tmp_path / "a.sqlite3"))
    async with asyncio.timeout(10):
        await asyncio.gather(made.close(), made.close())
        await made.close()
