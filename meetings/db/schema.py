"""Creates the guards beside the tables and checks, before serving, that none is missing or altered."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, MetaData, inspect, text

from meetings.db.guards import REFUSE_FUNCTION, Dialect, Guard, guards_for

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES = """
SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND n.nspname = current_schema()
"""


class GuardMissing(RuntimeError):
    """The database lacks a guard, or has another under its name. Serving is refused."""


def create_all(connection: Connection, metadata: MetaData) -> None:
    """Tables and guards in an empty database (tests, and the proof that migrations equal the models)."""
    metadata.create_all(connection)
    create_guards(connection)


def create_guards(connection: Connection) -> None:
    """Put every guard in place anew. Runs at the end of each migration, in its transaction."""
    if dialect_of(connection) == "postgresql":
        connection.execute(text(REFUSE_FUNCTION))
    for guard in _wanted(connection):
        on = "" if dialect_of(connection) == "sqlite" else f" ON {guard.table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}{on}")
        connection.exec_driver_sql(guard.sql(dialect_of(connection)))


def drop_guards(connection: Connection) -> None:
    """Take every guard away; a migration does so before it rebuilds a table."""
    for guard in _wanted(connection):
        on = "" if dialect_of(connection) == "sqlite" else f" ON {guard.table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def check_guards(connection: Connection) -> None:
    """Raises GuardMissing naming the guards that are absent, disabled or altered."""
    found = _found(connection)
    wrong = [g.name for g in _wanted(connection) if not _same(g, found.get(g.name), dialect_of(connection))]
    if wrong:
        raise GuardMissing(", ".join(wrong))


def dialect_of(connection: Connection) -> Dialect:
    """Which of the two databases this is."""
    return cast("Dialect", connection.dialect.name)


def _wanted(connection: Connection) -> list[Guard]:
    return guards_for(dialect_of(connection), inspect(connection).get_table_names())


def _found(connection: Connection) -> dict[str, tuple[str, ...]]:
    statement = _SQLITE if dialect_of(connection) == "sqlite" else _POSTGRES
    return {row[0]: tuple(str(part) for part in row[1:]) for row in connection.execute(text(statement))}


def _same(guard: Guard, found: tuple[str, ...] | None, dialect: Dialect) -> bool:
    if found is None:
        return False
    if dialect == "sqlite":
        return found[0] == guard.sql(dialect)
    definition, enabled, source = found
    body = REFUSE_FUNCTION.split("$$")[1]
    named = (
        f"refuse_by_guard('{guard.name}')" in definition and f"BEFORE {guard.event.upper()} ON" in definition
    )
    return named and enabled.strip("b'") in {"O", "A"} and source == body
