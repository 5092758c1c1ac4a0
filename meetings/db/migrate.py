"""Brings a database to the newest schema (Alembic), guards included, in one transaction."""

from __future__ import annotations

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


def check(connection: Connection) -> None:
    """Raises SchemaBehind or GuardMissing: nothing is served on such a database."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() != head:
        raise SchemaBehind
    check_guards(connection)


async def upgrade_database(url: str) -> None:
    """Upgrade the database at that address, as the role that owns the tables."""
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(upgrade)
    finally:
        await database.close()
