"""Rows of draft wordings, motions and what became of them; all append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.agenda.motions import Motion, MotionKind, MotionState, Moved, Step, Wording
from meetings.db.rows import RowsBy
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


class DraftWordingRow(SQLModel, table=True):
    """A wording of an item's draft resolution; the highest number stands."""

    __tablename__ = "draft_wording"
    __table_args__ = (UniqueConstraint("item_id", "number", name="uq_draft_wording_number"),)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    item_id: str = Field(max_length=36)
    number: int
    words: str = Field(sa_type=Text)
    motion_id: str | None = Field(default=None, max_length=36)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class MotionRow(SQLModel, table=True):
    """What a member moved."""

    __tablename__ = "motion"
    __table_args__ = (UniqueConstraint("meeting_id", "number", name="uq_motion_number"),)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    item_id: str | None = Field(default=None, max_length=36)
    member_id: str = Field(max_length=36)
    number: int
    kind: str = Field(max_length=10)
    against: int | None = Field(default=None)
    words: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    replaces_id: str | None = Field(default=None, max_length=36)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class MotionStepRow(SQLModel, table=True):
    """What became of a motion; the highest sequence holds."""

    __tablename__ = "motion_step"
    __table_args__ = (UniqueConstraint("motion_id", "sequence", name="uq_motion_step_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    motion_id: str = Field(max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    sequence: int
    state: str = Field(max_length=10)
    vote_id: str | None = Field(default=None, max_length=36)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def add_wording(session: AsyncSession, one: Wording) -> None:
    """Append it. Lock the sitting before."""
    row = {name: getattr(one, name) for name in ("id", "number", "at")}
    places = {"meeting_id": one.meeting, "item_id": one.item, "motion_id": one.motion}
    told = {"words": one.text, "by_id": one.by}
    await session.execute(insert(DraftWordingRow), [row | places | told])


async def add(session: AsyncSession, one: Motion) -> None:
    """Append it. Lock the sitting before."""
    row = {name: getattr(one, name) for name in ("id", "number", "against", "reason", "at")}
    places = {"meeting_id": one.meeting, "item_id": one.item, "replaces_id": one.replaces}
    told = {"member_id": one.member, "kind": one.kind.value, "words": one.text, "by_id": one.by}
    await session.execute(insert(MotionRow), [row | places | told])


async def add_step(session: AsyncSession, meeting: Id, one: Step) -> None:
    """Append it. Lock the sitting before."""
    row = {name: getattr(one, name) for name in ("id", "sequence", "at")}
    places = {"motion_id": one.motion, "meeting_id": meeting, "vote_id": one.vote, "by_id": one.by}
    await session.execute(insert(MotionStepRow), [row | places | {"state": one.state.value}])


_WORDINGS = RowsBy(DraftWordingRow, "meeting_id", order=("item_id", "number"))
_MOTIONS = RowsBy(MotionRow, "meeting_id", order=("number",))
_STEPS = RowsBy(MotionStepRow, "meeting_id", order=("sequence",))


async def wordings(session: AsyncSession, meeting: Id) -> list[Wording]:
    """Every wording of every draft of the meeting, each draft's in order."""
    return [_wording(row) for row in await _WORDINGS(session, meeting)]


async def of_meeting(session: AsyncSession, meeting: Id) -> list[Moved]:
    """What was moved in it, in order, with what became of each."""
    found = [_motion(row) for row in await _MOTIONS(session, meeting)]
    if not found:
        return []  # most sittings have none
    steps = [_step(row) for row in await _STEPS(session, meeting)]
    return [
        Moved(motion=motion, steps=tuple(one for one in steps if one.motion == motion.id)) for motion in found
    ]


async def meeting_of(session: AsyncSession, motion: Id) -> Id | None:
    """The meeting in which it was moved."""
    statement = select(col(MotionRow.meeting_id)).where(col(MotionRow.id) == motion)
    return (await session.execute(statement)).scalar_one_or_none()


async def wording_meeting(session: AsyncSession, wording: Id) -> Id | None:
    """The meeting for which a wording was written."""
    statement = select(col(DraftWordingRow.meeting_id)).where(col(DraftWordingRow.id) == wording)
    return (await session.execute(statement)).scalar_one_or_none()


async def put_to(session: AsyncSession, vote: Id) -> Id | None:
    """The motion that is voted on there."""
    statement = select(col(MotionStepRow.motion_id)).where(col(MotionStepRow.vote_id) == vote)
    return (await session.execute(statement.limit(1))).scalar_one_or_none()


def _wording(row: DraftWordingRow) -> Wording:
    return Wording(
        id=row.id,
        meeting=row.meeting_id,
        item=row.item_id,
        number=row.number,
        text=row.words,
        by=row.by_id,
        at=row.at,
        motion=row.motion_id,
    )


def _motion(row: MotionRow) -> Motion:
    return Motion(
        id=row.id,
        meeting=row.meeting_id,
        item=row.item_id,
        member=row.member_id,
        number=row.number,
        kind=MotionKind(row.kind),
        against=row.against,
        text=row.words,
        reason=row.reason,
        by=row.by_id,
        at=row.at,
        replaces=row.replaces_id,
    )


def _step(row: MotionStepRow) -> Step:
    return Step(
        id=row.id,
        motion=row.motion_id,
        sequence=row.sequence,
        state=MotionState(row.state),
        by=row.by_id,
        at=row.at,
        vote=row.vote_id,
    )
