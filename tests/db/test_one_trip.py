"""SQLite by one trip a statement: SQLAlchemy sees what aiosqlite's own cursor would show."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
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


@pytest.fixture(params=[connect, aiosqlite.connect], ids=["one trip", "aiosqlite"])
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
