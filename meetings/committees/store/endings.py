"""How a membership ends, and who is found again."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.committees.store.people import (
    Membership,
    MembershipRow,
    Person,
    PersonRow,
    as_membership,
    as_person,
)
from meetings.kernel.ids import Id


async def end_membership(session: AsyncSession, one: Membership) -> None:
    """Write the last day of a membership, why, and by which paper."""
    leaving = one.leaving.value if one.leaving else None
    statement = update(MembershipRow).where(col(MembershipRow.id) == one.id)
    await session.execute(statement.values(until=one.span.until, leaving=leaving, leaving_paper=one.paper))


async def memberships_of_person(session: AsyncSession, person: Id) -> list[Membership]:
    """Every membership the person has or had."""
    rows = await session.execute(select(MembershipRow).where(col(MembershipRow.person_id) == person))
    return [as_membership(row) for row in rows.scalars()]


async def people_named(session: AsyncSession, *, card: str | None, name: str | None) -> list[Person]:
    """The persons of that card, else of that full name."""
    wanted = col(PersonRow.card) == card if card else col(PersonRow.full_name) == name
    return [as_person(row) for row in (await session.execute(select(PersonRow).where(wanted))).scalars()]
