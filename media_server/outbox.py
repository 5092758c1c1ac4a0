"""What was not yet delivered, on disk: it outlives the process. One file, one thread, one owner."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from media_server.failures import log_failure

log = logging.getLogger(__name__)

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS letter (
    number INTEGER PRIMARY KEY,
    receiver INTEGER NOT NULL,
    room TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL
);
"""
RETRY_S = 1.0
TIDY_AFTER_S = 0.2  # receipts are gathered for so long: what is sent twice does no harm


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One event for one receiver (its place in the list of addresses). `created_at`: seconds since the epoch."""

    number: int
    receiver: int
    room: str
    body: bytes
    created_at: int


class Outbox:
    """Keeps letters from `keep` to `forget`. A disk that fails is logged; delivery goes on from memory.

    Many letters that come at once are one transaction; the event loop never waits for the disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._database: sqlite3.Connection | None = None
        self._kept: list[Letter] = []
        self._forgotten: list[int] = []
        self._work = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self.failures = 0

    async def open(self) -> list[Letter]:
        """Open or make the file; return what an earlier process left, oldest first. Raises OSError."""
        letters = await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        self._writer = asyncio.create_task(self._write_for_ever())
        return letters

    def keep(self, letter: Letter) -> None:
        """Write it down at once."""
        self._kept.append(letter)
        self._work.set()

    def forget(self, letter: Letter) -> None:
        """It was delivered, or given up: strike it out soon."""
        self._forgotten.append(letter.number)
        self._work.set()

    async def close(self) -> None:
        """Write what is left and close the file."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
            await self._flush()
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def _write_for_ever(self) -> None:
        while True:
            await self._work.wait()
            if not self._kept:
                await asyncio.sleep(TIDY_AFTER_S)
            self._work.clear()
            if not await self._flush():
                await asyncio.sleep(RETRY_S)
                self._work.set()

    async def _flush(self) -> bool:
        forgotten, self._forgotten = set(self._forgotten), []
        kept, self._kept = [each for each in self._kept if each.number not in forgotten], []
        write = asyncio.get_running_loop().run_in_executor(self._thread, self._write, kept, forgotten)
        try:
            await asyncio.shield(write)
        except sqlite3.Error as problem:
            log_failure(log, "webhooks not written down", problem)
            self.failures += 1
            self._kept, self._forgotten = kept + self._kept, [*forgotten, *self._forgotten]
            return False
        return True

    def _open(self) -> list[Letter]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._load()
        except sqlite3.DatabaseError as problem:
            log_failure(log, "webhooks unreadable, put aside", problem)
            self._close()
            self._path.replace(self._path.with_suffix(".unreadable"))
            return self._load()

    def _load(self) -> list[Letter]:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._database = sqlite3.connect(self._path, check_same_thread=False)
        self._database.executescript(SCHEMA)
        rows = self._database.execute(
            "SELECT number, receiver, room, body, created_at FROM letter ORDER BY number"
        )
        return [Letter(number=n, receiver=r, room=m, body=b, created_at=c) for n, r, m, b, c in rows]

    def _write(self, kept: list[Letter], forgotten: set[int]) -> None:
        if self._database is None:
            return
        rows = [(each.number, each.receiver, each.room, each.body, each.created_at) for each in kept]
        with self._database as database:
            database.executemany("INSERT OR REPLACE INTO letter VALUES (?, ?, ?, ?, ?)", rows)
            database.executemany("DELETE FROM letter WHERE number = ?", [(each,) for each in forgotten])

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
