"""The serving database from the command line: to read beside the service, or to write in its absence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from meetings.cli.clock_file import clock_of
from meetings.db.engine import Database
from meetings.db.lock import DataLock
from meetings.db.migrate import SchemaBehind, check, is_current
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.kernel.errors import NotFound
from meetings.settings import Settings, database_url


class NoInstallation(NotFound):
    """There is no database where the settings say."""

    code = "no-installation"
    message = "Không thấy cơ sở dữ liệu ở {where}. Xin chỉ đúng config.yaml, hoặc thêm --root cho tệp PDF."


def is_installed(settings: Settings) -> bool:
    """Whether there is a database to look into."""
    return bool(settings.database.url) or settings.below_data("chibo.sqlite3").exists()


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Units]:
    """The serving database, to read only: it may be served meanwhile. Raises NoInstallation, SchemaBehind."""
    if not is_installed(settings):
        raise NoInstallation(where=str(settings.data.dir))
    database = Database(database_url(settings))
    try:
        async with database.reading() as session:
            if not await (await session.connection()).run_sync(is_current):
                raise SchemaBehind
        yield Units(database, SystemClock())
    finally:
        await database.close()


@asynccontextmanager
async def writing(settings: Settings) -> AsyncIterator[Units]:
    """The serving database, to write. On SQLite nobody else may write meanwhile (architecture decision 1);
    PostgreSQL sees to itself. Raises NoInstallation, InUse, SchemaBehind, GuardMissing."""
    if not is_installed(settings):
        raise NoInstallation(where=str(settings.data.dir))
    alone: AbstractContextManager[object] = (
        nullcontext() if settings.database.url else DataLock(settings.data.dir)
    )
    with alone:
        database = Database(database_url(settings))
        try:
            async with database.connection() as connection:
                await connection.run_sync(check)
            yield Units(database, clock_of(settings))
        finally:
            await database.close()
