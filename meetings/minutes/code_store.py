"""Rows of codes by which a token's program signs once in somebody's place. Only the code's hash is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.minutes.seating import OfPaper, Seating, field_of, seating_in


class SigningCodeRow(SQLModel, table=True):
    """A code that was shown. `digest`: its SHA-256; `paper_id`: null for the minutes; `pending_id`: what was
    prepared under it last."""

    __tablename__ = "signing_code"
    digest: str = Field(primary_key=True, max_length=64)
    meeting_id: str = Field(max_length=36)
    role: str = Field(max_length=20)
    paper_id: str | None = Field(default=None, max_length=36)
    person_id: str = Field(max_length=36)
    session_id: str = Field(max_length=36)
    pending_id: str | None = Field(default=None, max_length=36)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """For whom, and where, a code signs."""

    meeting: Id
    part: Seating
    asker: Asker
    pending: Id | None
    expires_at: datetime


def digest_of(code: str) -> str:
    """Of the digits alone, however they were typed."""
    return hashlib.sha256("".join(one for one in code if one.isdigit()).encode()).hexdigest()


async def put(session: AsyncSession, code: str, errand: Errand) -> None:
    """Keep it; the person's earlier code for the same place goes."""
    mine = (
        col(SigningCodeRow.person_id) == errand.asker.person,
        col(SigningCodeRow.meeting_id) == errand.meeting,
    )
    await session.execute(delete(SigningCodeRow).where(*mine))
    values = {
        "digest": digest_of(code),
        "meeting_id": errand.meeting,
        "role": field_of(errand.part),
        "paper_id": errand.part.paper if isinstance(errand.part, OfPaper) else None,
        "person_id": errand.asker.person,
        "session_id": errand.asker.session,
        "pending_id": errand.pending,
        "expires_at": errand.expires_at,
    }
    await session.execute(insert(SigningCodeRow), [values])


async def errand(session: AsyncSession, code: str) -> Errand | None:
    """What the code is for."""
    asked = select(SigningCodeRow).where(col(SigningCodeRow.digest) == digest_of(code))
    row = (await session.execute(asked)).scalar_one_or_none()
    if row is None:
        return None
    return Errand(
        meeting=row.meeting_id,
        part=seating_in(row.role, row.paper_id),
        asker=Asker(person=row.person_id, session=row.session_id),
        pending=row.pending_id,
        expires_at=row.expires_at,
    )


async def point_to(session: AsyncSession, code: str, pending: Id) -> None:
    """What was prepared under the code."""
    mine = col(SigningCodeRow.digest) == digest_of(code)
    await session.execute(update(SigningCodeRow).where(mine).values(pending_id=pending))


async def drop_expired(session: AsyncSession, now: datetime) -> None:
    """Those that nobody can use any more."""
    await session.execute(delete(SigningCodeRow).where(col(SigningCodeRow.expires_at) <= now))
