"""Brings a database to the newest schema (Alembic), guards included, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from meetings.db.engine import Database
from meetings.db.schema import check_guards
from meetings.kernel.errors import Conflict

FOLDER = Path(__file__).parent / "migrations"


class SchemaBehind(Conflict):
    """The database has an older (or newer) schema than this program."""

    code = "schema-behind"
    message = "Cơ sở dữ liệu chưa đúng phiên bản; hãy chạy: chibo migrate"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings; with a connection, migrations run on it."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run every migration that is still missing. Repeating it does nothing."""
    command.upgrade(configuration(connection), "head")


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly this program's schema."""
    return bool(MigrationContext.configure(connection).get_current_revision() == newest_revision())


def newest_revision() -> str:
    """The revision that this program's schema has."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def check(connection: Connection) -> None:
    """Raises SchemaBehind or GuardMissing: nothing is served on such a database."""
    if not is_current(connection):
        raise SchemaBehind
    check_guards(connection)


async def upgrade_database(url: str) -> None:
    """Upgrade the database at that address, as the role that owns the tables; guards are made anew."""
    await _run(url, upgrade)


async def upgrade_if_behind(url: str) -> None:
    """The same before serving, but a current database is left as it is: a guard that somebody took away is
    then found by `check`, not mended in silence."""
    await _run(url, _upgrade_if_behind)


def _upgrade_if_behind(connection: Connection) -> None:
    if not is_current(connection):
        upgrade(connection)


async def _run(url: str, step: Callable[[Connection], None]) -> None:
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(step)
    finally:
        await database.close()
