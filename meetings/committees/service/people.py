"""Looking at a member's record, and the category that changes with a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from meetings.committees.members import CategorySpan, NoCategory, category_on, changed
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Mandate, Member, Span
from meetings.committees.service.authority import allow, allow_any, day_in, standpoint
from meetings.committees.service.lookups import NoSuchMember, NoSuchPerson, roster
from meetings.committees.store import people
from meetings.committees.store.people import Membership, Person
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import DEFAULT_ZONE
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

ALWAYS_OFFICIAL = {Category.OFFICIAL: True, Category.PROBATIONARY: False, Category.TEMPORARY_ARRIVED: False}


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRecord:
    """Everything kept of a membership. Personal data."""

    membership: Membership
    person: Person
    categories: tuple[CategorySpan, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Self:
    """Who asks: their name, memberships and mandates of today, and the names of those organisations."""

    person: Person
    members: tuple[Member, ...]
    mandates: tuple[Mandate, ...]
    org_names: Mapping[Id, str]


class PeopleService:
    """Acts on members."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def roster(self, asker: Asker, cell: Id) -> list[Member]:
        """Everyone of the cell today, for those who may view it or manage its roster."""
        async with self._units.read() as uow:
            await allow_any(uow, asker, (Act.VIEW_CELL, Act.IMPORT), cell)
            return await roster(uow, cell, (await standpoint(uow, cell)).today)

    async def me(self, asker: Asker) -> Self:
        """The asker's own place in the house."""
        async with self._units.read() as uow:
            person = await _person(uow, asker.person)
            today = day_in(DEFAULT_ZONE, uow.now)
            members = await people.members_of_person(uow.session, person.id, today)
            held = await people.mandates_of_person(uow.session, person.id)
            mandates = tuple(one.mandate for one in held if one.mandate.span.covers(today))
            orgs = {one.cell for one in members} | {one.org for one in mandates}
            names = {org: (await standpoint(uow, org)).org.name for org in sorted(orgs)}
            return Self(person=person, members=tuple(members), mandates=mandates, org_names=names)

    async def look_at_member(self, asker: Asker, member_id: Id) -> MemberRecord:
        """A member's whole record. Anybody's look but their own is recorded. Raises NoSuchMember, NoPower."""
        async with self._units.begin() as uow:
            found = await _membership(uow, member_id)
            if found.person != asker.person:
                await allow_any(uow, asker, (Act.AUDIT, Act.INVITE), found.cell)
                act = Recorded(cell=found.cell, name="committees.look", actor=asker.person, subject=member_id)
                await record(uow, act)
            spans = await people.spans_of(uow.session, [member_id])
            person = await _person(uow, found.person)
            return MemberRecord(membership=found, person=person, categories=tuple(spans))

    async def change_category(
        self, asker: Asker, member_id: Id, category: Category, since: date, paper: str
    ) -> None:
        """From that day on the member is of this category. Raises NoPower, NoSuchMember, Overlap."""
        async with self._units.begin() as uow:
            found = await _membership(uow, member_id, lock=True)
            await allow(uow, asker, Act.IMPORT, found.cell)
            if not found.span.covers(since):
                raise NoSuchMember
            await change_category(uow, found, category, since, paper, by=asker.person)


async def change_category(
    uow: UnitOfWork, found: Membership, category: Category, since: date, paper: str, *, by: Id | None
) -> None:
    """Begin a category, whoever may; the running one ends the day before. Idle if it is so already."""
    spans = await people.spans_of(uow.session, [found.id])
    person = await _person(uow, found.person)
    new = CategorySpan(
        member=found.id,
        category=category,
        official=_official(category, spans, found.id, since),
        span=Span(since=since),
    )
    if any(one.category is category and one.span == new.span for one in spans):
        return
    for one in changed(spans, new):
        if one not in spans and one != new:
            await people.end_span(uow.session, one)
    await people.add_span(uow.session, new, new_id(), paper)
    if category is Category.OFFICIAL and person.official_since is None:
        await people.save_person(uow.session, replace(person, official_since=since))
    act = Recorded(
        cell=found.cell,
        name="committees.change_category",
        actor=by,
        subject=found.id,
        personal={"category": category.value, "since": since.isoformat(), "paper": paper},
    )
    await record(uow, act)


def _official(category: Category, spans: list[CategorySpan], member_id: Id, since: date) -> bool:
    """Away, exempt and suspended members keep the standing they had."""
    if category in ALWAYS_OFFICIAL:
        return ALWAYS_OFFICIAL[category]
    try:
        return category_on(spans, member_id, since).official
    except NoCategory:
        return False


async def _membership(uow: UnitOfWork, member_id: Id, *, lock: bool = False) -> Membership:
    if (found := await people.membership(uow.session, member_id, lock=lock)) is None:
        raise NoSuchMember
    return found


async def _person(uow: UnitOfWork, person_id: Id) -> Person:
    if (found := await people.person(uow.session, person_id)) is None:
        raise NoSuchPerson
    return found
