"""Rows of criteria and of scores; both are only added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.policies import Certainty
from meetings.db.types import JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.sitting.criteria import Band, Criteria, Criterion, Measure, Rank
from meetings.sitting.scoring import Line, Score


class CriteriaRow(SQLModel, table=True):
    """Criteria set by an organisation from a day on; append-only. The name is that of the time."""

    __tablename__ = "score_criteria"
    __table_args__ = (UniqueConstraint("org_id", "valid_from", name="uq_score_criteria_day"),)
    id: str = Field(primary_key=True, max_length=36)
    org_id: str = Field(max_length=36)
    org_name: str = Field(sa_type=Text)
    valid_from: date
    citation: str = Field(sa_type=Text)
    lines: Any = Field(sa_type=JsonText)
    ranks: Any = Field(sa_type=JsonText)
    set_by_id: str = Field(max_length=36)
    set_at: datetime = Field(sa_type=UtcDateTime)


class SittingScoreRow(SQLModel, table=True):
    """A sitting's score with the criteria of the time; append-only, the highest sequence holds."""

    __tablename__ = "sitting_score"
    __table_args__ = (UniqueConstraint("meeting_id", "sequence", name="uq_sitting_score_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    sequence: int
    lines: Any = Field(sa_type=JsonText)
    total: int
    rank: str = Field(sa_type=Text)
    citation: str = Field(sa_type=Text)
    set_by_name: str = Field(sa_type=Text)
    certainty: str = Field(max_length=20)
    ranks: Any = Field(sa_type=JsonText)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def add_criteria(
    session: AsyncSession, criteria: Criteria, criteria_id: Id, person: Id, at: datetime
) -> None:
    """Append criteria; `set_by` and its name are needed."""
    row = {
        "id": criteria_id,
        "org_id": criteria.set_by,
        "org_name": criteria.set_by_name,
        "valid_from": criteria.valid_from,
        "citation": criteria.citation,
        "lines": [asdict(line) for line in criteria.lines],
        "ranks": [asdict(rank) for rank in criteria.ranks],
        "set_by_id": person,
        "set_at": at,
    }
    await session.execute(insert(CriteriaRow), [row])


async def criteria_of(session: AsyncSession, orgs: Sequence[Id]) -> list[Criteria]:
    """All that these organisations have ever set."""
    rows = await session.execute(select(CriteriaRow).where(col(CriteriaRow.org_id).in_(orgs)))
    return [_criteria(row) for row in rows.scalars()]


async def add_score(session: AsyncSession, score: Score) -> None:
    """Append a score. Lock the sitting before."""
    row = asdict(score)
    row |= {"meeting_id": row.pop("meeting"), "by_id": row.pop("by")}
    await session.execute(insert(SittingScoreRow), [row])


async def score_of(session: AsyncSession, meeting: Id) -> Score | None:
    """The score that holds."""
    statement = select(SittingScoreRow).where(col(SittingScoreRow.meeting_id) == meeting)
    latest = statement.order_by(col(SittingScoreRow.sequence).desc()).limit(1)
    row = (await session.execute(latest)).scalar_one_or_none()
    return _score(row) if row else None


def _criteria(row: CriteriaRow) -> Criteria:
    return Criteria(
        valid_from=row.valid_from,
        citation=row.citation,
        lines=tuple(_criterion(line) for line in row.lines),
        ranks=tuple(Rank(**rank) for rank in row.ranks),
        certainty=Certainty.POLICY,
        set_by=row.org_id,
        set_by_name=row.org_name,
    )


def _criterion(line: Mapping[str, Any]) -> Criterion:
    bands = tuple(Band(**band) for band in line["bands"])
    return Criterion(**{**line, "measure": _measure(line), "bands": bands})


def _score(row: SittingScoreRow) -> Score:
    return Score(
        id=row.id,
        meeting=row.meeting_id,
        sequence=row.sequence,
        lines=tuple(Line(**{**line, "measure": _measure(line)}) for line in row.lines),
        total=row.total,
        rank=row.rank,
        citation=row.citation,
        set_by_name=row.set_by_name,
        certainty=row.certainty,
        by=row.by_id,
        at=row.at,
        ranks=tuple(Rank(**rank) for rank in row.ranks),
    )


def _measure(line: Mapping[str, Any]) -> Measure | None:
    return Measure(line["measure"]) if line["measure"] else None
