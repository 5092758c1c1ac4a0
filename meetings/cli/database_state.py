"""Whether the database has this program's schema, and every guard that keeps the month's obligation."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from meetings.cli.installation import FILE, is_installed
from meetings.db.guards import GUARDS
from meetings.db.migrate import is_current
from meetings.db.schema import GuardMissing, check_guards
from meetings.health.rules import Finding
from meetings.settings import Settings, database_url

T = TypeVar("T")
PATIENCE = 5.0  # seconds for a database that does not answer


def schema(settings: Settings) -> Finding:
    """Its revision, and that every table which a guard watches is there."""
    if not is_installed(settings):
        return Finding(
            name="schema",
            ok=True,
            vi="Chưa có dữ liệu; lần chạy đầu sẽ tạo.",
            en="There are no data yet; the first start makes them.",
        )
    wrong = asked(settings, _behind)
    if wrong is None:
        return _silent("schema")
    if wrong:
        return Finding(
            name="schema",
            ok=False,
            vi=f"Cơ sở dữ liệu chưa đúng phiên bản ({wrong}): hãy sao lưu rồi chạy chibo migrate.",
            en=f"The database has not this program's schema ({wrong}): make a backup, then run chibo migrate.",
        )
    return Finding(
        name="schema",
        ok=True,
        vi="Cơ sở dữ liệu đúng phiên bản.",
        en="The database has this program's schema.",
    )


def guards(settings: Settings) -> Finding:
    """The triggers: without them a supplement could be turned into the month's meeting."""
    if not is_installed(settings):
        return Finding(
            name="guards",
            ok=True,
            vi="Chốt bảo vệ sẽ có cùng dữ liệu.",
            en="The guards will come with the data.",
        )
    wrong = asked(settings, _missing)
    if wrong is None:
        return _silent("guards")
    if wrong:
        return Finding(
            name="guards",
            ok=False,
            vi=f"Chốt bảo vệ thiếu hoặc bị sửa ({wrong}): chạy chibo verify, tìm ai đã sửa, rồi khôi phục bản sao lưu.",
            en=f"Guards are missing or altered ({wrong}): run chibo verify, find out who did it, restore a backup.",
        )
    return Finding(
        name="guards",
        ok=True,
        vi="Các chốt bảo vệ sinh hoạt thường kỳ còn nguyên vẹn.",
        en="The guards of the monthly meeting are in place.",
    )


def _silent(name: str) -> Finding:
    return Finding(
        name=name,
        ok=False,
        vi="Chưa xem được bên trong cơ sở dữ liệu: hãy làm theo dòng về cơ sở dữ liệu ở trên.",
        en="The database cannot be looked into: do what the line about the database says.",
    )


def _behind(connection: Connection) -> str:
    if not is_current(connection):
        return "alembic_version"
    missing = {guard.table for guard in GUARDS} - set(inspect(connection).get_table_names())
    return ", ".join(sorted(missing))


def _missing(connection: Connection) -> str:
    try:
        check_guards(connection)
    except GuardMissing as found:
        return str(found.facts["guards"])
    return ""


def asked(settings: Settings, question: Callable[[Connection], T]) -> T | None:
    """The answer, never None itself; None where the database does not open. A serving SQLite file is only read."""
    try:
        if settings.database.url:
            return asyncio.run(_of_postgres(database_url(settings), question))
        return _of_sqlite(settings, question)
    except (OSError, TimeoutError, DBAPIError, sqlite3.Error):
        return None


def _of_sqlite(settings: Settings, question: Callable[[Connection], T]) -> T:
    uri = f"{settings.below_data(FILE).as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True, timeout=PATIENCE), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


async def _of_postgres(url: str, question: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with asyncio.timeout(PATIENCE), engine.connect() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()
