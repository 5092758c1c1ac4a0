"""Alembic runs this file: migrations on the connection it was given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

from meetings.db.schema import create_guards, drop_guards


def _render(kind: str, obj: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types are written as the plain types they wrap."""
    if kind == "type" and type(obj).__module__ == "meetings.db.types":
        return f"types.{type(obj).__name__}()"
    return False


def run() -> None:
    """Guards go first and come back last: rebuilding a table on SQLite would drop them silently."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=True,
    )
    drop_guards(connection)
    with context.begin_transaction():
        context.run_migrations()
    create_guards(connection)


run()
