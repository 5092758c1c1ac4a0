"""Runs a migration that is written as plain SQL, one file a database."""

from __future__ import annotations

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run_script(name: str) -> None:
    """Execute `sql/<name>.<dialect>.sql`; statements end with a semicolon at the end of a line."""
    connection = op.get_bind()
    file = FOLDER / f"{name}.{connection.dialect.name}.sql"
    for statement in statements(file.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)


def statements(script: str) -> list[str]:
    """The statements of a script, without their semicolons."""
    return [part.strip() for part in script.split(";\n") if part.strip()]
