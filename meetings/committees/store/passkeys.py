"""Rows of passkeys: public keys alone, which open nothing by themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.passkeys import Passkey
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


class PasskeyRow(SQLModel, table=True):
    """`org_id`: where the person was let in when it was made; its ledger tells of it."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("credential", name="uq_passkey_credential"),)
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_passkey_person")]
    )
    org_id: str = Field(max_length=36, sa_column_args=[ForeignKey("org.id", name="fk_passkey_org")])
    credential: str = Field(sa_type=Text)
    public_key: str = Field(sa_type=Text)
    sign_count: int
    host: str = Field(max_length=253)
    label: str = Field(max_length=200)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_SAME = (
    *("id", "credential", "public_key", "sign_count", "host", "label"),
    *("made_at", "used_at", "revoked_at"),
)


async def add(session: AsyncSession, passkey: Passkey, org: Id) -> None:
    """Insert."""
    row = {name: getattr(passkey, name) for name in _SAME} | {"person_id": passkey.person, "org_id": org}
    await session.execute(insert(PasskeyRow), [row])


async def by_credential(
    session: AsyncSession, credential: str, *, lock: bool = False
) -> tuple[Passkey, Id] | None:
    """The key and where it was made, also a revoked one; locked until the unit ends if asked."""
    statement = select(PasskeyRow).where(col(PasskeyRow.credential) == credential)
    row = (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    return None if row is None else (_passkey(row), row.org_id)


async def of_person(session: AsyncSession, person: Id) -> list[Passkey]:
    """The person's keys that nobody took back, in order of making."""
    statement = select(PasskeyRow).where(
        col(PasskeyRow.person_id) == person, col(PasskeyRow.revoked_at).is_(None)
    )
    rows = await session.execute(statement.order_by(col(PasskeyRow.made_at), col(PasskeyRow.id)))
    return [_passkey(row) for row in rows.scalars()]


async def used(session: AsyncSession, passkey: Id, at: datetime, sign_count: int) -> None:
    """It let somebody in."""
    statement = update(PasskeyRow).where(col(PasskeyRow.id) == passkey)
    await session.execute(statement.values(used_at=at, sign_count=sign_count))


async def revoke(session: AsyncSession, passkey: Id, at: datetime) -> None:
    """It opens nothing any more."""
    statement = update(PasskeyRow).where(col(PasskeyRow.id) == passkey, col(PasskeyRow.revoked_at).is_(None))
    await session.execute(statement.values(revoked_at=at))


async def revoke_all(session: AsyncSession, person: Id, at: datetime) -> None:
    """None of theirs opens anything any more."""
    mine = (col(PasskeyRow.person_id) == person, col(PasskeyRow.revoked_at).is_(None))
    await session.execute(update(PasskeyRow).where(*mine).values(revoked_at=at))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(**{name: getattr(row, name) for name in _SAME}, person=row.person_id)
