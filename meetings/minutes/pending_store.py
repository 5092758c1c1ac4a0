"""Rows of signatures that wait for the signer's own device: one for each place, gone when done or too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.authority import pieces_of
from meetings.minutes.deferred import Prepared
from meetings.minutes.seating import Seating, seating_in


class PendingSignatureRow(SQLModel, table=True):
    """A prepared file that waits. `over`: SHA-256 of the file that it was prepared from; `key_id`: null for a token;
    `paper_id`: empty for the minutes; `chain`: certificates (PEM, one after the other) above the signer's; `kind`:
    the class, in words."""

    __tablename__ = "pending_signature"
    __table_args__ = (UniqueConstraint("meeting_id", "paper_id", "role", name="uq_pending_signature_place"),)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    paper_id: str = Field(default="", max_length=36)
    role: str = Field(max_length=20)
    person_id: str = Field(max_length=36)
    key_id: str | None = Field(default=None, max_length=36)
    certificate: bytes = Field(sa_type=LargeBinary)
    chain: bytes = Field(sa_type=LargeBinary)
    kind: str = Field(max_length=200)
    over: str = Field(max_length=64)
    pdf: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)
    attributes: bytes = Field(sa_type=LargeBinary)
    hole_start: int
    hole_end: int
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """A signature that waits. `role`: the field's name; `key`: the id of the key that it was prepared for, None
    for a token; `certificate` (PEM), `chain`: those above it; `kind`: the class, in words."""

    id: Id
    meeting: Id
    role: str
    person: Id
    key: Id | None
    certificate: bytes
    chain: tuple[bytes, ...]
    kind: str
    over: str
    prepared: Prepared
    expires_at: datetime
    paper: Id | None = None

    @property
    def seating(self) -> Seating:
        """In whose place."""
        return seating_in(self.role, self.paper)


async def put(session: AsyncSession, pending: Pending) -> None:
    """Keep it; an earlier one for the same place goes."""
    place = (
        col(PendingSignatureRow.meeting_id) == pending.meeting,
        col(PendingSignatureRow.paper_id) == (pending.paper or ""),
        col(PendingSignatureRow.role) == pending.role,
    )
    await session.execute(delete(PendingSignatureRow).where(*place))
    values = {
        "id": pending.id,
        "meeting_id": pending.meeting,
        "paper_id": pending.paper or "",
        "role": pending.role,
        "person_id": pending.person,
        "key_id": pending.key,
        "certificate": pending.certificate,
        "chain": b"".join(pending.chain),
        "kind": pending.kind,
        "over": pending.over,
        "pdf": pending.prepared.pdf,
        "digest": pending.prepared.digest,
        "attributes": pending.prepared.attributes,
        "hole_start": pending.prepared.start,
        "hole_end": pending.prepared.end,
        "expires_at": pending.expires_at,
    }
    await session.execute(insert(PendingSignatureRow), [values])


async def pending(session: AsyncSession, id_: Id) -> Pending | None:
    """The one with this id."""
    asked = select(PendingSignatureRow).where(col(PendingSignatureRow.id) == id_)
    row = (await session.execute(asked)).scalar_one_or_none()
    if row is None:
        return None
    prepared = Prepared(
        pdf=row.pdf, digest=row.digest, attributes=row.attributes, start=row.hole_start, end=row.hole_end
    )
    return Pending(
        id=row.id,
        meeting=row.meeting_id,
        role=row.role,
        person=row.person_id,
        key=row.key_id,
        certificate=row.certificate,
        chain=pieces_of(row.chain),
        kind=row.kind,
        over=row.over,
        prepared=prepared,
        expires_at=row.expires_at,
        paper=row.paper_id or None,
    )


async def drop(session: AsyncSession, id_: Id) -> None:
    """It is done."""
    await session.execute(delete(PendingSignatureRow).where(col(PendingSignatureRow.id) == id_))


async def drop_expired(session: AsyncSession, now: datetime) -> None:
    """Those that nobody can finish any more."""
    await session.execute(delete(PendingSignatureRow).where(col(PendingSignatureRow.expires_at) <= now))
