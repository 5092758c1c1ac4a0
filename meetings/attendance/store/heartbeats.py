"""Heartbeats: one row for each connection of a member, stretched by every beat in whatever order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.attendance.rules import Evidence, EvidenceKind, Source
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id


class HeartbeatRow(SQLModel, table=True):
    """Told by the client itself: connected from `at` to `until`. The id follows from the connection."""

    __tablename__ = "heartbeat"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    member_id: str = Field(max_length=36)
    participant_sid: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)


async def extend(session: AsyncSession, beats: Sequence[Evidence]) -> None:
    """Stretch the rows of open meetings; the same beats in another order leave the same rows."""
    rows = [_columns(beat) for beat in _merged(beats)]
    if session.get_bind().dialect.name == "postgresql":
        arrays = {name: [row[name] for row in rows] for name in _COLUMNS}
        await session.execute(_unnested(), arrays)
    else:
        await session.execute(_one_by_one(), rows)


async def kept(session: AsyncSession, ids: Collection[Id]) -> set[Id]:
    """Which of these connections have a row."""
    statement = select(col(HeartbeatRow.id)).where(col(HeartbeatRow.id).in_(ids))
    return set((await session.execute(statement)).scalars())


_OF_MEETING = RowsBy(HeartbeatRow, "meeting_id", order=("at", "id"))


@once
async def of_meeting(session: AsyncSession, meeting: Id) -> list[Evidence]:
    """The spans told by clients, as evidence."""
    return [_evidence(row) for row in await _OF_MEETING(session, meeting)]


def _merged(beats: Iterable[Evidence]) -> list[Evidence]:
    """PostgreSQL refuses to touch a row twice in one statement."""
    found: dict[Id, Evidence] = {}
    for beat in beats:
        known = found.get(beat.id, beat)
        until = max(known.until or known.at, beat.until or beat.at)
        found[beat.id] = replace(beat, at=min(known.at, beat.at), until=until)
    return sorted(found.values(), key=lambda beat: beat.id)  # one order of locking for everyone


_TEXTS = ("id", "meeting_id", "member_id", "participant_sid")
_TIMES = ("at", "until", "received_at")
_COLUMNS = (*_TEXTS, *_TIMES)
_NAMES = ", ".join(_COLUMNS)
_INTO = f"INSERT INTO heartbeat ({_NAMES}) SELECT"
_STRETCH = (
    " WHERE m.state = 'open' ON CONFLICT (id) DO UPDATE SET"
    " at = {least}(heartbeat.at, excluded.at), until = {most}(heartbeat.until, excluded.until)"
)


def _unnested() -> TextClause:
    casts = [f"CAST(:{name} AS text[])" for name in _TEXTS]
    casts += [f"CAST(:{name} AS timestamptz[])" for name in _TIMES]
    source = f" u.* FROM unnest({', '.join(casts)}) AS u ({_NAMES}) JOIN meeting AS m ON m.id = u.meeting_id"
    return text(_INTO + source + _STRETCH.format(least="LEAST", most="GREATEST"))


def _one_by_one() -> TextClause:
    values = ", ".join(f":{name}" for name in _COLUMNS)
    source = f" {values} FROM (SELECT state FROM meeting WHERE id = :meeting_id) AS m"  # noqa: S608  constants only
    statement = text(_INTO + source + _STRETCH.format(least="min", most="max"))
    return statement.bindparams(*(bindparam(name, type_=UtcDateTime) for name in _TIMES))


def _columns(beat: Evidence) -> dict[str, Any]:
    return {
        "id": beat.id,
        "meeting_id": beat.meeting,
        "member_id": beat.member,
        "participant_sid": beat.participant_sid,
        "at": beat.at,
        "until": beat.until or beat.at,
        "received_at": beat.received_at,
    }


def _evidence(row: HeartbeatRow) -> Evidence:
    return Evidence(
        id=row.id,
        meeting=row.meeting_id,
        source=Source.HEARTBEAT,
        kind=EvidenceKind.SEEN,
        at=row.at,
        until=row.until,
        received_at=row.received_at,
        member=row.member_id,
        participant_sid=row.participant_sid,
    )
