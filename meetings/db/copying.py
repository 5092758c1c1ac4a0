"""One consistent state of the database as files, and back into an empty database, guards included.

SQLite: the file, by the online backup (serving goes on). PostgreSQL: one file of COPY text per table, read in one
REPEATABLE READ transaction; no tool of PostgreSQL is needed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import SQLModel

from meetings.db.engine import Database
from meetings.db.migrate import check, is_current, upgrade
from meetings.db.schema import create_guards, drop_guards
from meetings.kernel.errors import Conflict, Invalid

FILE = "database.sqlite3"


class DatabaseNotEmpty(Conflict):
    """There are tables already."""

    code = "database-not-empty"
    message = "Cơ sở dữ liệu đích đã có bảng. Chỉ khôi phục vào cơ sở dữ liệu trống. Chưa thay đổi gì."


class CopySpoiled(Invalid):
    """The copy is no sound database of this program's version."""

    code = "copy-spoiled"
    message = "Cơ sở dữ liệu trong bản sao lưu không lành lặn hoặc thuộc phiên bản khác. Chưa thay đổi gì."


def copy_sqlite(source: Path, target: Path) -> None:
    """The state of this moment as one file without a journal; whoever writes meanwhile is not held up."""
    with closing(sqlite3.connect(source)) as serving, closing(sqlite3.connect(target)) as copy:
        serving.execute("PRAGMA query_only=ON")
        serving.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


async def check_sqlite(file: Path) -> None:
    """Raises CopySpoiled unless it is a whole database with this program's schema and all of its guards."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        try:
            sound = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        raise CopySpoiled
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(is_current):
                raise CopySpoiled
            await connection.run_sync(check)
    finally:
        await engine.dispose()


def tables(connection: Connection) -> list[Table]:
    """Every table of the application that is there, those that others refer to first."""
    there = set(inspect(connection).get_table_names())
    return [table for table in SQLModel.metadata.sorted_tables if table.name in there]


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


async def copy_postgres(url: str, folder: Path) -> str:
    """Writes `TABLE.copy` for each table; returns the schema's revision."""
    engine = create_async_engine(make_url(url), isolation_level="REPEATABLE READ", hide_parameters=True)
    try:
        async with engine.connect() as connection:
            revision = await connection.run_sync(revision_of)  # also begins the transaction
            driver = await _driver(connection)
            for table in await connection.run_sync(tables):
                out = folder / f"{table.name}.copy"
                await driver.copy_from_table(table.name, columns=_columns(table), output=str(out))
        return revision
    finally:
        await engine.dispose()


def revision_of(connection: Connection) -> str:
    """The revision of the schema; empty where there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


async def _driver(connection: AsyncConnection) -> Any:
    """asyncpg's own connection, inside the transaction that SQLAlchemy began."""
    return (await connection.get_raw_connection()).driver_connection


async def load_postgres(url: str, folder: Path, before_commit: Callable[[], None]) -> None:
    """Makes the schema in an empty database and fills it, as the role that owns it, in one transaction.
    `before_commit` runs last inside it. Raises DatabaseNotEmpty, CopySpoiled; then nothing is there."""
    database = Database(url)
    try:
        async with database.connection() as connection:
            if await connection.run_sync(lambda one: inspect(one).get_table_names()):
                raise DatabaseNotEmpty
            await connection.run_sync(upgrade)
            await connection.run_sync(drop_guards)  # rows come in as they are, not as acts
            await _fill(connection, folder)
            await connection.run_sync(create_guards)
            await connection.run_sync(check)
            before_commit()
    finally:
        await database.close()


async def _fill(connection: AsyncConnection, folder: Path) -> None:
    driver = await _driver(connection)
    for table in await connection.run_sync(tables):
        source = folder / f"{table.name}.copy"
        if not source.is_file():
            raise CopySpoiled
        await driver.copy_to_table(table.name, columns=_columns(table), source=str(source))
        for column in table.columns:
            await _continue_numbers(connection, table.name, column.name)


async def _continue_numbers(connection: AsyncConnection, table: str, column: str) -> None:
    """A column that numbers by itself goes on after the highest that came in."""
    names = {"table": table, "column": column}
    found = await connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), names)
    if sequence := cast("str | None", found.scalar()):
        highest = f"(SELECT max({column}) FROM {table})"  # noqa: S608  names of our own tables
        wanted = text(f"SELECT setval('{sequence}', coalesce({highest}, 1), {highest} IS NOT NULL)")
        await connection.execute(wanted)
