"""Rows of meetings. The CHECKs and keys here stand beside the guards in db/guards.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Text, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.convening.rules import AnySitting, Kind, Meeting, Mode, Practice, Standing, State
from meetings.db.once import once
from meetings.db.rows import RowsBy, table_of
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id
from meetings.kernel.months import Month

_HELD = "state IN ('closed', 'minuted', 'signed')"
_IN_HALL = "mode IN ('in_person', 'hybrid') AND hall_required >= 1 AND hall_present >= hall_required"


def _one_of(column: str, values: type[Kind | Mode | Standing | State]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class MeetingRow(SQLModel, table=True):
    """One sitting. `fulfils`: it is the month's mandatory meeting; `fulfils_theme`: the quarter's."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="ck_meeting_kind"),
        CheckConstraint(_one_of("mode", Mode), name="ck_meeting_mode"),
        CheckConstraint(_one_of("standing", Standing), name="ck_meeting_standing"),
        CheckConstraint(_one_of("state", State), name="ck_meeting_state"),
        CheckConstraint(
            "fulfils = 0 OR (fulfils = 1 AND standing = 'mandatory'"
            f" AND kind IN ('regular', 'regular_with_thematic') AND {_HELD} AND {_IN_HALL})",
            name="ck_meeting_fulfils",
        ),
        CheckConstraint(
            "fulfils_theme = 0 OR (fulfils_theme = 1 AND standing IN ('mandatory', 'additional')"
            f" AND kind IN ('thematic', 'regular_with_thematic') AND {_HELD} AND {_IN_HALL})",
            name="ck_meeting_fulfils_theme",
        ),
        CheckConstraint("mode <> 'online' OR standing IN ('supplement', 'none')", name="ck_meeting_online"),
        CheckConstraint("standing <> 'supplement' OR mode = 'online'", name="ck_meeting_supplement"),
        CheckConstraint(
            "standing <> 'mandatory' OR kind IN ('regular', 'regular_with_thematic')",
            name="ck_meeting_mandatory",
        ),
        CheckConstraint("(kind = 'practice') = (standing = 'none')", name="ck_meeting_practice"),
        CheckConstraint("hall_present >= 0 AND hall_required >= 0", name="ck_meeting_counts"),
        UniqueConstraint("id", "cell_id", "month", "fulfils", name="uq_meeting_fulfils"),
        UniqueConstraint("id", "cell_id", "quarter", "fulfils_theme", name="uq_meeting_fulfils_theme"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36, index=True)
    month: str = Field(max_length=7, index=True)
    quarter: str = Field(max_length=7)
    kind: str = Field(max_length=30)
    mode: str = Field(max_length=12)
    standing: str = Field(max_length=12)
    state: str = Field(max_length=12)
    title: str = Field(sa_type=Text)
    place: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    planned_minutes: int
    minimum_minutes: int
    zone: str = Field(max_length=60)
    supplements_id: str | None = Field(default=None, max_length=36)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    device_opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    device_closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    entered_late_on: date | None = None
    cancelled_reason: str | None = Field(default=None, sa_type=Text)
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    moved_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hall_present: int = 0
    hall_required: int = 0
    fulfils: int = 0
    fulfils_theme: int = 0


async def add(session: AsyncSession, sitting: AnySitting) -> None:
    """Insert a draft."""
    await session.execute(insert(MeetingRow), [_columns(sitting)])


async def save(session: AsyncSession, sitting: AnySitting) -> None:
    """Write a sitting's new state. The guards decide what may change."""
    statement = update(MeetingRow).where(col(MeetingRow.id) == sitting.id)
    await session.execute(statement.values(**_columns(sitting)))


_ONE = RowsBy(MeetingRow, "id")


@once
async def get(session: AsyncSession, sitting: Id, *, lock: bool = False) -> AnySitting | None:
    """One sitting, its row locked until the unit ends if asked."""
    if lock:
        statement = select(MeetingRow).where(col(MeetingRow.id) == sitting).with_for_update()
        row = (await session.execute(statement)).scalar_one_or_none()
    else:
        row = await _ONE.one(session, sitting)
    return None if row is None else _record(row)


_MEETINGS = table_of(MeetingRow)
_OF_CELLS = (
    select(_MEETINGS)
    .where(
        _MEETINGS.c.cell_id.in_(bindparam("cells", expanding=True)),
        _MEETINGS.c.month.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_MEETINGS.c.starts_at, _MEETINGS.c.id)
)


@once
async def of_cells(session: AsyncSession, cells: Sequence[Id], first: Month, last: Month) -> list[AnySitting]:
    """Sittings of these cells whose month lies in the span, by planned start."""
    asked = {"cells": list(cells), "first": str(first), "last": str(last)}
    return [_record(row) for row in await session.execute(_OF_CELLS, asked)]


async def in_states(session: AsyncSession, states: Sequence[State]) -> list[AnySitting]:
    """Every sitting in one of these states, by planned start (for due work)."""
    wanted = [state.value for state in states]
    statement = select(MeetingRow).where(col(MeetingRow.state).in_(wanted))
    rows = await session.execute(statement.order_by(col(MeetingRow.starts_at)))
    return [_record(row) for row in rows.scalars()]


async def unsigned(
    session: AsyncSession, since: datetime, after: tuple[datetime, Id] | None, most: int
) -> list[AnySitting]:
    """Sittings closed from then on whose minutes are not signed, by closing, `after` that one. No practices."""
    row = MeetingRow
    waits = [State.CLOSED.value, State.MINUTED.value]
    wanted = [
        col(row.state).in_(waits),
        col(row.closed_at) >= since,
        col(row.standing) != Standing.NONE.value,
    ]
    if after is not None:
        at, last = after
        wanted.append((col(row.closed_at) > at) | ((col(row.closed_at) == at) & (col(row.id) > last)))
    statement = select(row).where(*wanted).order_by(col(row.closed_at), col(row.id)).limit(most)
    return [_record(one) for one in (await session.execute(statement)).scalars()]


_SAME = (
    *("id", "kind", "mode", "state", "title", "place", "starts_at", "planned_minutes", "minimum_minutes"),
    *("zone", "opened_at", "closed_at", "device_opened_at", "device_closed_at", "cancelled_reason"),
    *("moved_at", "moved_from"),
)
_REAL = ("hall_present", "hall_required", "entered_late_on")


def _columns(sitting: AnySitting) -> dict[str, Any]:
    facts = asdict(sitting)
    columns = {name: facts[name] for name in _SAME}
    columns |= {"cell_id": sitting.cell, "month": str(sitting.month), "quarter": str(sitting.month.quarter)}
    if isinstance(sitting, Practice):
        return columns | {"standing": Standing.NONE.value}
    return columns | {
        **{name: facts[name] for name in _REAL},
        "standing": sitting.standing.value,
        "supplements_id": sitting.supplements,
        "fulfils": int(sitting.fulfils),
        "fulfils_theme": int(sitting.fulfils_theme),
    }


def _record(row: Any) -> AnySitting:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    facts |= {"cell": row.cell_id, "month": Month.parse(row.month)}
    facts |= {"kind": Kind(row.kind), "mode": Mode(row.mode), "state": State(row.state)}
    if row.standing == Standing.NONE.value:
        return Practice(**facts)
    return Meeting(
        **facts,
        **{name: getattr(row, name) for name in _REAL},
        standing=Standing(row.standing),
        supplements=row.supplements_id,
        fulfils=bool(row.fulfils),
        fulfils_theme=bool(row.fulfils_theme),
    )
