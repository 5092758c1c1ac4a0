"""Writing many ballots in one transaction: one statement holds the votes, the next decides who is in time."""

# ruff: noqa: S608  the statement is built from the constants of this file alone

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, TextualSelect, bindparam, column, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.db.batch import json_rows
from meetings.db.refusals import refusing
from meetings.db.types import UtcDateTime, dump
from meetings.kernel.ids import Id
from meetings.voting.refusals import VersionTaken
from meetings.voting.rules import Choice
from meetings.voting.store import LateBallotRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A ballot as it stands: the first one under its id."""

    id: Id
    vote: Id
    member: Id
    version: int
    choice: Choice
    body_hash: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a batch needs to know of a vote. `ended`: when it was closed, else its deadline."""

    cell: Id
    meeting: Id
    state: str
    standing: str
    form: str
    zone: str
    deadline: datetime | None
    ended: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Voter:
    """Somebody who may answer; `in_hall` as fixed at opening."""

    member: Id
    in_hall: bool


_KINDS = {
    "id": "text",
    "vote_id": "text",
    "member_id": "text",
    "version": "integer",
    "choice": "text",
    "body_hash": "text",
}


@cache
def _insert(dialect: str) -> TextualSelect:
    statement = text(
        "INSERT INTO ballot (id, vote_id, member_id, version, choice, body_hash, received_at)"
        f" SELECT b.id, b.vote_id, b.member_id, b.version, b.choice, b.body_hash, {_now(dialect)}"
        f" FROM {json_rows(dialect, _KINDS)} JOIN vote ON vote.id = b.vote_id"
        " WHERE vote.state = 'open' AND vote.deadline > :now"
        " AND NOT EXISTS (SELECT 1 FROM ballot AS known WHERE known.id = b.id)"
        " AND NOT EXISTS (SELECT 1 FROM late_ballot AS late WHERE late.id = b.id)"  # even if the clock was set back
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    return statement.bindparams(bindparam("now", type_=UtcDateTime())).columns(column("id"))


def _now(dialect: str) -> str:
    return "CAST(:now AS timestamptz)" if dialect == "postgresql" else ":now"


async def asked(
    session: AsyncSession, pairs: Iterable[tuple[Id, Id]]
) -> tuple[dict[Id, Question], dict[tuple[Id, Id], Voter], datetime | None]:
    """The votes of these (vote, person) pairs, and who of the people may answer. The votes stay as they are until
    the unit ends: a closing waits, on PostgreSQL for the rows, on SQLite for the lane. Last, what the server's clock
    said once they were held; None where nothing was, and under SQLite."""
    rows = [{"vote_id": vote, "person_id": person} for vote, person in sorted(set(pairs))]
    found = await session.execute(_asked(session.get_bind().dialect.name), {"rows": dump(rows)})
    questions: dict[Id, Question] = {}
    voters: dict[tuple[Id, Id], Voter] = {}
    told: datetime | None = None
    for row in found:
        told = row.told  # of the last one: each is told when it is held
        questions[row.vote_id] = questions.get(row.vote_id) or _question(row)
        if row.member_id is not None:
            voters[row.vote_id, row.person_id] = Voter(member=row.member_id, in_hall=bool(row.in_hall))
    return questions, voters, told


_VOTE = ("cell_id", "meeting_id", "state", "standing", "form", "zone")
_TIMES = ("deadline", "closed_at")


@cache
def _asked(dialect: str) -> TextualSelect:
    rows = json_rows(dialect, {"vote_id": "text", "person_id": "text"})
    picked = ", ".join(f"q.{name}" for name in (*_VOTE, *_TIMES))
    held = (
        f"SELECT b.vote_id, b.person_id, v.member_id, v.in_hall, {picked} FROM {rows} JOIN vote AS q"
        " ON q.id = b.vote_id LEFT JOIN voter AS v ON v.vote_id = b.vote_id AND v.person_id = b.person_id"
    )
    if dialect == "postgresql":  # a clock in the list of what is locked would be read before the lock
        held = f"WITH held AS MATERIALIZED ({held} FOR SHARE OF q) SELECT held.*, clock_timestamp() AS told FROM held"
    else:
        held = f"SELECT held.*, NULL AS told FROM ({held}) AS held"
    names = ("vote_id", "person_id", "member_id", "in_hall", *_VOTE)
    times = [column(name, UtcDateTime()) for name in (*_TIMES, "told")]
    return text(held).columns(*map(column, names), *times)


def _question(row: Row[Any]) -> Question:
    return Question(
        cell=row.cell_id,
        meeting=row.meeting_id,
        state=row.state,
        standing=row.standing,
        form=row.form,
        zone=row.zone,
        deadline=row.deadline,
        ended=row.closed_at or row.deadline,
    )


async def write(session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime) -> set[Id]:
    """Insert those whose vote, held by `asked`, is open at `now`; returns the ids that are new.

    Raises VersionTaken.
    """
    statement = _insert(session.get_bind().dialect.name)
    first = {row["id"]: row for row in reversed(rows)}  # a repeat within the batch is read back, not written
    with refusing({"uq_ballot_version": VersionTaken, "ballot_not_replaced_1": VersionTaken}):
        result = await session.execute(statement, {"rows": dump(list(first.values())), "now": now})
        return set(result.scalars())


async def standing(session: AsyncSession, ids: Iterable[Id]) -> dict[Id, Written]:
    """The ballots under these ids, late ones not among them."""
    rows = dump([{"id": one} for one in sorted(set(ids))])
    found = await session.execute(_standing(session.get_bind().dialect.name), {"rows": rows})
    return {
        row.id: Written(
            id=row.id,
            vote=row.vote_id,
            member=row.member_id,
            version=row.version,
            choice=Choice(row.choice),
            body_hash=row.body_hash,
            received_at=row.received_at,
        )
        for row in found
    }


_BALLOT = ("id", "vote_id", "member_id", "version", "choice", "body_hash")


@cache
def _standing(dialect: str) -> TextualSelect:
    picked = ", ".join(f"w.{name}" for name in (*_BALLOT, "received_at"))
    statement = text(
        f"SELECT {picked} FROM {json_rows(dialect, {'id': 'text'})} JOIN ballot AS w ON w.id = b.id"
    )
    return statement.columns(*map(column, _BALLOT), column("received_at", UtcDateTime()))


async def keep_late(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[set[Id], dict[Id, tuple[datetime, str]]]:
    """Keep late ones apart. Returns the new ids, and for every id when it first came and with which body."""
    if not rows:
        return set(), {}
    known = select(LateBallotRow).where(col(LateBallotRow.id).in_([row["id"] for row in rows]))
    kept = {row.id: (row.received_at, row.body_hash) for row in (await session.execute(known)).scalars()}
    fresh: dict[Id, dict[str, object]] = {}
    for row in rows:
        if row["id"] not in kept and row["id"] not in fresh:
            fresh[row["id"]] = {**{name: row[name] for name in _LATE}, "received_at": now}
    if fresh:
        await session.execute(insert(LateBallotRow), list(fresh.values()))
    return set(fresh), kept | {id_: (now, str(row["body_hash"])) for id_, row in fresh.items()}


_LATE = ("id", "vote_id", "member_id", "body_hash")
