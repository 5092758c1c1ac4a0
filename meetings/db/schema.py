"""Creates the guards beside the tables and checks, before serving, that none is missing or altered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, MetaData, inspect, text

from meetings.db.guard import FUNCTIONS, Dialect, Guard
from meetings.db.guards import guards_for
from meetings.kernel.errors import Conflict

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES = """
SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = {schema}
"""
_PLACE = re.compile(r"^[^(]*\.")
_ON = {b"O", b"A", "O", "A"}  # enabled: at the origin, or always


class GuardMissing(Conflict):
    """The database lacks a guard, or has another under its name. Serving is refused."""

    code = "guard-missing"
    message = "Cơ sở dữ liệu thiếu hoặc bị sửa chốt bảo vệ ({guards}); không phục vụ trên dữ liệu này."


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A trigger of PostgreSQL, as its catalogue tells it."""

    moment: str
    condition: str
    call: str
    enabled: bool
    source: str


def create_all(connection: Connection, metadata: MetaData) -> None:
    """Tables and guards in an empty database (tests, and the proof that migrations equal the models)."""
    metadata.create_all(connection)
    create_guards(connection)


def create_guards(connection: Connection) -> None:
    """Put every guard in place anew. Runs at the end of each migration, in its transaction."""
    if dialect_of(connection) == "postgresql":
        for function in FUNCTIONS.values():
            connection.exec_driver_sql(function)
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
    wanted = _wanted(connection)
    if dialect_of(connection) == "sqlite":
        found = {row.name: row.sql for row in connection.execute(text(_SQLITE))}
        wrong = [guard.name for guard in wanted if found.get(guard.name) != guard.sql("sqlite")]
    else:
        there, model = _found(connection, "current_schema()::regnamespace"), _model(connection, wanted)
        wrong = [guard.name for guard in wanted if there.get(guard.name) != model[guard.name]]
    if wrong:
        raise GuardMissing(guards=", ".join(wrong))


def dialect_of(connection: Connection) -> Dialect:
    """Which of the two databases this is."""
    return cast("Dialect", connection.dialect.name)


def _wanted(connection: Connection) -> list[Guard]:
    return guards_for(dialect_of(connection), inspect(connection).get_table_names())


def _found(connection: Connection, schema: str) -> dict[str, _Trigger]:
    """The triggers of a schema by name."""
    rows = connection.execute(text(_POSTGRES.format(schema=schema)))
    return {row[0]: _Trigger(*_parts(row[1]), row[2] in _ON, row[3]) for row in rows}


def _parts(definition: str) -> tuple[str, str, str]:
    """A definition without the name of its table and without the place of its function."""
    head, _, rest = definition.partition(" ON ")
    condition, _, call = rest.partition(" ")[2].partition(" EXECUTE FUNCTION ")
    return head, condition, _PLACE.sub("", call)


def _model(connection: Connection, wanted: list[Guard]) -> dict[str, _Trigger]:
    """The guards as they should be, made on empty temporary tables and taken back: PostgreSQL stores
    conditions in a form of its own, so only its writing of both can be compared."""
    trial = connection.begin_nested()
    try:
        for name, function in FUNCTIONS.items():
            connection.exec_driver_sql(function.replace(name, f"pg_temp.{name}"))
        for table in sorted({guard.table for guard in wanted}):
            connection.execute(text(f"CREATE TEMP TABLE {table} (LIKE {table})"))
        for guard in wanted:
            made = guard.sql("postgresql").replace("EXECUTE FUNCTION ", "EXECUTE FUNCTION pg_temp.")
            connection.exec_driver_sql(made)
        return _found(connection, "pg_my_temp_schema()")
    finally:
        trial.rollback()
