"""Rows of personal links and bound browsers. Only hashes of tokens are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Text,
    TextualSelect,
    UniqueConstraint,
    column,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.sign_in import BrowserSession, Handed, Invitation
from meetings.db.batch import json_rows
from meetings.db.types import UtcDateTime, dump
from meetings.kernel.ids import Id


class InvitationRow(SQLModel, table=True):
    """A personal link. `org_id`: where it was made; its ledger tells of it. `wrong_years`: failed answers."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_invitation_token"),
        CheckConstraint(
            "handed IN ('paper', 'message', 'code', 'browser', 'passkey', 'outside')",
            name="ck_invitation_handed",
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_invitation_person")]
    )
    org_id: str = Field(max_length=36, sa_column_args=[ForeignKey("org.id", name="fk_invitation_org")])
    token_hash: str = Field(max_length=64)
    handed: str = Field(max_length=10)
    made_by: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    browser: str | None = Field(default=None, max_length=64)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrong_years: int = 0
    code: str | None = Field(default=None, max_length=64, index=True)


class SessionRow(SQLModel, table=True):
    """One bound browser."""

    __tablename__ = "browser_session"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_browser_session_token"),)
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_browser_session_person")]
    )
    invitation_id: str | None = Field(
        default=None,
        max_length=36,
        sa_column_args=[ForeignKey("invitation.id", name="fk_browser_session_invitation")],
    )
    token_hash: str = Field(max_length=64)
    label: str = Field(sa_type=Text)
    bound_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_INVITATION = ("id", "token_hash", "made_by", "made_at", "used_at", "browser", "revoked_at", "code")
_SESSION = ("id", "token_hash", "label", "bound_at", "seen_at", "revoked_at")


async def add_invitation(session: AsyncSession, invitation: Invitation, org: Id) -> None:
    """Insert a link."""
    row = {name: getattr(invitation, name) for name in _INVITATION}
    row |= {"person_id": invitation.person, "org_id": org, "handed": invitation.handed.value}
    await session.execute(insert(InvitationRow), [row])


async def invitation(
    session: AsyncSession, token_hash: str, *, lock: bool = False
) -> tuple[Invitation, Id] | None:
    """The link with that hash and the organisation where it was made; locked until the unit ends if asked."""
    statement = select(InvitationRow).where(col(InvitationRow.token_hash) == token_hash)
    row = (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    return None if row is None else (_invitation(row), row.org_id)


async def codes(session: AsyncSession, code: str, since: datetime) -> list[tuple[Invitation, Id]]:
    """The codes with that hash made since, the newest first, with where they were made; locked until the unit ends."""
    statement = (
        select(InvitationRow)
        .where(col(InvitationRow.code) == code, col(InvitationRow.made_at) > since)
        .where(col(InvitationRow.revoked_at).is_(None))
        .order_by(col(InvitationRow.made_at).desc(), col(InvitationRow.id))
    )
    rows = await session.execute(statement.with_for_update())
    return [(_invitation(row), row.org_id) for row in rows.scalars()]


async def save_invitation(session: AsyncSession, one: Invitation) -> None:
    """Write that a link was used or revoked."""
    statement = update(InvitationRow).where(col(InvitationRow.id) == one.id)
    values = {"used_at": one.used_at, "browser": one.browser, "revoked_at": one.revoked_at}
    await session.execute(statement.values(**values))


async def revoke_unused(session: AsyncSession, person: Id, handed: Handed, at: datetime) -> None:
    """Revoke the person's unused links that were handed over in this way."""
    statement = update(InvitationRow).where(
        col(InvitationRow.person_id) == person,
        col(InvitationRow.handed) == handed.value,
        col(InvitationRow.used_at).is_(None),
        col(InvitationRow.revoked_at).is_(None),
    )
    await session.execute(statement.values(revoked_at=at))


async def forget(session: AsyncSession, person: Id, at: datetime) -> None:
    """Every browser of the person is bound no longer, and no unused link of theirs opens."""
    mine = (col(SessionRow.person_id) == person, col(SessionRow.revoked_at).is_(None))
    await session.execute(update(SessionRow).where(*mine).values(revoked_at=at))
    for handed in Handed:
        await revoke_unused(session, person, handed, at)


async def count_wrong_year(session: AsyncSession, token_hash: str, most: int, at: datetime) -> None:
    """One more failed answer; the link is revoked when there are `most`."""
    mine = col(InvitationRow.token_hash) == token_hash
    counted = col(InvitationRow.wrong_years) + 1
    await session.execute(update(InvitationRow).where(mine).values(wrong_years=counted))
    full = col(InvitationRow.wrong_years) >= most
    alive = col(InvitationRow.revoked_at).is_(None)
    await session.execute(update(InvitationRow).where(mine, full, alive).values(revoked_at=at))


def _invitation(row: InvitationRow) -> Invitation:
    facts = {name: getattr(row, name) for name in _INVITATION}
    return Invitation(**facts, person=row.person_id, handed=Handed(row.handed))


async def add_session(session: AsyncSession, one: BrowserSession, invitation_id: Id | None) -> None:
    """Insert a bound browser."""
    row = {name: getattr(one, name) for name in _SESSION}
    row |= {"person_id": one.person, "invitation_id": invitation_id}
    await session.execute(insert(SessionRow), [row])


async def sessions_by_token(session: AsyncSession, hashes: Sequence[str]) -> dict[str, BrowserSession]:
    """The bound browsers with those cookies, by the cookie's hash: one statement whatever their number."""
    statement = _by_token(session.get_bind().dialect.name)
    rows = [{"asked": one} for one in sorted(set(hashes))]
    found = await session.execute(statement, {"rows": dump(rows)})
    return {row.token_hash: _session(row) for row in found}


@cache
def _by_token(dialect: str) -> TextualSelect:
    asked = json_rows(dialect, {"asked": "text"})
    names = ("person_id", *_SESSION)
    picked = ", ".join(f"s.{name}" for name in names)
    statement = text(f"SELECT {picked} FROM {asked} JOIN browser_session AS s ON s.token_hash = b.asked")  # noqa: S608  constants only
    times = {"bound_at", "seen_at", "revoked_at"}
    return statement.columns(*(column(name, UtcDateTime() if name in times else None) for name in names))


async def sessions_of(session: AsyncSession, person: Id) -> list[BrowserSession]:
    """The person's browsers that nobody revoked, in order of binding."""
    statement = select(SessionRow).where(
        col(SessionRow.person_id) == person, col(SessionRow.revoked_at).is_(None)
    )
    rows = await session.execute(statement.order_by(col(SessionRow.bound_at), col(SessionRow.id)))
    return [_session(row) for row in rows.scalars()]


async def touch_session(session: AsyncSession, session_id: Id, at: datetime) -> None:
    """The browser was seen."""
    await session.execute(update(SessionRow).where(col(SessionRow.id) == session_id).values(seen_at=at))


async def org_of_session(session: AsyncSession, session_id: Id) -> Id | None:
    """Where the link was made that bound the browser, which is locked until the unit ends; None if it is bound
    no longer."""
    statement = (
        select(col(InvitationRow.org_id))
        .join(SessionRow, col(SessionRow.invitation_id) == col(InvitationRow.id))
        .where(col(SessionRow.id) == session_id, col(SessionRow.revoked_at).is_(None))
        .with_for_update(of=SessionRow)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def revoke_session(session: AsyncSession, session_id: Id, at: datetime) -> None:
    """The browser is bound no longer."""
    mine = (col(SessionRow.id) == session_id, col(SessionRow.revoked_at).is_(None))
    await session.execute(update(SessionRow).where(*mine).values(revoked_at=at))


async def revoke_sessions_of_link(session: AsyncSession, invitation_id: Id, at: datetime) -> None:
    """What an earlier answer to the same link bound is bound no longer: that answer may have been lost."""
    mine = (col(SessionRow.invitation_id) == invitation_id, col(SessionRow.revoked_at).is_(None))
    await session.execute(update(SessionRow).where(*mine).values(revoked_at=at))


def _session(row: Any) -> BrowserSession:
    facts = {name: getattr(row, name) for name in _SESSION}
    return BrowserSession(**facts, person=row.person_id)
