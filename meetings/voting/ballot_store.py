"""Writing many ballots in one transaction: one statement decides who is in time."""

# ruff: noqa: S608  the statement is built from the constants of this file alone

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import TextClause, TextualSelect, bindparam, column, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.db.batch import json_rows
from meetings.db.refusals import refusing
from meetings.db.types import UtcDateTime, dump
from meetings.kernel.ids import Id
from meetings.voting.rules import Choice, VersionTaken
from meetings.voting.store import LateBallotRow, VoteRow


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
    # FOR SHARE holds a closing back until these rows are committed; on SQLite the lane does.
    rows, share = json_rows(dialect, _KINDS), "FOR SHARE" if dialect == "postgresql" else ""
    statement = text(
        f"WITH on_time AS (SELECT id FROM vote WHERE id IN (SELECT vote_id FROM {rows})"
        f" AND state = 'open' AND deadline > :now {share})"
        " INSERT INTO ballot (id, vote_id, member_id, version, choice, body_hash, received_at)"
        f" SELECT b.id, b.vote_id, b.member_id, b.version, b.choice, b.body_hash, {_now(dialect)}"
        f" FROM {rows} JOIN on_time ON on_time.id = b.vote_id"
        " WHERE NOT EXISTS (SELECT 1 FROM ballot AS known WHERE known.id = b.id)"
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    return statement.bindparams(bindparam("now", type_=UtcDateTime())).columns(column("id"))


def _now(dialect: str) -> str:
    return "CAST(:now AS timestamptz)" if dialect == "postgresql" else ":now"


async def voters(session: AsyncSession, asked: Iterable[tuple[Id, Id]]) -> dict[tuple[Id, Id], Voter]:
    """(vote, person) → who may answer."""
    rows = [{"vote_id": vote, "person_id": person} for vote, person in sorted(set(asked))]
    found = await session.execute(_voters(session.get_bind().dialect.name), {"rows": dump(rows)})
    return {
        (row.vote_id, row.person_id): Voter(member=row.member_id, in_hall=bool(row.in_hall)) for row in found
    }


@cache
def _voters(dialect: str) -> TextClause:
    rows = json_rows(dialect, {"vote_id": "text", "person_id": "text"})
    return text(
        f"SELECT v.vote_id, v.person_id, v.member_id, v.in_hall FROM {rows}"
        " JOIN voter AS v ON v.vote_id = b.vote_id AND v.person_id = b.person_id"
    )


async def write(session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime) -> set[Id]:
    """Insert those whose vote is open at `now`; returns the ids that are new. Raises VersionTaken."""
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


async def questions(session: AsyncSession, votes: Iterable[Id]) -> dict[Id, Question]:
    """What these votes are, now."""
    row = VoteRow
    columns = (col(row.id), col(row.cell_id), col(row.meeting_id), col(row.state))
    times = (col(row.deadline), col(row.closed_at), col(row.standing), col(row.zone))
    found = await session.execute(select(*columns, *times).where(col(row.id).in_(sorted(set(votes)))))
    return {
        vote.id: Question(
            cell=vote.cell_id,
            meeting=vote.meeting_id,
            state=vote.state,
            standing=vote.standing,
            zone=vote.zone,
            deadline=vote.deadline,
            ended=vote.closed_at or vote.deadline,
        )
        for vote in found
    }


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
