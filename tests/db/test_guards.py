"""Guards of append-only tables: nothing is changed, deleted or replaced; doing it again is told apart."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from meetings.db.engine import Database
from meetings.db.guards import append_only
from meetings.db.refusals import constraint_of
from meetings.db.schema import dialect_of

INSERT = "INTO test_note (id, word, one, two) VALUES"


async def guarded(owned: Database, *keys: str, again: str | None = None) -> None:
    """Put the guards of an append-only table over the notes."""
    async with owned.connection() as connection:
        dialect = await connection.run_sync(dialect_of)
        for guard in append_only("test_note", *keys, again=again):
            if guard.only in {None, dialect}:
                await connection.execute(text(guard.sql(dialect)))
        await connection.execute(text(f"INSERT {INSERT} ('a', 'một', 1, 1)"))


async def run(database: Database, statement: str) -> None:
    async with database.connection() as connection:
        await connection.execute(text(statement))


async def refused(database: Database, statement: str) -> str | None:
    """The name of what refused it."""
    with pytest.raises(IntegrityError) as caught:
        await run(database, statement)
    return constraint_of(caught.value)


async def notes(database: Database) -> list[tuple[str, str]]:
    async with database.connection() as connection:
        rows = await connection.execute(text("SELECT id, word FROM test_note ORDER BY id"))
        return [(row[0], row[1]) for row in rows]


async def test_a_row_is_written_once(owned: Database, database: Database) -> None:
    await guarded(owned, "id", "word")
    assert await refused(database, "UPDATE test_note SET one = 2") == "test_note_unchanged"
    assert await refused(database, "DELETE FROM test_note") == "test_note_kept"
    assert await notes(database) == [("a", "một")]


async def test_a_taken_key_is_named_as_without_guards(owned: Database, database: Database) -> None:
    await guarded(owned, "id", "word")
    assert await refused(database, f"INSERT {INSERT} ('b', 'một', 2, 2)") == "uq_test_note_word"
    taken = await refused(database, f"INSERT {INSERT} ('a', 'hai', 2, 2)")
    assert taken in {"pk_test_note", "test_note_pkey"}


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("row", ["('a', 'hai', 2, 2)", "('b', 'một', 2, 2)"])
async def test_replace_takes_nobodys_place(owned: Database, row: str) -> None:
    await guarded(owned, "id", "word")
    async with owned.connection() as connection:
        await connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    assert await refused(owned, f"REPLACE {INSERT} {row}") in {"pk_test_note", "uq_test_note_word"}
    assert await notes(owned) == [("a", "một")]


async def test_writing_again_is_passed_over_but_another_row_is_not(
    owned: Database, database: Database
) -> None:
    await guarded(owned, "word", again="id")
    again = "ON CONFLICT (id) DO NOTHING"
    await run(database, f"INSERT {INSERT} ('a', 'một', 1, 1), ('c', 'ba', 3, 3) {again}")
    assert await notes(database) == [("a", "một"), ("c", "ba")]
    assert await refused(database, f"INSERT {INSERT} ('b', 'một', 2, 2) {again}") == "uq_test_note_word"


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_replacing_what_may_come_again_changes_nothing(owned: Database) -> None:
    await guarded(owned, "word", again="id")
    await run(owned, f"REPLACE {INSERT} ('a', 'khác', 9, 9)")
    assert await notes(owned) == [("a", "một")]
