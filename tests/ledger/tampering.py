"""Somebody with the keys of the machine: guards off, rows changed."""

from __future__ import annotations

from sqlalchemy import text

from meetings.db.engine import Database
from meetings.db.schema import drop_guards


async def as_owner(url: str, *statements: str, **values: object) -> None:
    """Run these after taking every guard away."""
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(drop_guards)
            for statement in statements:
                await connection.execute(text(statement), values)
    finally:
        await database.close()
