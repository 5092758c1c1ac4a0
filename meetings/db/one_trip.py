"""SQLite in one trip to its thread for each statement.

aiosqlite alone makes four (make the cursor, execute, fetch, close), and each of them waits until the event loop comes
round: under load that is most of what a transaction takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Any

import aiosqlite

_CHUNK = 64  # rows at a time for those who iterate; nobody here does


class _Cursor:
    """What SQLAlchemy asks of aiosqlite's cursor: here everything happens in `execute`."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> _Cursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> _Cursor:
        """Run one statement and fetch all it gives. Raises what sqlite3 raises."""
        await self._connection.run(self._run, "execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> _Cursor:
        """Run one statement for each of the parameters. Raises what sqlite3 raises."""
        await self._connection.run(self._run, "executemany", sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """It is closed since it was executed."""

    def _run(self, connection: sqlite3.Connection, how: str, sql: str, parameters: Sequence[Any]) -> None:
        with closing(connection.cursor()) as cursor:
            getattr(cursor, how)(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid


class _Connection(aiosqlite.Connection):
    def cursor(self) -> _Cursor:  # type: ignore[override]  # no trip, so nothing to await
        return _Cursor(self)

    async def run(self, act: Any, *given: Any) -> Any:
        """What `act` gives when called in the connection's thread, with the connection itself first."""
        return await self._execute(lambda: act(self._conn, *given))  # type: ignore[no-untyped-call]  # theirs


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """A connection as `aiosqlite.connect` makes it; for `async_creator_fn` of SQLAlchemy. Await it."""
    connection = _Connection(partial(sqlite3.connect, database, **options), _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy has it
    return connection
