"""The connections that are open, so that each is closed when the database is.

A pool of SQLAlchemy that ends forgets the connection in somebody's hands, a job that is being cancelled, say; and who
comes later opens new ones. The collector finds them, in some other place and time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from meetings.db.away import DatabaseAway

_ENDED_WITHIN = 2.0  # seconds


class Opened:
    """Every connection of one database."""

    def __init__(self) -> None:
        self._open: list[Any] = []  # of asyncpg, or ours to SQLite
        self._over = False

    async def open(self, how: Callable[..., Awaitable[Any]], *where: Any, **options: Any) -> Any:
        """One more, made by `how`; with that given, the `async_creator_fn` of SQLAlchemy. Raises what `how` raises;
        DatabaseAway after `close`.
        """
        self.check()
        made = await how(*where, **options)
        self._open = [*(one for one in self._open if not one.is_closed()), made]
        if self._over:  # meanwhile
            await self.close()
        self.check()
        return made

    def check(self) -> None:
        """To be asked before a commit: SQLAlchemy takes one on a closed connection to SQLite for done. Raises
        DatabaseAway after `close`.
        """
        if self._over:
            raise DatabaseAway

    async def close(self) -> None:
        """Close what is still open, whoever holds it."""
        self._over = True
        for one in self._open:
            with suppress(Exception):  # it is closed whatever it had to say
                async with asyncio.timeout(_ENDED_WITHIN):
                    await one.close()
