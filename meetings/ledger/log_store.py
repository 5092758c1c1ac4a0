"""Rows of the log: one tree over the entries of every cell, its checkpoints and their cosignatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Text, TextClause, UniqueConstraint, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.batch import json_rows
from meetings.db.types import WITHOUT_ROWID, UtcDateTime, dump
from meetings.kernel.ids import Id
from meetings.ledger.merkle import Place
from meetings.ledger.store import LedgerEntryRow, LedgerPersonalRow


class LogLeafRow(SQLModel, table=True):
    """Where an entry stands in the log; append-only. `hash`: of the entry's leaf, as it was then."""

    __tablename__ = "log_leaf"
    __table_args__ = (UniqueConstraint("cell_id", "seq", name="uq_log_leaf_seq"), WITHOUT_ROWID)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: str = Field(max_length=36, unique=True)
    cell_id: str = Field(max_length=36)
    seq: int
    hash: str = Field(max_length=64, index=True)


class LogNodeRow(SQLModel, table=True):
    """The hash of a complete subtree above the leaves; append-only."""

    __tablename__ = "log_node"
    __table_args__ = (WITHOUT_ROWID,)
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(max_length=64)


class LogTipRow(SQLModel, table=True):
    """How long the log is; the one row that sequencers lock."""

    __tablename__ = "log_tip"
    __table_args__ = (WITHOUT_ROWID,)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int


class LogCheckpointRow(SQLModel, table=True):
    """What the log signed at this size; append-only. `note`: a C2SP signed note."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (WITHOUT_ROWID,)
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class LogCosignatureRow(SQLModel, table=True):
    """A witness's first signature on that checkpoint; append-only. `witness`: its verifier key."""

    __tablename__ = "log_cosignature"
    __table_args__ = (WITHOUT_ROWID,)
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    witness: str = Field(primary_key=True, max_length=300)
    line: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """Entries of a cell that are not in the log yet: after number `have` up to `seq`."""

    cell: Id
    have: int
    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An entry that is not in the log yet."""

    entry: Id
    cell: Id
    seq: int
    hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An entry of the log with the leaf as it stands in the ledger, and what is behind its commitments."""

    position: int
    leaf: str
    personal: tuple[bytes, Mapping[str, Any]] | None


async def size(session: AsyncSession) -> int:
    """How many entries the log has."""
    return (await session.execute(select(col(LogTipRow.size)))).scalar_one_or_none() or 0


async def lock_tip(session: AsyncSession) -> int:
    """The size, locked until the unit ends."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = make(LogTipRow).values(id=1, size=0).on_conflict_do_nothing(index_elements=["id"])
    await session.execute(first)
    return (await session.execute(select(col(LogTipRow.size)).with_for_update())).scalar_one()


# Written once, as in `store`. A cell's head is locked until its entry is committed, so where an entry is seen all
# before it are; the newest in the log is one look into the key (cell_id, seq) for each cell, whatever the log's length.
_BEHIND = text(
    "SELECT b.cell_id, b.have, b.seq FROM (SELECT h.cell_id, h.seq, COALESCE((SELECT MAX(l.seq) FROM log_leaf l"
    " WHERE l.cell_id = h.cell_id), 0) AS have FROM ledger_head h) AS b WHERE b.seq > b.have LIMIT :most"
)
_LAG = text(
    "SELECT COALESCE(SUM(b.seq - b.have), 0) AS waiting, MIN(e.at) AS since FROM (SELECT h.cell_id, h.seq,"
    " COALESCE((SELECT MAX(l.seq) FROM log_leaf l WHERE l.cell_id = h.cell_id), 0) AS have FROM ledger_head h) AS b"
    " JOIN ledger_entry e ON e.cell_id = b.cell_id AND e.seq = b.have + 1 WHERE b.seq > b.have"
).columns(waiting=Integer, since=UtcDateTime)
# MATERIALIZED: PostgreSQL would else look for the least position by walking the log from its beginning.
_PLACE = text(
    "WITH there AS MATERIALIZED (SELECT position FROM log_leaf WHERE hash = :hash)"
    " SELECT (SELECT size FROM log_tip), (SELECT MIN(position) FROM there)"
)
_SHARE = {"cell": "text", "have": "bigint", "seq": "bigint"}
_WANTED = {"level": "integer", "number": "bigint"}
# CROSS JOIN: SQLite then takes the few wanted rows first, and looks up each; PostgreSQL sees a plain join.
_WAITING = (
    "SELECT e.id, e.cell_id, e.seq, e.hash FROM {rows} CROSS JOIN ledger_entry e"
    " WHERE e.cell_id = b.cell AND e.seq > b.have AND e.seq <= b.seq ORDER BY e.cell_id, e.seq"
)
# Looked up one by one: PostgreSQL would read the whole log for a join while it knows nothing of the table's size.
_NODES = (
    "SELECT b.level, b.number, CASE WHEN b.level = 0"
    " THEN (SELECT l.hash FROM log_leaf l WHERE l.position = b.number)"
    " ELSE (SELECT n.hash FROM log_node n WHERE n.level = b.level AND n.number = b.number) END FROM {rows}"
)


async def _looked_up(
    session: AsyncSession, statement: str, kinds: Mapping[str, str], rows: Sequence[Mapping[str, object]]
) -> Iterable[Any]:
    made = _lookup(session.get_bind().dialect.name, statement, tuple(kinds.items()))
    return (await session.execute(made, {"rows": dump(rows)})).all()


@cache
def _lookup(dialect: str, statement: str, kinds: tuple[tuple[str, str], ...]) -> TextClause:
    return text(statement.format(rows=json_rows(dialect, dict(kinds))))


async def behind(session: AsyncSession, most: int) -> list[Behind]:
    """The first `most` cells that have entries which the log has not."""
    rows = await session.execute(_BEHIND, {"most": most})
    return [Behind(cell=cell, have=have, seq=seq) for cell, have, seq in rows]


def shares(cells: Iterable[Behind], most: int) -> Iterator[list[Behind]]:
    """What waits of these cells in turns of at most `most` entries, in the order of each cell."""
    turn, room = list[Behind](), most
    for one in cells:
        have = one.have
        while have < one.seq:
            upto = min(one.seq, have + room)
            turn.append(Behind(cell=one.cell, have=have, seq=upto))
            room, have = room - (upto - have), upto
            if not room:
                yield turn
                turn, room = [], most
    if turn:
        yield turn


async def lag(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many entries the log has not yet, and the moment of the oldest of them."""
    row = (await session.execute(_LAG)).one()
    return int(row[0]), row[1]


async def latest(session: AsyncSession) -> tuple[datetime | None, datetime | None]:
    """Real times of the newest checkpoint and of the newest cosignature on any."""
    signed, seen = func.max(col(LogCheckpointRow.at)), func.max(col(LogCosignatureRow.at))
    return (await session.execute(select(signed))).scalar(), (await session.execute(select(seen))).scalar()


async def waiting(session: AsyncSession, turn: Sequence[Behind]) -> list[Waiting]:
    """The entries of these cells after `have` up to `seq`, in the order of each cell."""
    wanted = [{"cell": one.cell, "have": one.have, "seq": one.seq} for one in turn]
    rows = await _looked_up(session, _WAITING, _SHARE, wanted)
    return [Waiting(entry=i, cell=cell, seq=seq, hash=bytes.fromhex(found)) for i, cell, seq, found in rows]


async def nodes(session: AsyncSession, wanted: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of these subtrees; what is not stored is missing from the answer."""
    rows = [{"level": level, "number": number} for level, number in set(wanted)]
    if not rows:
        return {}
    found = await _looked_up(session, _NODES, _WANTED, rows)
    return {(level, number): bytes.fromhex(one) for level, number, one in found if one is not None}


_LEAF = {"position": "bigint", "entry_id": "text", "cell_id": "text", "seq": "bigint", "hash": "text"}
_NODE = {"level": "integer", "number": "bigint", "hash": "text"}


async def _add(
    session: AsyncSession, table: str, kinds: Mapping[str, str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows by one statement that stays the same: a third of what the ORM spends on them."""
    names = ", ".join(kinds)
    source = json_rows(session.get_bind().dialect.name, kinds)
    statement = text(f"INSERT INTO {table} ({names}) SELECT {names} FROM {source}")  # noqa: S608  constants only
    await session.execute(statement, {"rows": dump(rows)})


async def append(
    session: AsyncSession, start: int, added: Sequence[Waiting], made: Mapping[Place, bytes]
) -> None:
    """Put entries at the end of the log, with the subtrees that they complete."""
    leaves = [
        {
            "position": start + n,
            "entry_id": one.entry,
            "cell_id": one.cell,
            "seq": one.seq,
            "hash": one.hash.hex(),
        }
        for n, one in enumerate(added)
    ]
    await _add(session, "log_leaf", _LEAF, leaves)
    higher = [
        {"level": level, "number": number, "hash": one.hex()}
        for (level, number), one in made.items()
        if level
    ]
    if higher:
        await _add(session, "log_node", _NODE, higher)
    await session.execute(update(LogTipRow).values(size=start + len(added)))


async def add_checkpoint(session: AsyncSession, at_size: int, note: str, at: datetime) -> None:
    """Keep a signed checkpoint."""
    await session.execute(insert(LogCheckpointRow), [{"size": at_size, "note": note, "at": at}])


async def checkpoint(
    session: AsyncSession, *, least: int = 0, witnessed: bool = False
) -> tuple[int, str] | None:
    """(size, note with its cosignatures) of the newest checkpoint; with `least` and `witnessed` of the first
    that covers so many entries and was cosigned."""
    wanted = select(col(LogCheckpointRow.size), col(LogCheckpointRow.note))
    wanted = wanted.where(col(LogCheckpointRow.size) >= least)
    if witnessed:
        seen = select(col(LogCosignatureRow.size)).distinct()
        wanted = wanted.where(col(LogCheckpointRow.size).in_(seen))
    first = least and witnessed
    wanted = wanted.order_by(col(LogCheckpointRow.size) if first else col(LogCheckpointRow.size).desc())
    row = (await session.execute(wanted.limit(1))).first()
    if row is None:
        return None
    lines = select(col(LogCosignatureRow.line)).where(col(LogCosignatureRow.size) == row[0])
    cosigned = (await session.execute(lines.order_by(col(LogCosignatureRow.witness)))).scalars()
    return row[0], row[1] + "".join(cosigned)


async def checkpoint_of(session: AsyncSession, at_size: int) -> str | None:
    """The note signed at exactly that size, without cosignatures."""
    found = select(col(LogCheckpointRow.note)).where(col(LogCheckpointRow.size) == at_size)
    return (await session.execute(found)).scalar_one_or_none()


async def add_cosignature(session: AsyncSession, at_size: int, witness: str, line: str, at: datetime) -> None:
    """Keep a witness's first signature on that checkpoint."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"size": at_size, "witness": witness, "line": line, "at": at}
    await session.execute(make(LogCosignatureRow).values(values).on_conflict_do_nothing())


async def row_of_nodes(session: AsyncSession, level: int, start: int, end: int) -> list[bytes]:
    """The hashes of the subtrees at a level above 0 from `start` to before `end`."""
    number = col(LogNodeRow.number)
    wanted = select(col(LogNodeRow.hash)).where(col(LogNodeRow.level) == level, number >= start, number < end)
    return [bytes.fromhex(one) for one in (await session.execute(wanted.order_by(number))).scalars()]


async def place_of(session: AsyncSession, leaf_hash: str) -> tuple[int, int | None]:
    """How long the log is, and where a leaf with this hash stands first, if anywhere."""
    size, position = (await session.execute(_PLACE, {"hash": leaf_hash})).one()
    return size or 0, position


async def kept(session: AsyncSession, entry: Id) -> Kept | None:
    """An entry that is in the log."""
    statement = (
        select(col(LogLeafRow.position), col(LedgerEntryRow.leaf))
        .join(LedgerEntryRow, col(LedgerEntryRow.id) == col(LogLeafRow.entry_id))
        .where(col(LogLeafRow.entry_id) == entry)
    )
    row = (await session.execute(statement)).first()
    if row is None:
        return None
    behind = await session.get(LedgerPersonalRow, entry)
    return Kept(position=row[0], leaf=row[1], personal=None if behind is None else (behind.salt, behind.data))


async def leaves(session: AsyncSession, start: int, end: int) -> list[tuple[bytes, str]]:
    """(hash in the log, leaf in the ledger) from `start` to before `end`; a lost entry has an empty leaf."""
    statement = (
        select(col(LogLeafRow.hash), func.coalesce(col(LedgerEntryRow.leaf), ""))
        .outerjoin(LedgerEntryRow, col(LedgerEntryRow.id) == col(LogLeafRow.entry_id))
        .where(col(LogLeafRow.position) >= start, col(LogLeafRow.position) < end)
        .order_by(col(LogLeafRow.position))
    )
    return [(bytes.fromhex(row[0]), row[1]) for row in await session.execute(statement)]


async def personal_of(
    session: AsyncSession, meeting: Id, acts: Sequence[str]
) -> list[tuple[Id, Mapping[str, Any]]]:
    """The personal values that are left of a meeting's acts of these names, in order, as far as in the log."""
    statement = (
        select(col(LedgerPersonalRow.entry_id), col(LedgerPersonalRow.data))
        .join(LedgerEntryRow, col(LedgerEntryRow.id) == col(LedgerPersonalRow.entry_id))
        .join(LogLeafRow, col(LogLeafRow.entry_id) == col(LedgerEntryRow.id))
        .where(col(LedgerEntryRow.meeting_id) == meeting, col(LedgerEntryRow.act).in_(acts))
        .order_by(col(LogLeafRow.position))
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]
