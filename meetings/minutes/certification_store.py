"""Rows of the internal authority's work: lists of certificates taken back, and requests that wait for its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.store import AuthorityRow, SigningKeyRow


class RevocationListRow(SQLModel, table=True):
    """A signed list (DER). Every one is kept: old signatures are judged by them (signing.md 2.1)."""

    __tablename__ = "revocation_list"
    id: str = Field(primary_key=True, max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
    until: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=LargeBinary)


class CertificateRequestRow(SQLModel, table=True):
    """A person's request that waits while the authority's key is away; the newest."""

    __tablename__ = "certificate_request"
    person_id: str = Field(primary_key=True, max_length=36)
    request: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class RevocationList:
    """A kept list, from when to when it is good."""

    made_at: datetime
    until: datetime
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """A certificate (PEM) that was issued here."""

    key: Id
    person: Id
    home: str
    certificate: bytes
    at: datetime
    revoked_at: datetime | None


async def newest_list(session: AsyncSession) -> RevocationList | None:
    """The list in force."""
    statement = select(RevocationListRow).order_by(col(RevocationListRow.made_at).desc()).limit(1)
    row = (await session.execute(statement)).scalar_one_or_none()
    return None if row is None else RevocationList(made_at=row.made_at, until=row.until, content=row.content)


async def keep_list(session: AsyncSession, id_: Id, made: RevocationList) -> None:
    """A new one."""
    values = {"id": id_, "made_at": made.made_at, "until": made.until, "content": made.content}
    await session.execute(insert(RevocationListRow), [values])


async def ask(session: AsyncSession, person: Id, request: bytes, at: datetime) -> None:
    """Let a request wait; the person's earlier one goes."""
    await answered(session, person)
    await session.execute(
        insert(CertificateRequestRow), [{"person_id": person, "request": request, "at": at}]
    )


async def waiting(session: AsyncSession) -> list[tuple[Id, bytes]]:
    """(person, request), the oldest first."""
    statement = select(CertificateRequestRow).order_by(
        col(CertificateRequestRow.at), col(CertificateRequestRow.person_id)
    )
    return [(row.person_id, row.request) for row in (await session.execute(statement)).scalars()]


async def answered(session: AsyncSession, person: Id) -> None:
    """The person's request waits no more."""
    mine = col(CertificateRequestRow.person_id) == person
    await session.execute(delete(CertificateRequestRow).where(mine))


async def issued(session: AsyncSession) -> list[Issued]:
    """Every certificate, the oldest first."""
    statement = select(SigningKeyRow).order_by(col(SigningKeyRow.at), col(SigningKeyRow.id))
    return [
        Issued(
            key=row.id,
            person=row.person_id,
            home=row.home,
            certificate=row.certificate,
            at=row.at,
            revoked_at=row.revoked_at,
        )
        for row in (await session.execute(statement)).scalars()
    ]


async def move_key(session: AsyncSession, wrapped: bytes | None) -> None:
    """The authority's key leaves (None) or comes back."""
    await session.execute(update(AuthorityRow).where(col(AuthorityRow.id) == 1).values(wrapped=wrapped))
