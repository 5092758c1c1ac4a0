"""Who asks, where, and whether they may: read anew in every act, in three queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from meetings.committees.powers import Act, NoPower, Part, Place, can, may
from meetings.committees.rules import Actor, Category, Role
from meetings.committees.store import orgs, people
from meetings.committees.tree import NoSuchOrg, OrgVersion, Tree
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, zone_of

Parts = Sequence[tuple[Part, Id]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standpoint:
    """An organisation as of today in its own zone, with those above it, nearest first."""

    today: date
    zone: str
    chain: tuple[OrgVersion, ...]

    @property
    def org(self) -> OrgVersion:
        """The organisation itself."""
        return self.chain[0]

    def place(self, parts: Parts = ()) -> Place:
        """Where a power is asked for."""
        above = tuple(version.org for version in self.chain[1:])
        return Place(org=self.org.org, kind=self.org.kind, above=above, parts=tuple(parts))


async def standpoint(uow: UnitOfWork, org: Id, day: date | None = None) -> Standpoint:
    """Where the organisation stands on that day (today, without one). Raises NoSuchOrg."""
    found = await orgs.versions_upwards(uow.session, org)
    mine = [(version.span.since, zone) for version, zone in found if version.org == org]
    if not mine:
        raise NoSuchOrg
    zone = _zone_then(mine, day or uow.now.astimezone(UTC).date())
    today = day or day_in(zone, uow.now)
    return Standpoint(today=today, zone=zone, chain=Tree(v for v, _ in found).chain(org, today))


def _zone_then(mine: Sequence[tuple[date, str]], day: date) -> str:
    begun = [pair for pair in mine if pair[0] <= day]
    return max(begun)[1] if begun else min(mine)[1]


def day_in(zone: str, moment: datetime) -> date:
    """The calendar day of a moment for people of that zone."""
    return moment.astimezone(zone_of(zone)).date()


async def actor_of(uow: UnitOfWork, asker: Asker, day: date | None = None) -> Actor:
    """The asker with the mandates and memberships of that day (today in Việt Nam, without one).

    A suspended membership gives no power in its cell: suspended members are not admitted (rules.md 2.3).
    """
    day = day or day_in(DEFAULT_ZONE, uow.now)
    held = await people.mandates_of_person(uow.session, asker.person)
    members = await people.members_of_person(uow.session, asker.person, day)
    return Actor(
        person=asker.person,
        session=asker.session,
        mandates=tuple(one.mandate for one in held if one.mandate.span.covers(day)),
        members=tuple((one.cell, one.id) for one in members if one.category is not Category.SUSPENDED),
    )


async def allow(uow: UnitOfWork, asker: Asker, act: Act, org: Id, *, parts: Parts = ()) -> Actor:
    """The asker, who holds this power over the organisation today. Raises NoSuchOrg, NoPower."""
    at = await standpoint(uow, org)
    actor = await actor_of(uow, asker, at.today)
    may(actor, act, at.place(parts), at.today)
    return actor


async def allow_any(uow: UnitOfWork, asker: Asker, acts: Sequence[Act], org: Id) -> Actor:
    """The asker, who holds one of these powers over the organisation today. Raises NoSuchOrg, NoPower."""
    at = await standpoint(uow, org)
    actor = await actor_of(uow, asker, at.today)
    if not any(can(actor, act, at.place(), at.today) for act in acts):
        raise NoPower(act=acts[0].value)
    return actor


async def holds(uow: UnitOfWork, asker: Asker, act: Act, org: Id) -> bool:
    """Whether the asker holds this power over the organisation today. Raises NoSuchOrg."""
    at = await standpoint(uow, org)
    return can(await actor_of(uow, asker, at.today), act, at.place(), at.today)


async def place_of(uow: UnitOfWork, org: Id, *, parts: Parts = ()) -> Place:
    """The organisation's place in the tree of today. Raises NoSuchOrg."""
    return (await standpoint(uow, org)).place(parts)


async def can_view(uow: UnitOfWork, asker: Asker, cell: Id) -> bool:
    """Whether the asker may know of what happens in the cell; False for unknown cells too."""
    try:
        at = await standpoint(uow, cell)
    except NoSuchOrg:
        return False
    return can(await actor_of(uow, asker, at.today), Act.VIEW_CELL, at.place(), at.today)


async def allow_operator(uow: UnitOfWork, asker: Asker) -> Actor:
    """The asker, who administers today the top of this installation: how the machine does concerns nobody below it.
    Raises NoPower."""
    actor = await actor_of(uow, asker)
    for held in actor.mandates:
        if held.role is Role.ADMINISTRATOR and len((await standpoint(uow, held.org)).chain) == 1:
            return actor
    raise NoPower(act=Act.ADMINISTER.value)


async def is_operator(uow: UnitOfWork, asker: Asker) -> bool:
    """Whether `allow_operator` would let them."""
    try:
        await allow_operator(uow, asker)
    except NoPower:
        return False
    return True
