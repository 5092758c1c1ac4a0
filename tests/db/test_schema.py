"""A database whose guards are not all there, on, and as written is not served."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from meetings.db import schema
from meetings.db.engine import Database
from meetings.db.guards import GUARDS, guards_for


async def check(database: Database) -> None:
    async with database.connection() as connection:
        await connection.run_sync(schema.check_guards)


async def change(database: Database, *statements: str) -> None:
    async with database.connection() as connection:
        for statement in statements:
            await connection.execute(text(statement))


def dropped(database: Database, name: str, table: str = "meeting") -> str:
    return f"DROP TRIGGER {name}" if database.is_sqlite else f"DROP TRIGGER {name} ON {table}"


async def test_the_application_finds_every_guard(database: Database) -> None:
    await check(database)
    await check(database)  # and left nothing behind that would disturb the next look


async def test_a_missing_guard_is_named(owned: Database, database: Database) -> None:
    await change(owned, dropped(owned, "meeting_fulfils"))
    with pytest.raises(schema.GuardMissing, match=r"\(meeting_fulfils\)"):
        await check(database)


async def test_a_guard_with_another_condition_is_named(owned: Database, database: Database) -> None:
    other = "CREATE TRIGGER meeting_fulfils BEFORE UPDATE ON meeting FOR EACH ROW WHEN (1 = 2)"
    end = " BEGIN SELECT RAISE(ABORT, 'guard: meeting_fulfils'); END"
    if not owned.is_sqlite:
        end = " EXECUTE FUNCTION refuse_by_guard('meeting_fulfils')"
    await change(owned, dropped(owned, "meeting_fulfils"), other + end)
    with pytest.raises(schema.GuardMissing, match=r"\(meeting_fulfils\)"):
        await check(database)


async def test_a_guard_on_another_event_is_named(owned: Database, database: Database) -> None:
    guard = next(one for one in GUARDS if one.name == "obligation_kept")
    made = guard.sql("sqlite") if owned.is_sqlite else guard.sql("postgresql")
    later = made.replace("BEFORE DELETE", "AFTER DELETE")
    await change(owned, dropped(owned, guard.name, guard.table), later)
    with pytest.raises(schema.GuardMissing, match=r"\(obligation_kept\)"):
        await check(database)


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_a_guard_that_is_off_is_named(owned: Database, database: Database) -> None:
    await change(owned, "ALTER TABLE meeting DISABLE TRIGGER meeting_forward")
    with pytest.raises(schema.GuardMissing, match=r"\(meeting_forward\)"):
        await check(database)


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_a_function_that_lets_pass_is_noticed(owned: Database, database: Database) -> None:
    toothless = "CREATE OR REPLACE FUNCTION refuse_by_guard() RETURNS trigger LANGUAGE plpgsql AS"
    await change(owned, f"{toothless} 'BEGIN RETURN NEW; END'")
    with pytest.raises(schema.GuardMissing, match="meeting_fulfils"):
        await check(database)


async def test_guards_come_back_as_they_were(owned: Database) -> None:
    async with owned.connection() as connection:
        await connection.run_sync(schema.drop_guards)
    with pytest.raises(schema.GuardMissing, match="meeting_kept"):
        await check(owned)
    async with owned.connection() as connection:
        await connection.run_sync(schema.create_guards)
        await connection.run_sync(schema.create_guards)  # a migration may run it over its own
    await check(owned)


async def test_making_what_is_there_changes_nothing(owned: Database) -> None:
    async with owned.connection() as connection:
        await connection.run_sync(schema.create_all, SQLModel.metadata)
    await check(owned)


def test_guards_have_one_name_each_and_wait_for_their_tables() -> None:
    for dialect in ("sqlite", "postgresql"):
        names = [guard.name for guard in GUARDS if guard.only in {None, dialect}]
        assert len(names) == len(set(names))
    assert {guard.table for guard in guards_for("sqlite", ["obligation"])} == {"obligation"}
    assert guards_for("sqlite", []) == []


def test_a_name_fits_into_postgresql() -> None:
    assert max(len(guard.name) for guard in GUARDS) <= 63
