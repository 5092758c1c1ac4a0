"""Rows of signatures by keys on issued papers: one for each place; append-only. The file with it stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.once import once
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.store import Signature


class PaperSignatureRow(SQLModel, table=True):
    """Columns as of `minutes_signature`; `sequence`: from 1, of `places`."""

    __tablename__ = "paper_signature"
    __table_args__ = (UniqueConstraint("paper_id", "sequence", name="uq_paper_signature_sequence"),)
    id: str = Field(primary_key=True, max_length=36)
    paper_id: str = Field(max_length=36)
    sequence: int
    places: int
    role: str = Field(max_length=20)
    person_id: str = Field(max_length=36)
    fingerprint: str = Field(max_length=64)
    pdf: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    signed_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The how-manieth signature, from 1, of how many."""

    number: int
    of: int


async def add(session: AsyncSession, paper: Id, id_: Id, signature: Signature, pdf: str, step: Step) -> None:
    """Keep a signature with the hash of its file."""
    values = {
        "id": id_,
        "paper_id": paper,
        "sequence": step.number,
        "places": step.of,
        "role": signature.role,
        "person_id": signature.person,
        "fingerprint": signature.fingerprint,
        "pdf": pdf,
        "at": signature.at,
        "signed_at": signature.signed_at,
    }
    await session.execute(insert(PaperSignatureRow), [values])


@once
async def of_papers(
    session: AsyncSession, papers: Sequence[Id]
) -> dict[Id, tuple[tuple[Signature, str], ...]]:
    """The signatures on each of these papers that has any, in order, each with the hash of its file."""
    row = PaperSignatureRow
    asked = select(row).where(col(row.paper_id).in_(papers)).order_by(col(row.sequence))
    found: dict[Id, tuple[tuple[Signature, str], ...]] = {}
    for one in (await session.execute(asked)).scalars():
        found[one.paper_id] = (*found.get(one.paper_id, ()), (_signature(one), one.pdf))
    return found


def _signature(row: PaperSignatureRow) -> Signature:
    return Signature(
        role=row.role,
        person=row.person_id,
        fingerprint=row.fingerprint,
        at=row.at,
        signed_at=row.signed_at,
    )
