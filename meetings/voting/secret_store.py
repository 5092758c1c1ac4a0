"""Rows of secret ballots on devices: nothing in a ballot's row leads to a member, a time or an order.

Ballots of a question are written together, sorted by their random serials, in one transaction (signing.md 4.4): row
order, hidden row numbers, transaction ids and page bytes then say what the serials say, which is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import WITHOUT_ROWID
from meetings.kernel.ids import Id
from meetings.voting.secrecy import Mark, Phase, Secrecy, Slip
from meetings.voting.store import VoteRow


class SecretVoterRow(SQLModel, table=True):
    """Who may get a ballot, fixed before the question stands."""

    __tablename__ = "secret_voter"
    __table_args__ = (WITHOUT_ROWID,)
    vote_id: str = Field(primary_key=True, max_length=36)
    member_id: str = Field(primary_key=True, max_length=36)


class SecretQuestionRow(SQLModel, table=True):
    """One question's key and phase. The private key is gone once casting begins."""

    __tablename__ = "secret_question"
    __table_args__ = (
        CheckConstraint(
            "phase IN ('issuing', 'casting', 'closed', 'set_aside')", name="ck_secret_question_phase"
        ),
        WITHOUT_ROWID,
    )
    vote_id: str = Field(primary_key=True, max_length=36)
    phase: str = Field(max_length=12)
    modulus: str = Field(max_length=512)
    key_hash: str = Field(max_length=64)
    private_key: bytes | None = Field(default=None, sa_type=LargeBinary)


class SecretTokenRow(SQLModel, table=True):
    """That a member got a ballot: what was signed is blind, so no ballot can be found by it."""

    __tablename__ = "secret_token"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "member_id"],
            ["secret_voter.vote_id", "secret_voter.member_id"],
            name="fk_secret_token_voter",
        ),
        WITHOUT_ROWID,
    )
    vote_id: str = Field(primary_key=True, max_length=36)
    member_id: str = Field(primary_key=True, max_length=36)
    blinded: str = Field(max_length=512)
    signed: str = Field(max_length=512)


class SecretBallotRow(SQLModel, table=True):
    """A ballot. Everything in it but the mark is random to whoever gave the signature."""

    __tablename__ = "secret_ballot"
    __table_args__ = (
        CheckConstraint("mark IN ('f', 'a', 'n')", name="ck_secret_ballot_mark"),
        WITHOUT_ROWID,
    )
    vote_id: str = Field(primary_key=True, max_length=36)
    serial: str = Field(primary_key=True, max_length=64)
    prefix: str = Field(max_length=64)
    signature: str = Field(max_length=512)
    mark: str = Field(max_length=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a ballot that arrives meets: the question, until when, and the mark that stands under its serial."""

    secrecy: Secrecy
    deadline: datetime | None
    mark: Mark | None


async def begin(
    session: AsyncSession, vote: Id, voters: Iterable[Id], private: bytes, modulus: str, key: str
) -> None:
    """Put a question: its voters first, for after it there are no more."""
    rows = [{"vote_id": vote, "member_id": member} for member in sorted(voters)]
    if rows:
        await session.execute(insert(SecretVoterRow), rows)
    row = {"vote_id": vote, "phase": Phase.ISSUING.value, "modulus": modulus, "key_hash": key}
    await session.execute(insert(SecretQuestionRow), [{**row, "private_key": private}])


async def get(session: AsyncSession, vote: Id) -> Secrecy | None:
    """The question as it stands."""
    found = await standing(session, vote, "")
    return None if found is None else found.secrecy


async def standing(session: AsyncSession, vote: Id, serial: str) -> Standing | None:
    """In one statement, for it is asked with every ballot that comes."""
    issued = select(func.count()).where(col(SecretTokenRow.vote_id) == vote).scalar_subquery()
    received = select(func.count()).where(col(SecretBallotRow.vote_id) == vote).scalar_subquery()
    mark = (
        select(col(SecretBallotRow.mark))
        .where(col(SecretBallotRow.vote_id) == vote, col(SecretBallotRow.serial) == serial)
        .scalar_subquery()
    )
    statement = (
        select(
            col(SecretQuestionRow.phase),
            col(SecretQuestionRow.modulus),
            col(SecretQuestionRow.key_hash),
            col(VoteRow.deadline),
            issued.label("issued"),
            received.label("received"),
            mark.label("mark"),
        )
        .join(VoteRow, col(VoteRow.id) == col(SecretQuestionRow.vote_id))
        .where(col(SecretQuestionRow.vote_id) == vote)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _standing(vote, row)


def _standing(vote: Id, row: Row[Any]) -> Standing:
    secrecy = Secrecy(
        vote=vote,
        phase=Phase(row.phase),
        modulus=row.modulus,
        key=row.key_hash,
        issued=row.issued,
        received=row.received,
    )
    return Standing(secrecy=secrecy, deadline=row.deadline, mark=None if row.mark is None else Mark(row.mark))


async def private_key(session: AsyncSession, vote: Id) -> bytes | None:
    """None once casting has begun."""
    mine = col(SecretQuestionRow.vote_id) == vote
    return (
        await session.execute(select(col(SecretQuestionRow.private_key)).where(mine))
    ).scalar_one_or_none()


async def move(session: AsyncSession, vote: Id, phase: Phase) -> None:
    """Into the next phase; the private key is not kept beyond issuing."""
    values: dict[str, object] = {"phase": phase.value, "private_key": None}
    mine = col(SecretQuestionRow.vote_id) == vote
    await session.execute(update(SecretQuestionRow).where(mine).values(values))


async def may_vote(session: AsyncSession, vote: Id, member: Id) -> bool:
    """Whether a ballot is for that member."""
    return await session.get(SecretVoterRow, (vote, member)) is not None


async def token_of(session: AsyncSession, vote: Id, member: Id) -> tuple[str, str] | None:
    """(blinded, signed) of a member who has asked."""
    row = await session.get(SecretTokenRow, (vote, member))
    return None if row is None else (row.blinded, row.signed)


async def add_token(session: AsyncSession, vote: Id, member: Id, blinded: str, signed: str) -> None:
    """Keep what was answered."""
    row = {"vote_id": vote, "member_id": member, "blinded": blinded, "signed": signed}
    await session.execute(insert(SecretTokenRow), [row])


async def write(session: AsyncSession, vote: Id, slips: Iterable[Slip]) -> None:
    """Write a question's ballots together, sorted by serial, in one statement. Those that stand stay as they are; the
    vote must be locked."""
    known = {serial for serial, _ in await ballots(session, vote)}
    rows = [
        {
            "vote_id": vote,
            "serial": slip.serial,
            "prefix": slip.prefix,
            "signature": slip.signature,
            "mark": slip.mark.value,
        }
        for slip in sorted(slips, key=lambda slip: slip.serial)
        if slip.serial not in known
    ]
    if rows:
        await session.execute(insert(SecretBallotRow), rows)


async def ballots(session: AsyncSession, vote: Id) -> Sequence[tuple[str, Mark]]:
    """(serial, mark) of every ballot, in the order of the serials."""
    statement = select(col(SecretBallotRow.serial), col(SecretBallotRow.mark)).where(
        col(SecretBallotRow.vote_id) == vote
    )
    found = await session.execute(statement.order_by(col(SecretBallotRow.serial)))
    return [(row.serial, Mark(row.mark)) for row in found]
