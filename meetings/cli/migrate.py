"""`chibo migrate`: brings the database to this program's schema, guards included."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.db.migrate import upgrade_database
from meetings.settings import load, owner_url


def arguments(parser: argparse.ArgumentParser) -> None:
    """None of its own."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Raises BadSetting."""
    settings = load(Path(options.config) if options.config else None, os.environ)
    asyncio.run(upgrade_database(owner_url(settings)))
    print("Cơ sở dữ liệu đã đúng phiên bản. / The database is up to date.")
    return 0
