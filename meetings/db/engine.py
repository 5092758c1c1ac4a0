"""One database, two ways in: a writer (on SQLite a single connection in one fair lane) and readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from meetings.db.away import reach, telling_away
from meetings.db.once import remembering
from meetings.db.one_trip import connect
from meetings.db.opened import Opened
from meetings.kernel.clock import real_now

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # acknowledged means on the disk
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that REPLACE fires the guards against deletion
)
_TIME = text("SELECT clock_timestamp()")
_STATE = {
    "sqlite": "PRAGMA data_version",  # of this connection: changes with what any other one has committed
    "postgresql": "SELECT pg_current_snapshot()::text",  # which transactions are seen to have ended
}


class Database:
    """Engines for writing and reading, and the write lane. `url` is an async SQLAlchemy URL; `pool_size`
    connections go to PostgreSQL. Errors never show the values of a statement: they may be personal.

    Who gets no connection within `patience` seconds is refused with Busy; where the database itself is not reached, or
    on SQLite is held by another process for so long, with DatabaseAway.
    """

    def __init__(self, url: str, *, pool_size: int = 8, patience: float = 10.0) -> None:
        self.url = make_url(url)
        self._patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.lane = asyncio.Lock()  # fair: waiters are served in order
        self._opened = Opened()
        self._writer = self._engine("BEGIN IMMEDIATE", size=1 if self.is_sqlite else pool_size)
        self._reader = (
            self._engine("BEGIN", size=4, reads=patience) if self.is_sqlite else _snapshot(self._writer)
        )
        self._glancer = self._reader if self.is_sqlite else _without_transaction(self._writer)

    def _engine(self, begin: str, *, size: int, reads: float | None = None) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url,
                pool_size=size,
                max_overflow=0,
                pool_timeout=self._patience,
                pool_use_lifo=True,  # the one that was used last knows most
                hide_parameters=True,
                connect_args={"async_creator_fn": partial(self._opened.open, reach)},
            )
        pragmas = (f"busy_timeout={int(self._patience * 1000)}", *_PRAGMAS)
        opening = partial(self._opened.open, connect, reads=reads, pragmas=pragmas)
        engine = create_async_engine(
            self.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            pool_timeout=self._patience,
            pool_use_lifo=True,  # the one that was used last knows most
            hide_parameters=True,
            connect_args={"isolation_level": None, "async_creator_fn": opening},
        )
        event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session in a write transaction; commits when left without an exception."""
        with telling_away():
            if not self.is_sqlite:
                async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
                    yield session
                    self._opened.check()
                return
            async with (
                self.lane,
                AsyncSession(self._writer, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
                self._opened.check()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for reading one consistent state; nothing it does is kept, but what it was told while that state
        lasts (`once.py`)."""
        with telling_away():
            async with AsyncSession(self._reader, expire_on_commit=False) as session:
                connection = await session.connection()
                state = (await connection.exec_driver_sql(_STATE[self.url.get_backend_name()])).scalar_one()
                with remembering(session, state, connection.info):
                    yield session

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[AsyncSession]:
        """A session for one statement that reads: on PostgreSQL it spares the two round trips of a transaction."""
        with telling_away():
            async with AsyncSession(self._glancer, expire_on_commit=False) as session:
                yield session

    async def time(self, session: AsyncSession) -> datetime:
        """The database's own clock, aware: the server's, or this machine's under SQLite, which lives in the process."""
        if self.is_sqlite:
            return real_now()
        told: datetime = (await session.execute(_TIME)).scalar_one()
        return told

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection in a write transaction, for migrations and checks of the catalogue."""
        async with self.lane, self._writer.begin() as connection:
            yield connection
            self._opened.check()

    async def close(self) -> None:
        """Return every connection; there are no others after it (DatabaseAway)."""
        await self._writer.dispose()
        if self.is_sqlite:  # elsewhere both share one pool
            await self._reader.dispose()
        await self._opened.close()


def _snapshot(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, reading one state throughout a transaction, as SQLite does anyway."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _without_transaction(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, each statement by itself."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
