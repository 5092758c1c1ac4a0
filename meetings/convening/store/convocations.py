"""Rows of who was called to a sitting, and of who chairs and records it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.powers import Part
from meetings.convening.convocations import Convocation
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id, derived_id
from meetings.notices.rules import Channel

_CHANNELS = ", ".join(repr(channel.value) for channel in Channel)


class ConvocationRow(SQLModel, table=True):
    """Append-only (guards): each telling of a member; the highest `edition` is what stands."""

    __tablename__ = "convocation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id", "edition", name="uq_convocation_edition"),
        CheckConstraint(f"how IS NULL OR how IN ({_CHANNELS})", name="ck_convocation_how"),
        CheckConstraint("(how IS NULL) <> (left_out_reason IS NULL)", name="ck_convocation_either"),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_convocation_meeting"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    member_id: str = Field(max_length=36)
    edition: int
    how: str | None = Field(default=None, max_length=12)
    left_out_reason: str | None = Field(default=None, sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: str = Field(max_length=36)


class MeetingPartRow(SQLModel, table=True):
    """Who chairs and who records a sitting."""

    __tablename__ = "meeting_part"
    __table_args__ = (
        CheckConstraint("part IN ('chair', 'recorder')", name="ck_meeting_part_part"),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_part_meeting"),
    )
    meeting_id: str = Field(primary_key=True, max_length=36)
    part: str = Field(primary_key=True, max_length=10)
    member_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def append(session: AsyncSession, told: Sequence[Convocation]) -> None:
    """Insert tellings."""
    rows = [
        {
            "id": derived_id("convocation", one.meeting, one.member, str(one.edition)),
            "meeting_id": one.meeting,
            "member_id": one.member,
            "edition": one.edition,
            "how": one.how.value if one.how else None,
            "left_out_reason": one.left_out_reason,
            "at": one.at,
            "by_id": one.by,
        }
        for one in told
    ]
    if rows:
        await session.execute(insert(ConvocationRow), rows)


_TOLD = RowsBy(ConvocationRow, "meeting_id", order=("member_id", "edition"))


@once
async def tellings(session: AsyncSession, meetings: Sequence[Id]) -> list[Convocation]:
    """Every telling of these sittings, by member and edition."""
    if len(meetings) == 1:
        return [_convocation(found) for found in await _TOLD(session, meetings[0])]
    row = ConvocationRow
    statement = select(row).where(col(row.meeting_id).in_(meetings))
    rows = await session.execute(statement.order_by(col(row.member_id), col(row.edition)))
    return [_convocation(found) for found in rows.scalars()]


_PARTS = RowsBy(MeetingPartRow, "meeting_id", order=("part",))


@once
async def parts(session: AsyncSession, meeting: Id) -> tuple[tuple[Part, Id], ...]:
    """The named parts of a sitting and the memberships that hold them."""
    return tuple((Part(row.part), row.member_id) for row in await _PARTS(session, meeting))


async def set_part(session: AsyncSession, meeting: Id, part: Part, member: Id, at: datetime) -> None:
    """Name the member for the part, in place of who had it."""
    same = (col(MeetingPartRow.meeting_id) == meeting, col(MeetingPartRow.part) == part.value)
    await session.execute(delete(MeetingPartRow).where(*same))
    row = {"meeting_id": meeting, "part": part.value, "member_id": member, "at": at}
    await session.execute(insert(MeetingPartRow), [row])


def _convocation(row: ConvocationRow) -> Convocation:
    return Convocation(
        meeting=row.meeting_id,
        member=row.member_id,
        edition=row.edition,
        how=Channel(row.how) if row.how else None,
        left_out_reason=row.left_out_reason,
        at=row.at,
        by=row.by_id,
    )
