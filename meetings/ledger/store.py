"""Rows of the ledger and their queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    LargeBinary,
    Text,
    TextClause,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.batch import json_rows
from meetings.db.types import WITHOUT_ROWID, JsonText, UtcDateTime, dump
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import GENESIS, Act, Entry, Head


class LedgerEntryRow(SQLModel, table=True):
    """Append-only (guards). `leaf` is canonical JSON; `hash` covers it; `previous` links the cell's chain."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("cell_id", "seq", name="uq_ledger_entry_seq"),
        UniqueConstraint("cell_id", "previous", name="uq_ledger_entry_previous"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    seq: int
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    act: str = Field(max_length=60)
    actor_id: str | None = Field(default=None, max_length=36)
    meeting_id: str | None = Field(default=None, max_length=36, index=True)
    subject_id: str | None = Field(default=None, max_length=36)
    leaf: str = Field(sa_type=Text)


class LedgerHeadRow(SQLModel, table=True):
    """The newest entry of each cell; the row that writers of a cell lock."""

    __tablename__ = "ledger_head"
    __table_args__ = (WITHOUT_ROWID,)
    cell_id: str = Field(primary_key=True, max_length=36)
    seq: int
    hash: str = Field(max_length=64)


class LedgerPersonalRow(SQLModel, table=True):
    """Values behind the commitments of an entry. Erasing the row leaves the chain intact."""

    __tablename__ = "ledger_personal"
    entry_id: str = Field(primary_key=True, max_length=36)
    salt: bytes = Field(sa_type=LargeBinary)
    data: Any = Field(sa_type=JsonText)


# Written once: every act of everybody runs these, and building a statement costs more than running it.
_HEADS = SQLModel.metadata.tables["ledger_head"]
_LOCK = select(_HEADS.c.seq, _HEADS.c.hash).where(_HEADS.c.cell_id == bindparam("cell")).with_for_update()
_MOVE = (
    update(_HEADS)
    .where(_HEADS.c.cell_id == bindparam("cell"))
    .values(seq=bindparam("newest"), hash=bindparam("its_hash"))
)
_ENTRIES = SQLModel.metadata.tables["ledger_entry"]
_NEWEST_IN = select(func.max(_ENTRIES.c.seq)).where(_ENTRIES.c.meeting_id == bindparam("meeting"))
_APPEND = insert(SQLModel.metadata.tables["ledger_entry"])
_KEEP_PERSONAL = insert(SQLModel.metadata.tables["ledger_personal"])


async def lock_heads(session: AsyncSession, cells: Sequence[Id]) -> dict[Id, Head]:
    """The cells' heads, locked until the unit ends; made where a cell has none.

    Those that are missing are made before any is locked, and both in the order of the cells: two units that
    meet wait for each other, never in a circle.
    """
    if len(cells) == 1 and (found := (await session.execute(_LOCK, {"cell": cells[0]})).first()) is not None:
        return {cells[0]: Head(seq=found[0], hash=found[1])}
    dialect, given = session.get_bind().dialect.name, {"rows": dump([{"cell_id": one} for one in cells])}
    await session.execute(_found_heads(dialect), {**given, "genesis": GENESIS})
    rows = await session.execute(_lock_many(dialect), given)
    return {cell: Head(seq=seq, hash=its_hash) for cell, seq, its_hash in rows}


@cache
def _found_heads(dialect: str) -> TextClause:
    return text(
        "INSERT INTO ledger_head (cell_id, seq, hash) SELECT b.cell_id, 0, :genesis"  # noqa: S608  constants only
        f" FROM {json_rows(dialect, {'cell_id': 'text'})}"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_head AS known WHERE known.cell_id = b.cell_id)"
        " ORDER BY b.cell_id ON CONFLICT (cell_id) DO NOTHING"
    )


@cache
def _lock_many(dialect: str) -> TextClause:
    update_ = " FOR UPDATE OF h" if dialect == "postgresql" else ""
    return text(
        f"SELECT h.cell_id, h.seq, h.hash FROM {json_rows(dialect, {'cell_id': 'text'})}"  # noqa: S608  constants only
        f" JOIN ledger_head AS h ON h.cell_id = b.cell_id ORDER BY h.cell_id{update_}"
    )


async def append(session: AsyncSession, linked: Sequence[tuple[Act, Entry, datetime, bytes]]) -> None:
    """Insert entries with the values behind their commitments."""
    await session.execute(_APPEND, [_row(act, entry, at) for act, entry, at, _ in linked])
    personal = [
        {"entry_id": entry.id, "salt": salt, "data": dict(act.personal)}
        for act, entry, _, salt in linked
        if act.personal
    ]
    if personal:
        await session.execute(_KEEP_PERSONAL, personal)


def _row(act: Act, entry: Entry, at: datetime) -> dict[str, object]:
    return {
        "id": entry.id,
        "cell_id": entry.cell,
        "seq": entry.seq,
        "previous": entry.previous,
        "hash": entry.hash,
        "at": at,
        "act": act.name,
        "actor_id": act.actor,
        "meeting_id": act.meeting,
        "subject_id": act.subject,
        "leaf": entry.leaf,
    }


async def move_heads(session: AsyncSession, heads: Mapping[Id, Head]) -> None:
    """Point the cells' heads at their newest entries."""
    moved = [{"cell": cell, "newest": head.seq, "its_hash": head.hash} for cell, head in heads.items()]
    await session.execute(_MOVE, moved if len(moved) > 1 else moved[0])


async def heads(session: AsyncSession) -> dict[Id, Head]:
    """Every cell's head."""
    rows = await session.execute(select(LedgerHeadRow))
    return {row.cell_id: Head(seq=row.seq, hash=row.hash) for row in rows.scalars()}


async def entries(session: AsyncSession, cell: Id, meeting: Id | None = None) -> list[Entry]:
    """A cell's entries in order, or those of one meeting."""
    statement = select(LedgerEntryRow).where(col(LedgerEntryRow.cell_id) == cell)
    if meeting is not None:
        statement = statement.where(col(LedgerEntryRow.meeting_id) == meeting)
    rows = await session.execute(statement.order_by(col(LedgerEntryRow.seq)))
    return [_entry(row) for row in rows.scalars()]


async def told_after(
    session: AsyncSession, meeting: Id, seq: int, most: int
) -> list[tuple[int, str, Id | None, str]]:
    """(number, act, subject, leaf) of a meeting's entries after that number, the first `most` in order."""
    row = LedgerEntryRow
    statement = (
        select(col(row.seq), col(row.act), col(row.subject_id), col(row.leaf))
        .where(col(row.meeting_id) == meeting, col(row.seq) > seq)
        .order_by(col(row.seq))
        .limit(most)
    )
    return [(found[0], found[1], found[2], found[3]) for found in await session.execute(statement)]


async def newest(session: AsyncSession, meeting: Id) -> int:
    """The number of the meeting's newest entry; 0 before the first."""
    return (await session.execute(_NEWEST_IN, {"meeting": meeting})).scalar() or 0


async def entries_to_check(session: AsyncSession, cell: Id) -> list[Entry]:
    """A cell's entries in order with everything that must agree with their leaves."""
    mine = select(LedgerEntryRow).where(col(LedgerEntryRow.cell_id) == cell)
    rows = await session.execute(mine.order_by(col(LedgerEntryRow.seq)))
    ids = mine.with_only_columns(col(LedgerEntryRow.id))
    behind = select(LedgerPersonalRow).where(col(LedgerPersonalRow.entry_id).in_(ids))
    personal = {row.entry_id: (row.salt, row.data) for row in (await session.execute(behind)).scalars()}
    return [
        replace(_entry(row), beside=_beside(row), personal=personal.get(row.id)) for row in rows.scalars()
    ]


def _beside(row: LedgerEntryRow) -> dict[str, Json]:
    """The copies of the leaf's values that queries use."""
    return {
        "act": row.act,
        "at": row.at.isoformat(timespec="microseconds"),
        "actor": row.actor_id,
        "meeting": row.meeting_id,
        "subject": row.subject_id,
    }


async def cells(session: AsyncSession) -> set[Id]:
    """Every cell that has an entry or a head."""
    found = await session.execute(select(col(LedgerEntryRow.cell_id)).distinct())
    return set(found.scalars()) | set(await heads(session))


def _entry(row: LedgerEntryRow) -> Entry:
    return Entry(
        id=row.id, cell=row.cell_id, seq=row.seq, previous=row.previous, hash=row.hash, leaf=row.leaf
    )
