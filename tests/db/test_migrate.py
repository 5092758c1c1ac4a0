"""Migrations make exactly the declared tables and guards, on both databases, by the owner, for the application."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.db import migrate, schema
from meetings.db.engine import Database
from meetings.db.guards import guards_for
from tests.conftest import Databases
from tests.convening.world import statements
from tests.postgres import Urls

SCRIPTS = Path(migrate.FOLDER) / "sql"
OF_TESTS = "test_"
REFUSED = "must be owner|permission denied"

COLUMNS = """
SELECT table_name, ordinal_position, column_name, data_type, character_maximum_length, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
MASTER = "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex%'"


@pytest.fixture(scope="session")
def database_template() -> None:
    """Empty databases."""


@pytest.fixture
async def owned(database_urls: Urls) -> AsyncIterator[Database]:
    """Migrated by its owner."""
    await migrate.upgrade_database(database_urls.owner)
    made = Database(database_urls.owner)
    yield made
    await made.close()


@pytest.fixture
async def declared(database_urls: Urls, databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    """Another database, made from the declared tables."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'declared.sqlite3'}"
    if not database_urls.owner.startswith("sqlite"):
        url = databases.postgres().create().owner
    made = Database(url)
    async with made.connection() as connection:
        await connection.run_sync(_make)
    yield made
    await made.close()


def _make(connection: Connection) -> None:
    """The tables themselves: copies would tell their constraints in another order."""
    names = {table.name for table in declared_tables().sorted_tables}
    ours = [table for table in SQLModel.metadata.sorted_tables if table.name in names]
    SQLModel.metadata.create_all(connection, tables=ours)
    schema.create_guards(connection)


def declared_tables() -> MetaData:
    """Without the tables that tests declare for themselves."""
    ours = MetaData(naming_convention=SQLModel.metadata.naming_convention)
    for table in SQLModel.metadata.sorted_tables:
        if not table.name.startswith(OF_TESTS):
            table.to_metadata(ours)
    return ours


async def told(database: Database, query: str) -> set[tuple[Any, ...]]:
    """The catalogue's rows about our tables, white space made even."""
    async with database.connection() as connection:
        rows = await connection.execute(text(query))
        return {
            tuple(re.sub(r"\s+", " ", part).strip() if isinstance(part, str) else part for part in row)
            for row in rows
            if row[0] != "alembic_version"
        }


def written_as(dialect: str) -> str:
    command = [sys.executable, "-m", "meetings.cli.schema", dialect]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_first_migration_holds_the_declared_tables(dialect: str) -> None:
    """Stale? Write it anew: `python -m meetings.cli.schema DIALECT > meetings/db/migrations/sql/…`."""
    kept = (SCRIPTS / f"0001_begin.{dialect}.sql").read_text(encoding="utf-8")
    assert kept == written_as(dialect)


async def test_a_migrated_database_is_the_declared_one(owned: Database, declared: Database) -> None:
    queries: Iterable[str] = [MASTER] if owned.is_sqlite else [COLUMNS, CONSTRAINTS, INDEXES]
    for query in queries:
        found, wanted = await told(owned, query), await told(declared, query)
        assert len(wanted) > 30
        assert found == wanted


async def test_alembic_finds_no_difference(owned: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, declared_tables()))

    async with owned.connection() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_changes_nothing_and_keeps_every_guard(
    owned: Database, database_urls: Urls
) -> None:
    query = MASTER if owned.is_sqlite else CONSTRAINTS
    before = await told(owned, query)
    await migrate.upgrade_database(database_urls.owner)
    assert await told(owned, query) == before
    async with owned.connection() as connection:
        await connection.run_sync(migrate.check)
        tables = [table.name for table in declared_tables().sorted_tables]
        assert len(guards_for("sqlite" if owned.is_sqlite else "postgresql", tables)) > 20


async def test_guards_bite_after_two_migrations(owned: Database, database_urls: Urls) -> None:
    await migrate.upgrade_database(database_urls.owner)
    async with owned.connection() as connection:
        for statement in statements():
            await connection.execute(text(statement))
    attacks = (
        "UPDATE meeting SET fulfils = 1 WHERE id = 'online_session-online'",
        "UPDATE meeting SET standing = 'mandatory' WHERE id = 'online_session-online'",
        "UPDATE obligation SET fulfilled_by = 'online_session-online' WHERE cell_id = 'cell-a' AND month = '2026-11'",
        "DELETE FROM meeting WHERE id = 'october'",
    )
    app = Database(database_urls.app)
    for attack in attacks:
        with pytest.raises(IntegrityError):
            async with app.connection() as connection:
                await connection.execute(text(attack))
    await app.close()


async def test_an_older_or_empty_database_is_not_served(database_urls: Urls) -> None:
    database = Database(database_urls.owner)
    async with database.connection() as connection:
        with pytest.raises(migrate.SchemaBehind):
            await connection.run_sync(migrate.check)
    await migrate.upgrade_if_behind(database_urls.owner)
    async with database.connection() as connection:
        await connection.run_sync(migrate.check)
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(migrate.SchemaBehind):
            await connection.run_sync(migrate.check)
    await database.close()


async def test_a_guard_taken_away_is_noticed_at_start_and_mended_only_by_hand(
    owned: Database, database_urls: Urls
) -> None:
    on = "" if owned.is_sqlite else " ON meeting"
    async with owned.connection() as connection:
        await connection.execute(text(f"DROP TRIGGER meeting_fulfils{on}"))
    await migrate.upgrade_if_behind(database_urls.owner)
    async with owned.connection() as connection:
        with pytest.raises(schema.GuardMissing, match="meeting_fulfils"):
            await connection.run_sync(migrate.check)
    await migrate.upgrade_database(database_urls.owner)
    async with owned.connection() as connection:
        await connection.run_sync(migrate.check)


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_the_owner_migrates_and_the_application_serves(owned: Database, database_urls: Urls) -> None:
    app = Database(database_urls.app)
    await migrate.upgrade_if_behind(database_urls.app)  # nothing to do needs no rights
    async with app.connection() as connection:
        await connection.run_sync(migrate.check)
    for statement in (
        "INSERT INTO opening_block (meeting_id, fee_paid, fee_of, at) VALUES ('m', 1, 2, now())",
        "UPDATE opening_block SET fee_paid = 2",
        "DELETE FROM opening_block",
        *(f"SELECT 1 FROM {table.name} LIMIT 1" for table in declared_tables().sorted_tables),
    ):
        async with app.connection() as connection:
            await connection.execute(text(statement))
    for forbidden in (
        "DROP TRIGGER meeting_fulfils ON meeting",
        "ALTER TABLE meeting DISABLE TRIGGER ALL",
        "TRUNCATE meeting",
        "CREATE TABLE public.more (id int)",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(DBAPIError, match=REFUSED):
            async with app.connection() as connection:
                await connection.execute(text(forbidden))
    await app.close()


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_the_application_s_role_cannot_migrate(database_urls: Urls) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        await migrate.upgrade_database(database_urls.app)
    database = Database(database_urls.owner)
    async with database.connection() as connection:
        with pytest.raises(migrate.SchemaBehind):
            await connection.run_sync(migrate.check)
    await database.close()
