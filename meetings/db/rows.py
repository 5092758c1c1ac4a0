"""The commonest question: the rows of one table that carry a value, in an order. Made once, because making it and
following its rows cost more than the database takes to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Row, Select, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from meetings.db.once import once

Kind = TypeVar("Kind", bound=SQLModel)


def table_of(kind: type[SQLModel]) -> Table:
    """For questions of several tables whose rows are only looked at: what selects its columns makes no objects."""
    return SQLModel.metadata.tables[str(kind.__tablename__)]


@dataclass(frozen=True, slots=True)
class RowsBy(Generic[Kind]):
    """`RowsBy(EvidenceRow, "meeting_id", order=("at", "id"))`, asked as `await it(session, meeting)`.

    What comes back has the columns of `kind` by their names and is only looked at: nothing follows what becomes of it.
    Raises ValueError for a table with a column that such a row would hide.
    """

    kind: type[Kind]
    column: str
    order: tuple[str, ...] = ()
    statement: Select[Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = table_of(self.kind)
        if hidden := {one.name for one in table.c} & set(dir(Row)):
            raise ValueError(f"columns that a row would hide: {sorted(hidden)}")
        statement = select(table).where(table.c[self.column] == bindparam("value"))
        made = statement.order_by(*(table.c[name] for name in self.order))
        object.__setattr__(self, "statement", made)  # once, while it is made

    async def __call__(self, session: AsyncSession, value: str) -> list[Kind]:
        """In a unit that only reads, asked of the database once."""
        return await _rows(session, self, value)

    async def one(self, session: AsyncSession, value: str) -> Kind | None:
        """The first."""
        return next(iter(await _rows(session, self, value)), None)

    async def read(self, session: AsyncSession, value: str) -> list[Kind]:
        """Ask the database."""
        found: Sequence[Row[Any]] = (await session.execute(self.statement, {"value": value})).all()
        return cast("list[Kind]", list(found))


@once
async def _rows(session: AsyncSession, asked: RowsBy[Kind], value: str) -> list[Kind]:
    return await asked.read(session, value)
