"""Who asked leave, what was decided, what was contested: three append-only tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.attendance.leave import LeaveRecord
from meetings.attendance.rules import Contest, Decision, LeaveDecision, LeaveRequest, Reason
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, UtcDateTime
from meetings.kernel.ids import Id


class LeaveRequestRow(SQLModel, table=True):
    """The id is made by the client."""

    __tablename__ = "leave_request"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    member_id: str = Field(max_length=36)
    reason: str = Field(max_length=20)
    note: str = Field(sa_type=Text)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    starts_at: datetime = Field(sa_type=UtcDateTime)


class LeaveDecisionRow(SQLModel, table=True):
    """`sequence` counts the decisions of one meeting."""

    __tablename__ = "leave_decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "sequence", name="uq_leave_decision_sequence"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    decision: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=20)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    sequence: int


class LeaveContestRow(SQLModel, table=True):
    """A member asks to look again at one decision, once."""

    __tablename__ = "leave_contest"
    __table_args__ = (
        UniqueConstraint("meeting_id", "against", name="uq_leave_contest_against"),
        WITHOUT_ROWID,
    )
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    against: int
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


async def add_request(session: AsyncSession, request: LeaveRequest) -> None:
    """Insert."""
    row = {
        "id": request.id,
        "meeting_id": request.meeting,
        "member_id": request.member,
        "reason": request.reason.value,
        "note": request.note,
        "by_id": request.by,
        "at": request.at,
        "starts_at": request.starts_at,
    }
    await session.execute(insert(LeaveRequestRow), [row])


async def request_of(session: AsyncSession, request: Id) -> LeaveRequest | None:
    """The request under that id."""
    row = await session.get(LeaveRequestRow, request)
    return None if row is None else _request(row)


async def add_decision(session: AsyncSession, decision: LeaveDecision) -> None:
    """Insert."""
    row = {
        "id": decision.id,
        "meeting_id": decision.meeting,
        "member_id": decision.member,
        "decision": decision.decision.value,
        "reason": decision.reason.value if decision.reason else None,
        "by_id": decision.by,
        "at": decision.at,
        "starts_at": decision.starts_at,
        "sequence": decision.sequence,
    }
    await session.execute(insert(LeaveDecisionRow), [row])


async def last_sequence(session: AsyncSession, meeting: Id) -> int:
    """The number of the meeting's last decision; 0 before the first. Lock the sitting before."""
    table = LeaveDecisionRow
    statement = select(func.max(col(table.sequence))).where(col(table.meeting_id) == meeting)
    return (await session.execute(statement)).scalar_one() or 0


async def add_contest(session: AsyncSession, contest: Contest) -> None:
    """Insert. Violates uq_leave_contest_against where it was contested before."""
    row = {
        "id": contest.id,
        "meeting_id": contest.meeting,
        "member_id": contest.member,
        "against": contest.against,
        "note": contest.note,
        "at": contest.at,
    }
    await session.execute(insert(LeaveContestRow), [row])


_REQUESTS = RowsBy(LeaveRequestRow, "meeting_id", order=("at", "id"))
_DECISIONS = RowsBy(LeaveDecisionRow, "meeting_id", order=("sequence",))
_CONTESTS = RowsBy(LeaveContestRow, "meeting_id", order=("against",))


@once
async def of_meeting(session: AsyncSession, meeting: Id) -> LeaveRecord:
    """All that was asked, decided and contested about one meeting."""
    return LeaveRecord(
        requests=[_request(row) for row in await _REQUESTS(session, meeting)],
        decisions=[_decision(row) for row in await _DECISIONS(session, meeting)],
        contests=[_contest(row) for row in await _CONTESTS(session, meeting)],
    )


def _request(row: LeaveRequestRow) -> LeaveRequest:
    return LeaveRequest(
        id=row.id,
        meeting=row.meeting_id,
        member=row.member_id,
        reason=Reason(row.reason),
        note=row.note,
        by=row.by_id,
        at=row.at,
        starts_at=row.starts_at,
    )


def _decision(row: LeaveDecisionRow) -> LeaveDecision:
    return LeaveDecision(
        id=row.id,
        meeting=row.meeting_id,
        member=row.member_id,
        decision=Decision(row.decision),
        reason=Reason(row.reason) if row.reason else None,
        by=row.by_id,
        at=row.at,
        starts_at=row.starts_at,
        sequence=row.sequence,
    )


def _contest(row: LeaveContestRow) -> Contest:
    return Contest(
        id=row.id,
        meeting=row.meeting_id,
        member=row.member_id,
        against=row.against,
        note=row.note,
        at=row.at,
    )
