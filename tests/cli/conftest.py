"""An installation with cell S, its minutes and its keys, as the command line finds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import meetings.app  # noqa: F401  every table is known before a template is made
from meetings.db.migrate import configuration
from meetings.db.unit import Units
from tests.minutes.conftest import (
    INSTALLATION,
    cell,
    gateway,
    minutes,
    real,
    rooms,
    service,
    units,
    workshop,
    world,
)
from tests.minutes.conftest import database_template as with_keys
from tests.postgres import Urls

__all__ = [
    "cell",
    "gateway",
    "minutes",
    "real",
    "rooms",
    "service",
    "units",
    "with_keys",
    "workshop",
    "world",
]


def _stamp(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(configuration())
    MigrationContext.configure(connection).stamp(scripts, "head")


@pytest.fixture
async def installation(units: Units, database_urls: Urls, tmp_path: Path) -> Callable[..., Path]:
    """Writes a config.yaml over the database under test; `known` False: over none."""
    async with units.database.connection() as connection:
        await connection.run_sync(_stamp)

    def config(*, known: bool = True) -> Path:
        data = tmp_path / ("data" if known else "elsewhere")
        data.mkdir()
        secret = data / "passphrase"
        secret.write_text(INSTALLATION, encoding="utf-8")
        secret.chmod(0o600)
        said: dict[str, object] = {"data": {"dir": str(data)}, "secrets": {"ca_passphrase_file": str(secret)}}
        if known and database_urls.app.startswith("sqlite"):
            (data / "chibo.sqlite3").symlink_to(database_urls.app.partition("///")[2])
        elif known:
            said["database"] = {"url": database_urls.app}
        file = tmp_path / f"{data.name}.yaml"
        file.write_text(yaml.safe_dump(said), encoding="utf-8")
        return file

    return config
