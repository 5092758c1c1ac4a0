"""Rows of issued papers, the terms they are numbered in, and the counters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Text, UniqueConstraint, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.rows import RowsBy
from meetings.db.types import JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.numbering import IssuedPaper, PaperKind, Term


class DocumentNumberRow(SQLModel, table=True):
    """The last number given, by type of paper and term; goes up by one, in the transaction of its paper."""

    __tablename__ = "document_number"
    cell_id: str = Field(primary_key=True, max_length=36)
    term: str = Field(primary_key=True, max_length=10)
    kind: str = Field(primary_key=True, max_length=20)
    last: int


class DocumentTermRow(SQLModel, table=True):
    """A term; append-only. `used`: the last number by kind before."""

    __tablename__ = "document_term"
    __table_args__ = (UniqueConstraint("cell_id", "since", name="uq_document_term_since"),)
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    since: date
    name: str = Field(sa_type=Text)
    used: Any = Field(sa_type=JsonText)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class IssuedPaperRow(SQLModel, table=True):
    """An issued paper; append-only. `data`: its canonical JSON; `number` is null in a practice sitting."""

    __tablename__ = "issued_paper"
    __table_args__ = (
        UniqueConstraint("cell_id", "term", "kind", "number", name="uq_issued_paper_number"),
        UniqueConstraint("kind", "about_id", name="uq_issued_paper_about"),
    )
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    kind: str = Field(max_length=20)
    about_id: str = Field(max_length=36)
    term: str = Field(max_length=10)
    number: int | None = Field(default=None)
    day: date
    data: bytes = Field(sa_type=LargeBinary)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


async def take_number(session: AsyncSession, cell: Id, term: str, kind: PaperKind, *, used: int = 0) -> int:
    """The next number; nobody else of that cell, term and kind gets one until the unit ends. A unit that fails
    gives it back. `used`: the last one given outside, where none was given here."""
    mine = (
        col(DocumentNumberRow.cell_id) == cell,
        col(DocumentNumberRow.term) == term,
        col(DocumentNumberRow.kind) == kind.value,
    )
    lock = select(col(DocumentNumberRow.last)).where(*mine).with_for_update()
    last = (await session.execute(lock)).scalar_one_or_none()
    if last is None:
        await _begin(session, {"cell_id": cell, "term": term, "kind": kind.value, "last": used})
        last = int((await session.execute(lock)).scalar_one())
    await session.execute(update(DocumentNumberRow).where(*mine).values(last=last + 1))
    return int(last) + 1


async def _begin(session: AsyncSession, values: dict[str, Any]) -> None:
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415  chosen by the database at hand

    dialect = session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    await session.execute(make(DocumentNumberRow).values(values).on_conflict_do_nothing())


async def add_paper(session: AsyncSession, paper: IssuedPaper) -> None:
    """Keep an issued paper."""
    values = {
        "id": paper.id,
        "cell_id": paper.cell,
        "meeting_id": paper.meeting,
        "kind": paper.kind.value,
        "about_id": paper.about,
        "term": paper.term,
        "number": paper.number,
        "day": paper.day,
        "data": paper.data,
        "by_id": paper.by,
        "at": paper.at,
    }
    await session.execute(insert(IssuedPaperRow), [values])


async def paper(session: AsyncSession, paper_id: Id, *, lock: bool = False) -> IssuedPaper | None:
    """One issued paper. `lock`: nobody else locks it until the unit ends."""
    row = await session.get(IssuedPaperRow, paper_id, with_for_update=lock or None)
    return None if row is None else _paper(row)


async def paper_about(session: AsyncSession, kind: PaperKind, about: Id) -> IssuedPaper | None:
    """The paper of that kind about a meeting or a vote, if it was issued."""
    mine = (col(IssuedPaperRow.kind) == kind.value, col(IssuedPaperRow.about_id) == about)
    row = (await session.execute(select(IssuedPaperRow).where(*mine))).scalar_one_or_none()
    return None if row is None else _paper(row)


_OF_MEETING = RowsBy(IssuedPaperRow, "meeting_id", order=("at", "id"))


async def papers_of_meeting(
    session: AsyncSession, meeting: Id, kind: PaperKind | None = None
) -> list[IssuedPaper]:
    """The issued papers of a meeting, or those of one kind, in the order of their issue."""
    rows = await _OF_MEETING(session, meeting)
    return [_paper(row) for row in rows if kind is None or row.kind == kind.value]


async def meeting_of(session: AsyncSession, about: Id) -> Id | None:
    """The meeting of an issued paper about that vote or meeting."""
    statement = select(col(IssuedPaperRow.meeting_id)).where(col(IssuedPaperRow.about_id) == about).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def newest_day(session: AsyncSession, cell: Id) -> date | None:
    """The latest day that stands on a paper of the cell."""
    statement = select(func.max(col(IssuedPaperRow.day))).where(col(IssuedPaperRow.cell_id) == cell)
    return (await session.execute(statement)).scalar_one_or_none()


async def add_term(session: AsyncSession, cell: Id, term_id: Id, term: Term, by: Id, at: datetime) -> None:
    """Keep a new term."""
    used = {kind.value: last for kind, last in term.used.items()}
    values = {"id": term_id, "cell_id": cell, "since": term.since, "name": term.name, "used": used}
    await session.execute(insert(DocumentTermRow), [{**values, "by_id": by, "at": at}])


async def terms(session: AsyncSession, cell: Id) -> list[Term]:
    """The terms of a cell in order."""
    statement = select(DocumentTermRow).where(col(DocumentTermRow.cell_id) == cell)
    rows = (await session.execute(statement.order_by(col(DocumentTermRow.since)))).scalars()
    return [
        Term(
            name=row.name,
            since=row.since,
            used={PaperKind(kind): int(last) for kind, last in row.used.items()},
        )
        for row in rows
    ]


def _paper(row: IssuedPaperRow) -> IssuedPaper:
    return IssuedPaper(
        id=row.id,
        cell=row.cell_id,
        meeting=row.meeting_id,
        kind=PaperKind(row.kind),
        about=row.about_id,
        term=row.term,
        number=row.number,
        day=row.day,
        data=row.data,
        by=row.by_id,
        at=row.at,
    )
