"""Unit of work: one act, one transaction. An act called inside another act joins it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from meetings.db.engine import Database
from meetings.db.refusals import NoRoomLeft, is_full, translate
from meetings.kernel.clock import Clock

AfterCommit = Callable[[], Awaitable[None]]


class DoomedUnit(RuntimeError):
    """An inner act failed, so the outer one may not commit: a programming error."""


@dataclass(eq=False)
class UnitOfWork:
    """What an act works with: the session, its one moment, and what to do once it is durable.

    `told_at`: when the server was told of an act that a device kept and that happened at `now`; None: it happens now.
    """

    session: AsyncSession
    now: datetime
    task: asyncio.Task[Any] | None
    writing: bool
    doomed: bool = False
    after_commit: list[AfterCommit] = field(default_factory=list)
    told_at: datetime | None = None

    @property
    def received(self) -> datetime:
        """When the server got to know of the act."""
        return self.told_at or self.now


@contextmanager
def retold(uow: UnitOfWork, at: datetime) -> Iterator[None]:
    """Acts inside happened at that earlier moment, by a device's clock. The ledger keeps both moments."""
    now, told_at = uow.now, uow.told_at
    uow.now, uow.told_at = at, uow.received
    try:
        yield
    finally:
        uow.now, uow.told_at = now, told_at


_current: ContextVar[UnitOfWork | None] = ContextVar("unit of work", default=None)


class Units:
    """Opens units of work on one database under one clock.

    A writing unit's moment is the database's clock as `clock` tells it: workers whose own clocks differ, or are
    set while people vote, agree on what is in time. What only reads goes by the process's clock.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    @asynccontextmanager
    async def begin(self, *, timed: bool = True) -> AsyncIterator[UnitOfWork]:
        """A writing unit. Left normally it commits, left by an exception it rolls back. Not `timed`: whoever asked
        for it sets `now` by `moment` before anything is written, once what it waits for is locked.

        Raises the typed refusal that a violated constraint stands for, NoRoomLeft (`refusals.py`).
        """
        if (outer := _joinable()) is not None:
            if not outer.writing:
                raise DoomedUnit("a write inside a reading unit")
            with _dooming(outer):
                yield outer
            return
        try:
            async with self.database.writing() as session:
                now = await self.moment(session) if timed else self.clock.now()
                unit = UnitOfWork(session, now, asyncio.current_task(), writing=True)
                async with _as_current(unit):
                    yield unit
                if unit.doomed:
                    raise DoomedUnit("an inner act failed")
        except IntegrityError as exc:
            raise translate(exc) from exc
        except DBAPIError as exc:
            if is_full(exc):
                raise NoRoomLeft from exc
            raise
        for act in unit.after_commit:
            await act()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A unit for reading; joins a surrounding one so that it sees what that has written."""
        if (outer := _joinable()) is not None:
            yield outer
            return
        async with self.database.reading() as session:
            unit = UnitOfWork(session, self.clock.now(), asyncio.current_task(), writing=False)
            async with _as_current(unit):
                yield unit

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncSession]:
        """A session for one statement that reads, outside any unit: it sees only what is committed."""
        async with self.database.glancing() as session:
            yield session

    async def moment(self, session: AsyncSession) -> datetime:
        """The domain's moment by the database's clock."""
        return self.clock.at(await self.database.time(session))


def _joinable() -> UnitOfWork | None:
    """The unit of this very task: a task started inside a unit inherits the context but not the unit."""
    unit = _current.get()
    return unit if unit is not None and unit.task is asyncio.current_task() else None


@asynccontextmanager
async def _as_current(unit: UnitOfWork) -> AsyncIterator[None]:
    token = _current.set(unit)
    try:
        yield
    finally:
        _current.reset(token)


class _dooming:  # noqa: N801  reads as a statement
    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.unit.doomed = True
