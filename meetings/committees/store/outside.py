"""Rows of accounts elsewhere: who comes in by which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.oidc import Account
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


class OutsideAccountRow(SQLModel, table=True):
    """`org_id`: where the person was let in when it was linked; its ledger tells of it, and of its end."""

    __tablename__ = "outside_account"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_outside_account_subject"),)
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_outside_account_person")]
    )
    org_id: str = Field(max_length=36, sa_column_args=[ForeignKey("org.id", name="fk_outside_account_org")])
    issuer: str = Field(sa_type=Text)
    subject: str = Field(max_length=255)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_SAME = ("id", "issuer", "subject", "made_at", "used_at")


async def add(session: AsyncSession, account: Account, org: Id) -> None:
    """Insert."""
    row = {name: getattr(account, name) for name in _SAME} | {"person_id": account.person, "org_id": org}
    await session.execute(insert(OutsideAccountRow), [row])


async def of_subject(
    session: AsyncSession, issuer: str, subject: str, *, lock: bool = False
) -> tuple[Account, Id] | None:
    """The account and where it was linked; locked until the unit ends if asked."""
    row = OutsideAccountRow
    statement = select(row).where(col(row.issuer) == issuer, col(row.subject) == subject)
    found = (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    return None if found is None else (_account(found), found.org_id)


async def of_person(session: AsyncSession, person: Id) -> list[Account]:
    """The person's accounts, in order of linking."""
    row = OutsideAccountRow
    found = await session.execute(
        select(row).where(col(row.person_id) == person).order_by(col(row.made_at), col(row.id))
    )
    return [_account(one) for one in found.scalars()]


async def used(session: AsyncSession, account: Id, at: datetime) -> None:
    """It let somebody in."""
    await session.execute(
        update(OutsideAccountRow).where(col(OutsideAccountRow.id) == account).values(used_at=at)
    )


async def remove(session: AsyncSession, account: Id) -> None:
    """It opens nothing any more, and may be linked anew."""
    await session.execute(delete(OutsideAccountRow).where(col(OutsideAccountRow.id) == account))


async def remove_all(session: AsyncSession, person: Id) -> None:
    """None of theirs opens anything any more."""
    await session.execute(delete(OutsideAccountRow).where(col(OutsideAccountRow.person_id) == person))


def _account(row: OutsideAccountRow) -> Account:
    return Account(**{name: getattr(row, name) for name in _SAME}, person=row.person_id)
