"""Guests, helper and kiosk passes, shared phones."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.attendance.guests import Guest, Pass, PassKind, SharedPhone
from meetings.db.rows import RowsBy
from meetings.db.types import WITHOUT_ROWID, JsonText, UtcDateTime
from meetings.kernel.ids import Id


class GuestRow(SQLModel, table=True):
    """Append-only."""

    __tablename__ = "guest"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    full_name: str = Field(max_length=200)
    comes_from: str = Field(max_length=200)
    overseer: bool
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class PassRow(SQLModel, table=True):
    """Append-only: a pass ends by itself, at the latest with its meeting, or by a row of `pass_revocation`."""

    __tablename__ = "helper_pass"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_helper_pass_token_hash"), WITHOUT_ROWID)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    kind: str = Field(max_length=10)
    name: str = Field(max_length=200)
    token_hash: str = Field(max_length=64)
    issued_by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class PassRevocationRow(SQLModel, table=True):
    """Append-only: the pass with that id was taken back early."""

    __tablename__ = "pass_revocation"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(
        primary_key=True,
        max_length=36,
        sa_column_args=[ForeignKey("helper_pass.id", name="fk_pass_revocation_pass")],
    )
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class SharedPhoneRow(SQLModel, table=True):
    """Append-only."""

    __tablename__ = "shared_phone"
    __table_args__ = (WITHOUT_ROWID,)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36, index=True)
    members: Any = Field(sa_type=JsonText)


async def add_guest(session: AsyncSession, guest: Guest) -> None:
    """Insert."""
    await session.execute(
        insert(GuestRow),
        [
            {
                "id": guest.id,
                "meeting_id": guest.meeting,
                "full_name": guest.full_name,
                "comes_from": guest.comes_from,
                "overseer": guest.overseer,
                "by_id": guest.by,
                "at": guest.at,
            }
        ],
    )


_GUESTS = RowsBy(GuestRow, "meeting_id", order=("at", "id"))


async def guests(session: AsyncSession, meeting: Id) -> list[Guest]:
    """In the order in which they were written down."""
    return [_guest(row) for row in await _GUESTS(session, meeting)]


def _guest(row: GuestRow) -> Guest:
    return Guest(
        id=row.id,
        meeting=row.meeting_id,
        full_name=row.full_name,
        comes_from=row.comes_from,
        overseer=row.overseer,
        by=row.by_id,
        at=row.at,
    )


async def add_pass(session: AsyncSession, issued: Pass) -> None:
    """Insert."""
    await session.execute(
        insert(PassRow),
        [
            {
                "id": issued.id,
                "meeting_id": issued.meeting,
                "kind": issued.kind.value,
                "name": issued.name,
                "token_hash": issued.token_hash,
                "issued_by_id": issued.issued_by,
                "at": issued.at,
                "expires_at": issued.expires_at,
            }
        ],
    )


async def pass_of(session: AsyncSession, token_hash: str) -> Pass | None:
    """The pass whose token has this SHA-256."""
    rows = await session.execute(_passes().where(col(PassRow.token_hash) == token_hash))
    row = rows.one_or_none()
    return None if row is None else _pass(*row)


async def passes(session: AsyncSession, meeting: Id) -> list[Pass]:
    """The meeting's passes, in the order in which they were issued."""
    mine = _passes().where(col(PassRow.meeting_id) == meeting)
    rows = await session.execute(mine.order_by(col(PassRow.at), col(PassRow.id)))
    return [_pass(*row) for row in rows]


async def revoke_pass(session: AsyncSession, pass_id: Id, by: Id, at: datetime) -> None:
    """Insert that it was taken back."""
    await session.execute(insert(PassRevocationRow), [{"id": pass_id, "by_id": by, "at": at}])


def _passes() -> Any:
    revoked = col(PassRevocationRow.id) == col(PassRow.id)
    return select(PassRow, col(PassRevocationRow.at)).outerjoin(PassRevocationRow, revoked)


def _pass(row: PassRow, revoked_at: datetime | None) -> Pass:
    return Pass(
        id=row.id,
        meeting=row.meeting_id,
        kind=PassKind(row.kind),
        name=row.name,
        token_hash=row.token_hash,
        issued_by=row.issued_by_id,
        at=row.at,
        expires_at=row.expires_at,
        revoked_at=revoked_at,
    )


async def add_shared_phone(session: AsyncSession, shared: SharedPhone) -> None:
    """Insert."""
    row = {"id": shared.id, "meeting_id": shared.meeting, "members": list(shared.members)}
    await session.execute(insert(SharedPhoneRow), [row])


async def shared_phones(session: AsyncSession, meetings: Collection[Id]) -> list[SharedPhone]:
    """What was declared for these meetings."""
    statement = select(SharedPhoneRow).where(col(SharedPhoneRow.meeting_id).in_(meetings))
    rows = await session.execute(statement.order_by(col(SharedPhoneRow.id)))
    return [
        SharedPhone(id=row.id, meeting=row.meeting_id, members=tuple(row.members)) for row in rows.scalars()
    ]
