"""The declared tables as SQL: what the first migration holds, and what tests compare migrations with."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

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
