"""A database that cannot be reached for now becomes one typed refusal, whatever its driver raised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolDrained

from meetings.kernel.errors import Busy

# PostgreSQL: class 08 (connection), shutting down, starting up, no connection left. SQLite: the file is held by
# another process for longer than we wait, or the disk under it does not answer.
_STATES = frozenset({"57P01", "57P02", "57P03", "53300"})
_CONNECTION = "08"
_SQLITE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_PROTOCOL",
)

_REACHED_WITHIN = 10.0  # seconds; a server that is not there says so at once


class DatabaseAway(Busy):
    """The database is not reached, or went away in the middle of an act. What was acknowledged before stands; of
    this act nothing was acknowledged, and it may be sent again."""

    code = "database-away"
    message = (
        "Máy chủ tạm thời chưa vào được nơi lưu dữ liệu. Những gì đã ghi trước đó vẫn còn nguyên. "
        "Xin chờ ít giây rồi thử lại."
    )


async def reach(*where: Any, **how: Any) -> asyncpg.Connection:
    """A connection to PostgreSQL; for `async_creator_fn`. Raises DatabaseAway."""
    try:
        return await asyncpg.connect(*where, timeout=_REACHED_WITHIN, **how)
    except (OSError, TimeoutError) as exc:
        raise DatabaseAway from exc
    except asyncpg.PostgresError as exc:
        if _gone(exc.sqlstate):
            raise DatabaseAway from exc
        raise


@contextmanager
def telling_away() -> Iterator[None]:
    """Inside, errors of a database that is away are raised as DatabaseAway; Busy where no connection is free."""
    try:
        yield
    except PoolDrained as exc:
        raise Busy from exc
    except DBAPIError as exc:
        if is_away(exc):
            raise DatabaseAway from exc
        raise


def is_away(exc: DBAPIError) -> bool:
    """Whether the database was not reached, rather than that it answered with an error."""
    if exc.connection_invalidated:
        return True
    cause: BaseException | None = exc.orig
    while cause is not None:
        if _gone(getattr(cause, "sqlstate", None)):
            return True
        if str(getattr(cause, "sqlite_errorname", "")).startswith(_SQLITE):
            return True
        cause = cause.__cause__
    return False


def _gone(state: str | None) -> bool:
    return state is not None and (state in _STATES or state.startswith(_CONNECTION))
