"""Evidence rows: written once, never edited (guards). Machines' and phones' rows come in batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Index, Text, TextClause, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.attendance.rules import Evidence, EvidenceKind, Source
from meetings.convening.rules import State
from meetings.db.batch import json_rows, json_time
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, JsonText, UtcDateTime, dump
from meetings.kernel.ids import Id
from meetings.rooms.rules import Seat

_MARKED = text("sequence > 0")


class EvidenceRow(SQLModel, table=True):
    """One fact. `sequence` orders the secretary's marks within a meeting; 0 for everything else.

    `browser` tells which browser scanned, `body_hash` what it sent; both only for check-ins.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index(
            "uq_evidence_sequence",
            "meeting_id",
            "sequence",
            unique=True,
            sqlite_where=_MARKED,
            postgresql_where=_MARKED,
        ),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    source: str = Field(max_length=12)
    kind: str = Field(max_length=12)
    at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    member_id: str | None = Field(default=None, max_length=36)
    participant_sid: str | None = Field(default=None, max_length=100)
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seats: Any = Field(default=None, sa_type=JsonText, nullable=True)
    device_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by_id: str | None = Field(default=None, max_length=36)
    reason: str | None = Field(default=None, sa_type=Text)
    sequence: int = 0
    browser: str | None = Field(default=None, max_length=64)
    body_hash: str | None = Field(default=None, max_length=64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Evidence with what is kept beside it."""

    evidence: Evidence
    browser: str | None = None
    body_hash: str | None = None


async def add(session: AsyncSession, evidence: Sequence[Evidence]) -> None:
    """Insert the secretary's marks."""
    await session.execute(insert(EvidenceRow), [_columns(Kept(evidence=item)) for item in evidence])


async def add_batch(session: AsyncSession, rows: Sequence[Kept], states: Collection[State]) -> set[Id]:
    """Insert what is new and belongs to a meeting in one of these states; the ids that were inserted.

    One statement that reads the meeting's row, so nothing slips in after its state has changed.
    """
    first = {row.evidence.id: _flat(row) for row in reversed(rows)}  # a repeat within the batch is none
    statement = _insert(session.get_bind().dialect.name, frozenset(states))
    return set((await session.execute(statement, {"rows": dump(list(first.values()))})).scalars())


async def known(session: AsyncSession, ids: Sequence[Id]) -> dict[Id, Kept]:
    """What is kept under these ids."""
    statement = select(EvidenceRow).where(col(EvidenceRow.id).in_(ids))
    return {row.id: _kept(row) for row in (await session.execute(statement)).scalars()}


_OF_MEETING = RowsBy(EvidenceRow, "meeting_id", order=("at", "id"))


@once
async def of_meeting(session: AsyncSession, meeting: Id) -> list[Evidence]:
    """A meeting's evidence by time, without heartbeats."""
    return [_kept(row).evidence for row in await _OF_MEETING(session, meeting)]


async def last_sequence(session: AsyncSession, meeting: Id) -> int:
    """The number of the secretary's last mark; 0 before the first. Lock the sitting before."""
    statement = select(func.max(col(EvidenceRow.sequence))).where(col(EvidenceRow.meeting_id) == meeting)
    return (await session.execute(statement)).scalar_one() or 0


async def scans_by_browser(session: AsyncSession, meetings: Collection[Id]) -> list[Kept]:
    """The check-ins of these meetings, by time."""
    statement = select(EvidenceRow).where(
        col(EvidenceRow.meeting_id).in_(meetings), col(EvidenceRow.browser).is_not(None)
    )
    rows = await session.execute(statement.order_by(col(EvidenceRow.at), col(EvidenceRow.id)))
    return [_kept(row) for row in rows.scalars()]


_TEXTS = (
    *("id", "meeting_id", "source", "kind", "member_id", "participant_sid", "seats", "by_id", "reason"),
    *("browser", "body_hash"),
)
_TIMES = ("at", "received_at", "since", "device_at")


_KINDS = dict.fromkeys(_TEXTS, "text") | dict.fromkeys(_TIMES, "timestamptz") | {"sequence": "integer"}


@cache
def _insert(dialect: str, accepted: frozenset[State]) -> TextClause:
    names, picked = ", ".join(_KINDS), ", ".join(f"b.{name}" for name in _KINDS)
    states = ", ".join(f"'{state.value}'" for state in sorted(accepted))
    # Known rows are passed over before the guard against REPLACE sees them; ON CONFLICT is for two at once.
    return text(
        f"INSERT INTO evidence ({names}) SELECT {picked} FROM {json_rows(dialect, _KINDS)}"  # noqa: S608  constants only
        f" JOIN meeting AS m ON m.id = b.meeting_id WHERE m.state IN ({states})"
        " AND NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.id = b.id)"
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )


def _flat(row: Kept) -> dict[str, Any]:
    """Columns for a statement written as text, which knows nothing of times and JSON."""
    columns = _columns(row)
    times = {name: json_time(columns[name]) for name in _TIMES}
    return columns | times | {"seats": None if columns["seats"] is None else dump(columns["seats"])}


_SAME = ("id", "at", "received_at", "participant_sid", "since", "device_at", "reason", "sequence")


def _columns(row: Kept) -> dict[str, Any]:
    fact = row.evidence
    seats = [[seat.sid, seat.member, seat.since] for seat in fact.seats] or None
    return {name: getattr(fact, name) for name in _SAME} | {
        "meeting_id": fact.meeting,
        "source": fact.source.value,
        "kind": fact.kind.value,
        "member_id": fact.member,
        "by_id": fact.by,
        "seats": seats,
        "browser": row.browser,
        "body_hash": row.body_hash,
    }


def _kept(row: EvidenceRow) -> Kept:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    evidence = Evidence(
        **facts,
        meeting=row.meeting_id,
        source=Source(row.source),
        kind=EvidenceKind(row.kind),
        member=row.member_id,
        by=row.by_id,
        seats=tuple(_seat(*seat) for seat in row.seats or ()),
    )
    return Kept(evidence=evidence, browser=row.browser, body_hash=row.body_hash)


def _seat(sid: str, member: Id | None, since: str | None) -> Seat:
    return Seat(sid=sid, member=member, since=datetime.fromisoformat(since) if since else None)
