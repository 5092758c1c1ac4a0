"""What higher storeys ask about people, organisations and policies, inside their own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meetings.committees.members import AccountCount, CountsAs
from meetings.committees.policies import Policy, PolicyKey, resolve
from meetings.committees.rules import Leaving, Member, Role
from meetings.committees.service.authority import day_in, standpoint
from meetings.committees.store import accounts, endings, orgs, people
from meetings.committees.tree import OrgVersion, Tree
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE
from meetings.kernel.text import name_key


class NoSuchMember(NotFound):
    """No such membership, or not on that day."""

    code = "no-such-member"
    message = "Không có đảng viên này trong chi bộ."


class NoSuchPerson(NotFound):
    """No such person."""

    code = "no-such-person"
    message = "Không có người này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """How a member can be reached. `account`: whether they ever signed in."""

    phone: str | None
    smartphone: bool
    account: bool


async def roster(uow: UnitOfWork, cell: Id, day: date) -> list[Member]:
    """Everyone of the cell that day, of every category, in the order of Vietnamese given names."""
    return sorted(await people.roster(uow.session, cell, day), key=_by_name)


async def members_as(uow: UnitOfWork, cell: Id, counted: Mapping[Id, CountsAs]) -> list[Member]:
    """Those memberships of the cell, whenever they were, as what each counted then; ordered like the roster."""
    return sorted(await endings.members_as(uow.session, cell, counted), key=_by_name)


def _by_name(member: Member) -> tuple[tuple[tuple[int, ...], ...], Id]:
    return name_key(member.full_name), member.id


async def member(uow: UnitOfWork, member_id: Id, day: date) -> Member:
    """One membership as of that day. Raises NoSuchMember."""
    if (found := await people.member(uow.session, member_id, day)) is None:
        raise NoSuchMember
    return found


async def member_ever(uow: UnitOfWork, member_id: Id) -> Member:
    """One membership as of today, or as of its last day if it ended. Raises NoSuchMember."""
    found = await people.membership(uow.session, member_id)
    if found is None:
        raise NoSuchMember
    today = day_in(DEFAULT_ZONE, uow.now)
    return await member(uow, member_id, min(today, found.span.until or today))


async def leaving_of(uow: UnitOfWork, member_id: Id) -> tuple[date, Leaving] | None:
    """The last day of the membership and why, once it is written."""
    found = await people.membership(uow.session, member_id)
    if found is None or found.span.until is None or found.leaving is None:
        return None
    return found.span.until, found.leaving


async def members_of_person(uow: UnitOfWork, person: Id) -> list[Member]:
    """The person's memberships of today, suspended ones too; the one recorded first comes first."""
    return await people.members_of_person(uow.session, person, day_in(DEFAULT_ZONE, uow.now))


async def contacts(uow: UnitOfWork, cell: Id) -> dict[Id, Contact]:
    """How everyone who is or was in the cell can be reached, by person."""
    found = await people.people_of_cell(uow.session, cell)
    return {
        one.id: Contact(phone=one.phone, smartphone=one.smartphone, account=one.account_since is not None)
        for one in found.values()
    }


async def account_counts(uow: UnitOfWork, cells: Sequence[Id], day: date) -> list[AccountCount]:
    """How many members of these cells have an account that day, by category and smartphone."""
    return await accounts.account_counts(uow.session, cells, day)


async def tree(uow: UnitOfWork) -> Tree:
    """Every organisation over time."""
    return Tree(await orgs.versions(uow.session))


async def first_days(uow: UnitOfWork) -> dict[Id, date]:
    """The first day on which each organisation is known here."""
    found: dict[Id, date] = {}
    for version in await tree(uow):
        found[version.org] = min(version.span.since, found.get(version.org, version.span.since))
    return found


async def org(uow: UnitOfWork, org_id: Id, day: date) -> OrgVersion:
    """The organisation as it was that day. Raises NoSuchOrg."""
    return (await standpoint(uow, org_id, day)).org


async def cell_zone(uow: UnitOfWork, cell: Id) -> str:
    """The IANA name of the cell's zone today. Raises NoSuchOrg."""
    return (await standpoint(uow, cell)).zone


async def today_in(uow: UnitOfWork, org_id: Id) -> date:
    """The calendar day of the act in the organisation's zone. Raises NoSuchOrg."""
    return (await standpoint(uow, org_id)).today


async def policy(uow: UnitOfWork, key: PolicyKey, cell: Id, day: date) -> Policy:
    """The figure in force for the cell that day. Raises NoSuchOrg."""
    return (await policies(uow, cell, day))[key]


async def policies(uow: UnitOfWork, cell: Id, day: date) -> dict[PolicyKey, Policy]:
    """Every figure in force for the cell that day. Raises NoSuchOrg."""
    chain = [version.org for version in (await standpoint(uow, cell, day)).chain]
    known = await orgs.policies_of(uow.session, chain)
    return {key: resolve(key, known, chain, day) for key in PolicyKey}


async def figures(uow: UnitOfWork, key: PolicyKey, cells: Sequence[Id], day: date) -> dict[Id, Policy]:
    """One figure in force that day for each of many cells, in two queries. Raises NoSuchOrg."""
    whole = await tree(uow)
    chains = {cell: [version.org for version in whole.chain(cell, day)] for cell in cells}
    known = await orgs.policies_of(
        uow.session, sorted({org_id for chain in chains.values() for org_id in chain})
    )
    return {cell: resolve(key, known, chain, day) for cell, chain in chains.items()}


async def person_name(uow: UnitOfWork, person: Id) -> str:
    """The person's full name. Raises NoSuchPerson."""
    if (found := await people.person(uow.session, person)) is None:
        raise NoSuchPerson
    return found.full_name


async def mandate_holders(uow: UnitOfWork, org_id: Id, role: Role, day: date) -> list[Id]:
    """The persons who hold the role there that day, in order of beginning."""
    held = await people.mandates_of_org(uow.session, org_id)
    return [one.person for one in held if one.mandate.role is role and one.mandate.span.covers(day)]
