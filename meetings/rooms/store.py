"""Rows of rooms and removals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.once import once
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.rooms.rules import Ban


class RoomRow(SQLModel, table=True):
    """The LiveKit room of a sitting. Its name is made from the meeting's id."""

    __tablename__ = "room"
    meeting_id: str = Field(primary_key=True, max_length=36)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RemovalRow(SQLModel, table=True):
    """A removal by the chair. While it holds, no ticket is issued and nothing online counts."""

    __tablename__ = "removal"
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    member_id: str = Field(max_length=36)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(sa_type=Text)


async def open_room(session: AsyncSession, meeting: Id, at: datetime) -> None:
    """Remember that the meeting has a room; again does nothing."""
    if await session.get(RoomRow, meeting) is None:
        await session.execute(insert(RoomRow), [{"meeting_id": meeting, "opened_at": at}])


async def close_room(session: AsyncSession, meeting: Id, at: datetime) -> bool:
    """Remember that it ended; False where there was none or it had ended."""
    open_ = (col(RoomRow.meeting_id) == meeting) & col(RoomRow.closed_at).is_(None)
    found = await session.execute(
        update(RoomRow).where(open_).values(closed_at=at).returning(col(RoomRow.meeting_id))
    )
    return found.first() is not None


async def open_rooms(session: AsyncSession) -> Sequence[Id]:
    """The meetings whose room is open."""
    statement = select(col(RoomRow.meeting_id)).where(col(RoomRow.closed_at).is_(None))
    return list((await session.execute(statement.order_by(col(RoomRow.meeting_id)))).scalars())


async def is_open(session: AsyncSession, meeting: Id) -> bool:
    """Whether the meeting has a room that has not ended."""
    row = await session.get(RoomRow, meeting)
    return row is not None and row.closed_at is None


async def add_ban(session: AsyncSession, ban_id: Id, ban: Ban) -> None:
    """Keep a removal."""
    values = {
        "id": ban_id,
        "meeting_id": ban.meeting,
        "member_id": ban.member,
        "by_id": ban.by,
        "at": ban.at,
        "lifted_at": ban.lifted_at,
        "reason": ban.reason,
    }
    await session.execute(insert(RemovalRow), [values])


async def lift_bans(session: AsyncSession, meeting: Id, member: Id, at: datetime) -> None:
    """Let a removed member back in."""
    held = (col(RemovalRow.meeting_id) == meeting) & (col(RemovalRow.member_id) == member)
    await session.execute(
        update(RemovalRow).where(held, col(RemovalRow.lifted_at).is_(None)).values(lifted_at=at)
    )


async def bans(session: AsyncSession, meeting: Id) -> list[Ban]:
    """Every removal in a meeting, lifted ones too."""
    return (await bans_of(session, [meeting]))[meeting]


@once
async def bans_of(session: AsyncSession, meetings: Collection[Id]) -> dict[Id, list[Ban]]:
    """The same for each of several meetings, by one statement."""
    rows = await session.execute(_BANS, {"meetings": sorted(set(meetings))})
    found: dict[Id, list[Ban]] = {meeting: [] for meeting in meetings}
    for row in rows:
        found[row.meeting_id].append(
            Ban(
                meeting=row.meeting_id,
                member=row.member_id,
                at=row.at,
                by=row.by_id,
                reason=row.reason,
                lifted_at=row.lifted_at,
            )
        )
    return found


_REMOVALS = SQLModel.metadata.tables["removal"]
_BANS = (
    select(_REMOVALS)
    .where(_REMOVALS.c.meeting_id.in_(bindparam("meetings", expanding=True)))
    .order_by(_REMOVALS.c.id)
)
