"""SQLite in one trip to its thread for each statement, and a short question without any.

aiosqlite alone makes four (make the cursor, execute, fetch, close), and each of them waits until the event loop comes
round: under load that is most of what a transaction takes. A connection that only reads answers on the spot what takes
no longer than the trip; what does not end by then begins anew in the thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any

import aiosqlite

_CHUNK = 64  # rows at a time for those who iterate; nobody here does
_STEPS = 20_000  # of SQLite's machine, about a millisecond; most questions of a page take some hundred
_SHORT = ("SELECT", "WITH", "BEGIN", "PRAGMA")  # what may be begun twice


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
        if not self._connection.spot(self._run, sql, parameters):
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
    """`reads`: how many seconds it waits for what another process holds, and that it only reads; None: it writes."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], reads: float | None) -> None:
        super().__init__(connector, _CHUNK)
        self._reads = reads
        self._closing: asyncio.Task[None] | None = None
        self._away = False  # whether the thread works, be it for somebody who no longer waits
        self._short = False  # whether it stops after _STEPS and waits for nobody

    def is_closed(self) -> bool:
        """As asyncpg's connections tell it."""
        return not self._running

    async def close(self) -> None:
        """Once, however many ask for it at a time: aiosqlite lets the second wait for ever."""
        if self._closing is None and self._running:
            self._closing = asyncio.create_task(super().close())
        if self._closing is not None:
            await asyncio.shield(self._closing)

    def cursor(self) -> _Cursor:  # type: ignore[override]  # no trip, so nothing to await
        return _Cursor(self)

    async def run(self, act: Any, *given: Any) -> Any:
        """What `act` gives when called in the connection's thread, with the connection itself first."""
        self._away = True
        return await self._execute(lambda: self._in_thread(act, *given))  # type: ignore[no-untyped-call]  # theirs

    def spot(self, act: Any, sql: str, parameters: Sequence[Any]) -> bool:
        """Whether it was done here and now."""
        if self._reads is None or self._away or not sql.lstrip().startswith(_SHORT):
            return False
        self._shorten(short=True)
        try:
            act(self._conn, "execute", sql, parameters)
        except (
            sqlite3.OperationalError
        ):  # too long, or somebody holds it; what is truly wrong is so in the thread too
            return False
        return True

    async def rollback(self) -> None:
        """End what was read."""
        if self._reads is None or self._away:
            await self.run(sqlite3.Connection.rollback)
        else:
            self._conn.rollback()

    def _in_thread(self, act: Any, *given: Any) -> Any:
        try:
            self._shorten(short=False)
            return act(self._conn, *given)
        finally:
            self._away = False

    def _shorten(self, *, short: bool) -> None:
        if self._reads is None or self._short == short:
            return
        self._short = short
        self._conn.execute(f"PRAGMA busy_timeout={0 if short else int(self._reads * 1000)}")
        self._conn.set_progress_handler(_enough if short else None, _STEPS)


def _enough() -> int:
    return 1


def connect(
    database: str, *, reads: float | None = None, pragmas: Sequence[str] = (), **options: Any
) -> _Connection:
    """A connection as `aiosqlite.connect` makes it, with `pragmas` said; for `async_creator_fn` of SQLAlchemy. Await
    it."""
    if reads is not None:
        options["check_same_thread"] = False  # one of the two works at a time
    connection = _Connection(partial(_open, database, pragmas, options), reads)
    connection._thread.daemon = True  # as SQLAlchemy has it
    return connection


def _open(database: str, pragmas: Sequence[str], options: dict[str, Any]) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(database, **options)
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
