"""Rows of counting boards' protocols, and of elections with their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.rows import RowsBy
from meetings.db.types import JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.voting.elections import NameStep, Step
from meetings.voting.paper import PaperCount, PaperLine, Protocol
from meetings.voting.rules import DecisionKind


class PaperCountRow(SQLModel, table=True):
    """The protocol of a counting board; append-only, the highest sequence holds."""

    __tablename__ = "paper_count"
    __table_args__ = (UniqueConstraint("vote_id", "sequence", name="uq_paper_count_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    vote_id: str = Field(max_length=36)
    sequence: int
    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    lines: Any = Field(sa_type=JsonText)
    board: Any = Field(sa_type=JsonText)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class ElectionRow(SQLModel, table=True):
    """An election in a meeting. `names`: the closed list, null while it is open."""

    __tablename__ = "election"
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    item_id: str | None = Field(default=None, max_length=36)
    kind: str = Field(max_length=30)
    title: str = Field(sa_type=Text)
    seats: int
    names: Any = Field(default=None, sa_type=JsonText, nullable=True)


class NominationRow(SQLModel, table=True):
    """What happened to a name; append-only, in the order of `sequence`."""

    __tablename__ = "nomination"
    __table_args__ = (UniqueConstraint("election_id", "sequence", name="uq_nomination_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    election_id: str = Field(max_length=36)
    sequence: int
    member_id: str = Field(max_length=36)
    step: str = Field(max_length=12)
    in_favour: int
    present: int
    nominator_id: str | None = Field(default=None, max_length=36)
    on_roll: int | None = None
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class Election:
    """An election as stored. `names`: the closed list by membership, None while it is open."""

    id: Id
    cell: Id
    meeting: Id
    item: Id | None
    kind: DecisionKind
    title: str
    seats: int
    names: tuple[Id, ...] | None = None


async def add_count(session: AsyncSession, vote: Id, count: PaperCount, count_id: Id) -> None:
    """Append a protocol."""
    stamp = {"id": count_id, "vote_id": vote, "by_id": count.by, "at": count.at, "sequence": count.sequence}
    await session.execute(insert(PaperCountRow), [asdict(count.protocol) | stamp])


async def count_of(session: AsyncSession, vote: Id) -> PaperCount | None:
    """The protocol that holds."""
    statement = select(PaperCountRow).where(col(PaperCountRow.vote_id) == vote)
    row = (await session.execute(statement.order_by(col(PaperCountRow.sequence).desc()).limit(1))).scalar()
    if row is None:
        return None
    protocol = Protocol(
        issued=row.issued,
        returned=row.returned,
        valid=row.valid,
        invalid=row.invalid,
        blank=row.blank,
        lines=tuple(PaperLine(**line) for line in row.lines),
        board=tuple(row.board),
    )
    return PaperCount(protocol=protocol, by=row.by_id, at=row.at, sequence=row.sequence)


async def add_election(session: AsyncSession, election: Election) -> None:
    """Insert an election with an open list."""
    await session.execute(insert(ElectionRow), [_election_row(election)])


async def close_list(session: AsyncSession, election: Id, names: Sequence[Id]) -> None:
    """Fix who stands."""
    statement = update(ElectionRow).where(col(ElectionRow.id) == election)
    await session.execute(statement.values(names=list(names)))


async def election(session: AsyncSession, election_id: Id, *, lock: bool = False) -> Election | None:
    """One election."""
    statement = select(ElectionRow).where(col(ElectionRow.id) == election_id)
    row = (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    return None if row is None else _election(row)


_OF_MEETING = RowsBy(ElectionRow, "meeting_id", order=("id",))


async def elections_of(session: AsyncSession, meeting: Id) -> list[Election]:
    """Those of a sitting."""
    return [_election(row) for row in await _OF_MEETING(session, meeting)]


async def add_step(
    session: AsyncSession, election_id: Id, step: NameStep, sequence: int, stamp: Mapping[str, Any]
) -> None:
    """Append a step. `stamp`: id, by_id and at of the act."""
    row = {
        "election_id": election_id,
        "sequence": sequence,
        "member_id": step.member,
        "step": step.step.value,
        "in_favour": step.in_favour,
        "present": step.present,
        "nominator_id": step.nominator,
        "on_roll": step.on_roll,
    }
    await session.execute(insert(NominationRow), [{**row, **stamp}])


async def steps(session: AsyncSession, election_id: Id) -> list[NameStep]:
    """Every step in order."""
    statement = select(NominationRow).where(col(NominationRow.election_id) == election_id)
    rows = (await session.execute(statement.order_by(col(NominationRow.sequence)))).scalars()
    return [
        NameStep(
            member=row.member_id,
            step=Step(row.step),
            in_favour=row.in_favour,
            present=row.present,
            nominator=row.nominator_id,
            on_roll=row.on_roll,
        )
        for row in rows
    ]


def _election_row(election: Election) -> dict[str, Any]:
    return {
        "id": election.id,
        "cell_id": election.cell,
        "meeting_id": election.meeting,
        "item_id": election.item,
        "kind": election.kind.value,
        "title": election.title,
        "seats": election.seats,
        "names": None,
    }


def _election(row: ElectionRow) -> Election:
    return Election(
        id=row.id,
        cell=row.cell_id,
        meeting=row.meeting_id,
        item=row.item_id,
        kind=DecisionKind(row.kind),
        title=row.title,
        seats=row.seats,
        names=None if row.names is None else tuple(row.names),
    )
