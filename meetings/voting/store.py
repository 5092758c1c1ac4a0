"""Rows of votes, voters, hall counts; the count of ballots. Writing ballots stands in ballot_store.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Text,
    UniqueConstraint,
    bindparam,
    distinct,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.policies import Certainty, Policy, PolicyKey
from meetings.committees.rules import Member
from meetings.convening.rules import Standing
from meetings.db.once import once
from meetings.db.rows import RowsBy, table_of
from meetings.db.types import JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.voting.paper import Slate
from meetings.voting.rules import (
    Ballot,
    Base,
    Choice,
    Concerned,
    DecisionKind,
    Excluded,
    Form,
    HallCount,
    Included,
    StoredVote,
    Vote,
    VoteState,
)


class VoteRow(SQLModel, table=True):
    """One question. `base` and `figures` are fixed at opening, `result` at closing."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("state IN ('prepared', 'open', 'closed')", name="ck_vote_state"),)
    id: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    item_id: str | None = Field(default=None, max_length=36)
    question: str = Field(sa_type=Text)
    kind: str = Field(max_length=30)
    form: str = Field(max_length=16)
    standing: str = Field(max_length=12)
    zone: str = Field(max_length=60)
    state: str = Field(max_length=12)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deadline: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    base: Any = Field(sa_type=JsonText)
    figures: Any = Field(sa_type=JsonText)
    slate: Any = Field(default=None, sa_type=JsonText, nullable=True)
    person: Any = Field(default=None, sa_type=JsonText, nullable=True)
    result: Any = Field(default=None, sa_type=JsonText, nullable=True)


class VoterRow(SQLModel, table=True):
    """Who may answer a question, fixed at opening: entitled members, wherever they are."""

    __tablename__ = "voter"
    vote_id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(primary_key=True, max_length=36)
    member_id: str = Field(max_length=36)
    in_hall: int


class HallCountRow(SQLModel, table=True):
    """Hands counted in the hall; append-only, the highest sequence holds."""

    __tablename__ = "hall_count"
    __table_args__ = (UniqueConstraint("vote_id", "sequence", name="uq_hall_count_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    vote_id: str = Field(max_length=36)
    sequence: int
    in_favour: int
    against: int
    abstain: int
    tellers: Any = Field(sa_type=JsonText)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class BallotRow(SQLModel, table=True):
    """One answer from a device; append-only. `id` is made by the client (architecture decision 4)."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("vote_id", "member_id", "version", name="uq_ballot_version"),
        CheckConstraint("version >= 1", name="ck_ballot_version"),
        CheckConstraint("choice IN ('for', 'against', 'abstain')", name="ck_ballot_choice"),
    )
    id: str = Field(primary_key=True, max_length=36)
    vote_id: str = Field(max_length=36)
    member_id: str = Field(max_length=36)
    version: int
    choice: str = Field(max_length=10)
    body_hash: str = Field(max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)


class AssistedBallotRow(SQLModel, table=True):
    """Append-only: a ballot that somebody entered for the member (architecture: assisted, logged as such)."""

    __tablename__ = "assisted_ballot"
    ballot_id: str = Field(primary_key=True, max_length=36)
    vote_id: str = Field(max_length=36, index=True)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class LateBallotRow(SQLModel, table=True):
    """What came after the end: kept, said so, never counted."""

    __tablename__ = "late_ballot"
    id: str = Field(primary_key=True, max_length=36)
    vote_id: str = Field(max_length=36, index=True)
    member_id: str = Field(max_length=36)
    body_hash: str = Field(max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)


async def add(session: AsyncSession, stored: StoredVote) -> None:
    """Insert a question with the base and the figures that are fixed for it."""
    fixed = {
        "cell_id": stored.cell,
        "zone": stored.zone,
        "base": _base_json(stored.base),
        "figures": [_figure_json(figure) for figure in stored.figures],
    }
    await session.execute(insert(VoteRow), [{**_columns(stored.vote), **fixed}])


async def close(session: AsyncSession, vote: Vote, result: Mapping[str, Any]) -> None:
    """Write that a vote has ended, with its result."""
    values = {**_columns(vote), "result": result}
    await session.execute(update(VoteRow).where(col(VoteRow.id) == vote.id).values(**values))


async def set_deadline(session: AsyncSession, vote: Id, deadline: datetime) -> None:
    """Until when answers are taken."""
    await session.execute(update(VoteRow).where(col(VoteRow.id) == vote).values(deadline=deadline))


_ONE = RowsBy(VoteRow, "id")


async def get(session: AsyncSession, vote: Id, *, lock: bool = False) -> StoredVote | None:
    """One vote; locked, it waits for ballots being written and holds back new ones."""
    if lock:
        statement = select(VoteRow).where(col(VoteRow.id) == vote).with_for_update()
        row = (await session.execute(statement)).scalar_one_or_none()
    else:
        row = await _ONE.one(session, vote)
    return None if row is None else _stored(row)


_OF_MEETING = RowsBy(VoteRow, "meeting_id", order=("id",))


@once
async def of_meeting(session: AsyncSession, meeting: Id) -> list[StoredVote]:
    """The votes of a meeting in the order of their making."""
    return [_stored(row) for row in await _OF_MEETING(session, meeting)]


async def add_voters(
    session: AsyncSession, vote: Id, voters: Sequence[Member], in_hall: Collection[Id]
) -> None:
    """Fix who may answer, and who of them is in the hall."""
    rows = [
        {"vote_id": vote, "person_id": m.person, "member_id": m.id, "in_hall": int(m.id in in_hall)}
        for m in voters
    ]
    if rows:
        await session.execute(insert(VoterRow), rows)


async def add_hall_count(session: AsyncSession, vote: Id, count: HallCount, count_id: Id) -> None:
    """Append a count."""
    values = {
        "id": count_id,
        "vote_id": vote,
        "sequence": count.sequence,
        "in_favour": count.in_favour,
        "against": count.against,
        "abstain": count.abstain,
        "tellers": list(count.tellers),
        "by_id": count.by,
        "at": count.at,
    }
    await session.execute(insert(HallCountRow), [values])


async def hall_count(session: AsyncSession, vote: Id) -> HallCount | None:
    """The count that holds."""
    statement = select(HallCountRow).where(col(HallCountRow.vote_id) == vote)
    row = (await session.execute(statement.order_by(col(HallCountRow.sequence).desc()).limit(1))).scalar()
    if row is None:
        return None
    return HallCount(
        in_favour=row.in_favour,
        against=row.against,
        abstain=row.abstain,
        by=row.by_id,
        at=row.at,
        sequence=row.sequence,
        tellers=tuple(row.tellers),
    )


_BALLOTS = RowsBy(BallotRow, "vote_id")
_KEPT = table_of(BallotRow)
_OWN = select(_KEPT).where(_KEPT.c.vote_id == bindparam("vote"), _KEPT.c.member_id == bindparam("member"))
_ANSWERED = select(func.count(distinct(_KEPT.c.member_id))).where(_KEPT.c.vote_id == bindparam("vote"))


async def ballots(session: AsyncSession, vote: Id, member: Id | None = None) -> list[Ballot]:
    """The counted kind of ballots, of everyone or of one member."""
    if member is None:
        return [_ballot(row) for row in await _BALLOTS(session, vote)]
    return [_ballot(row) for row in await session.execute(_OWN, {"vote": vote, "member": member})]


async def add_assisted(session: AsyncSession, vote: Id, ballot: Id, by: Id, at: datetime) -> None:
    """Say of a ballot that this person entered it for the member."""
    row = {"ballot_id": ballot, "vote_id": vote, "by_id": by, "at": at}
    await session.execute(insert(AssistedBallotRow), [row])


_ASSISTED = RowsBy(AssistedBallotRow, "vote_id")


async def assisted(session: AsyncSession, vote: Id) -> frozenset[Id]:
    """The ballots of a vote that were entered for members."""
    return frozenset(row.ballot_id for row in await _ASSISTED(session, vote))


@once
async def answered(session: AsyncSession, vote: Id) -> int:
    """How many members have answered, whatever they said."""
    return int((await session.execute(_ANSWERED, {"vote": vote})).scalar_one())


_LATE = RowsBy(LateBallotRow, "vote_id", order=("received_at",))


async def late_ballots(session: AsyncSession, vote: Id, member: Id | None = None) -> list[datetime]:
    """When late ones came."""
    rows = await _LATE(session, vote)
    return [row.received_at for row in rows if member is None or row.member_id == member]


def _columns(vote: Vote) -> dict[str, Any]:
    return {
        "id": vote.id,
        "meeting_id": vote.meeting,
        "item_id": vote.item,
        "question": vote.question,
        "kind": vote.kind.value,
        "form": vote.form.value,
        "standing": vote.standing.value,
        "state": vote.state.value,
        "opened_at": vote.opened_at,
        "deadline": vote.deadline,
        "closed_at": vote.closed_at,
        "slate": asdict(vote.slate) if vote.slate else None,
        "person": asdict(vote.person) if vote.person else None,
    }


def _stored(row: VoteRow) -> StoredVote:
    vote = Vote(
        id=row.id,
        meeting=row.meeting_id,
        item=row.item_id,
        question=row.question,
        kind=DecisionKind(row.kind),
        form=Form(row.form),
        standing=Standing(row.standing),
        state=VoteState(row.state),
        opened_at=row.opened_at,
        deadline=row.deadline,
        closed_at=row.closed_at,
        slate=_slate(row.slate) if row.slate else None,
        person=Concerned(**row.person) if row.person else None,
    )
    return StoredVote(
        vote=vote,
        cell=row.cell_id,
        zone=row.zone,
        base=_base(row.base),
        result=row.result,
        figures=tuple(_figure(one) for one in row.figures),
    )


def _slate(json: Mapping[str, Any]) -> Slate:
    return Slate(**{**json, "candidates": tuple((who, name) for who, name in json["candidates"])})


def _figure_json(figure: Policy) -> dict[str, str | None]:
    return {
        "key": figure.key.value,
        "value": figure.value,
        "valid_from": figure.valid_from.isoformat(),
        "set_by": figure.set_by,
        "set_by_name": figure.set_by_name,
        "citation": figure.citation,
        "certainty": figure.certainty.value,
    }


def _figure(json: Mapping[str, Any]) -> Policy:
    coded = {
        "key": PolicyKey(json["key"]),
        "valid_from": date.fromisoformat(json["valid_from"]),
        "certainty": Certainty(json["certainty"]),
    }
    return Policy(**{**json, **coded})


def _base_json(base: Base) -> dict[str, list[list[str]]]:
    return {
        "included": [[member, why.value] for member, why in base.included],
        "excluded": [[member, why.value] for member, why in base.excluded],
    }


def _base(json: Mapping[str, Sequence[Sequence[str]]]) -> Base:
    return Base(
        included=tuple((member, Included(why)) for member, why in json["included"]),
        excluded=tuple((member, Excluded(why)) for member, why in json["excluded"]),
    )


def _ballot(row: Any) -> Ballot:
    return Ballot(
        id=row.id,
        vote=row.vote_id,
        member=row.member_id,
        version=row.version,
        choice=Choice(row.choice),
        body_hash=row.body_hash,
        received_at=row.received_at,
    )
