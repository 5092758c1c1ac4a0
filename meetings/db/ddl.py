"""The declared tables as SQL: what a first migration holds, and what tests compare migrations with.

`python -m meetings.db.ddl postgresql > …/sql/0001_begin.postgresql.sql` writes the first migration anew
(before the first release only; afterwards changes are new migrations).
"""

from __future__ import annotations

import sys

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

_DIALECTS: dict[str, type[Dialect]] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def script(metadata: MetaData, dialect: str) -> str:
    """CREATE statements for every table and index, in an order that satisfies the keys."""
    how = _DIALECTS[dialect]()
    parts: list[str] = []
    for table in metadata.sorted_tables:
        parts.append(str(CreateTable(table).compile(dialect=how)).strip())
        parts += [
            str(CreateIndex(index).compile(dialect=how)).strip()
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    lines = "\n".join(line.rstrip() for part in parts for line in f"{part};\n".split("\n"))
    return lines.replace("\t", "  ").rstrip() + "\n"


if __name__ == "__main__":
    import meetings.app  # noqa: F401  every table is known once the application is

    sys.stdout.write(script(SQLModel.metadata, sys.argv[1]))
