"""A refusal of the database becomes a typed refusal by the constraint's name, never by a catch-all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import MetaData, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from meetings.kernel.errors import Busy, Conflict, Refused


class GuardedByDatabase(Conflict):
    """A guard of the database refused the write. `guard` names it."""

    code = "guarded"
    message = "Cơ sở dữ liệu không cho ghi điều này ({guard})."


class NoRoomLeft(Busy):
    """The disk of the database is full. Nothing of the act was written."""

    code = "no-room-left"
    message = "Máy chủ hết chỗ lưu (đĩa đầy), nên việc này chưa được ghi. Xin báo người quản trị dọn đĩa rồi làm lại."


_FULL = frozenset({"53100", "SQLITE_FULL"})  # PostgreSQL's disk_full; SQLite's name of the same
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
_NAMED = re.compile(r"(?:CHECK constraint failed|FOREIGN KEY constraint failed)(?:: (\w+))?")
_GUARD = re.compile(r"guard: ([\w-]+)")


def constraint_of(exc: IntegrityError, metadata: MetaData | None = None) -> str | None:
    """The name of the violated constraint or guard, None where the database does not tell."""
    cause: BaseException | None = exc.orig
    while cause is not None:
        if name := getattr(cause, "constraint_name", None):
            return str(name)
        cause = cause.__cause__
    text = str(exc.orig)
    if found := _UNIQUE.search(text):
        return _unique_name(found[1], metadata or SQLModel.metadata)
    if found := _GUARD.search(text) or _NAMED.search(text):
        return found[1]
    return None


def _unique_name(columns: str, metadata: MetaData) -> str | None:
    """SQLite names the columns, not the constraint."""
    wanted = [part.strip().split(".") for part in columns.split(",")]
    table = metadata.tables.get(wanted[0][0])
    names = {column for _, column in wanted}
    if table is None:
        return None
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and {c.name for c in constraint.columns} == names:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == names:
            return str(index.name)
    return f"pk_{table.name}" if {c.name for c in table.primary_key} == names else None


def translate(exc: IntegrityError, known: Mapping[str, type[Refused]] | None = None) -> Exception:
    """The refusal a violated constraint stands for; the exception itself where nothing is known."""
    name = constraint_of(exc)
    if name is None:
        return exc
    if known and name in known:
        return known[name]()
    return GuardedByDatabase(guard=name)


def is_full(exc: DBAPIError) -> bool:
    """Whether the database had no room left on its disk."""
    cause: BaseException | None = exc.orig
    while cause is not None:
        if {getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)} & _FULL:
            return True
        cause = cause.__cause__
    return False


@contextmanager
def refusing(known: Mapping[str, type[Refused]]) -> Iterator[None]:
    """Inside, a violated constraint named in `known` is raised as its refusal; flush before leaving."""
    try:
        yield
    except IntegrityError as exc:
        raise translate(exc, known) from exc
