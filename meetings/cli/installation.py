"""The installation that a command works on: its settings, its database, and who may write to it meanwhile."""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.cli.clock_file import clock_of
from meetings.db.engine import Database
from meetings.db.lock import DataLock
from meetings.db.migrate import SchemaBehind, check, is_current
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.kernel.errors import NotFound
from meetings.settings import Settings, database_url, load

FILE = "chibo.sqlite3"


class NoInstallation(NotFound):
    """There is no database where the settings say."""

    code = "no-installation"
    message = "Không thấy cơ sở dữ liệu ở {where}. Xin chỉ đúng config.yaml (--config)."


class OnlySample(NoInstallation):
    """There is none of one's own, but there is the sample's."""

    message = (
        "Không thấy cơ sở dữ liệu ở {where}, chỉ thấy dữ liệu mẫu của ./run."
        " Nếu muốn làm trên dữ liệu mẫu, xin thêm --sample."
    )


def sample_argument(parser: argparse.ArgumentParser) -> None:
    """Lets a command work on the invented cell of `./run`."""
    parser.add_argument("--sample", action="store_true", help="dữ liệu mẫu của ./run / the sample of ./run")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings, or those of the sample. Raises BadSetting."""
    path = Path(options.config) if options.config else None
    settings = load(path, os.environ)
    if options.sample:
        return load(path, os.environ, {"data.dir": str(sample_folder(settings))})
    return settings


def sample_folder(settings: Settings) -> Path:
    """Where `serve --sample` keeps its data: invented people never share a folder with real ones."""
    return settings.data.dir / "sample"


def is_installed(settings: Settings) -> bool:
    """Whether there is a database to look into."""
    return bool(settings.database.url) or settings.below_data(FILE).exists()


def has_sample(settings: Settings) -> bool:
    """Whether `--sample` would find a database."""
    return (sample_folder(settings) / FILE).exists()


def check_installed(settings: Settings) -> None:
    """Raises NoInstallation; OnlySample if `--sample` would find one."""
    if not is_installed(settings):
        found = OnlySample if has_sample(settings) else NoInstallation
        raise found(where=str(settings.data.dir))


def alone(settings: Settings) -> AbstractContextManager[object]:
    """On SQLite nobody else may write meanwhile (architecture decision 1); PostgreSQL sees to itself.
    Entering raises InUse."""
    return nullcontext() if settings.database.url else DataLock(settings.data.dir)


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Units]:
    """The serving database, to read only: it may be served meanwhile. Raises NoInstallation, SchemaBehind."""
    check_installed(settings)
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
    """The serving database with all its guards; the caller holds `alone`. Raises NoInstallation,
    SchemaBehind, GuardMissing."""
    check_installed(settings)
    database = Database(database_url(settings))
    try:
        async with database.connection() as connection:
            await connection.run_sync(check)
        yield Units(database, clock_of(settings))
    finally:
        await database.close()
