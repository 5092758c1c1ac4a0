"""How a membership ends, and who is found again: by card or name, or as they were counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.committees.members import CountsAs
from meetings.committees.rules import Member
from meetings.committees.store.people import (
    Membership,
    MembershipRow,
    Person,
    PersonRow,
    as_membership,
    as_person,
)
from meetings.db.once import once
from meetings.db.rows import table_of
from meetings.kernel.ids import Id

_PEOPLE, _MEMBERSHIPS = table_of(PersonRow), table_of(MembershipRow)
_EVER = (
    select(_MEMBERSHIPS.c.id, _MEMBERSHIPS.c.person_id, _PEOPLE.c.full_name, _PEOPLE.c.smartphone)
    .join(_PEOPLE, _PEOPLE.c.id == _MEMBERSHIPS.c.person_id)
    .where(_MEMBERSHIPS.c.cell_id == bindparam("cell"))
)


async def members_as(session: AsyncSession, cell: Id, counted: Mapping[Id, CountsAs]) -> list[Member]:
    """Those memberships of the cell, as what each counted then and with the names of now, in no order."""
    return [
        Member(
            id=row.id,
            person=row.person_id,
            cell=cell,
            full_name=row.full_name,
            smartphone=row.smartphone,
            category=counted[row.id].category,
            official=counted[row.id].official,
        )
        for row in await _ever_in(session, cell)
        if row.id in counted
    ]


@once
async def _ever_in(session: AsyncSession, cell: Id) -> list[Row[Any]]:
    return list(await session.execute(_EVER, {"cell": cell}))


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
