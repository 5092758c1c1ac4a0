"""The first organisation, cell, administrator and secretary of an empty installation (`./run --own`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from meetings.committees.members import CategorySpan
from meetings.committees.roster_fields import card_of
from meetings.committees.rules import Category, CellType, Mandate, OrgKind, Role, Span
from meetings.committees.service.authority import day_in
from meetings.committees.service.links import Link, new_link
from meetings.committees.service.orgs import appoint
from meetings.committees.sign_in import Handed
from meetings.committees.store import orgs, people
from meetings.committees.store.people import Membership, Person
from meetings.committees.tree import OrgVersion
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import clean_line
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class NotEmpty(Conflict):
    """The installation holds another organisation already; nothing was changed."""

    code = "not-empty"
    message = "Dữ liệu đã có tổ chức khác; không thiết lập lại được."


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """One of the first persons. A card number lets a later import of the roster find them again."""

    full_name: str
    card: str | None = None
    birth_date: date | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstSetup:
    """What `./run --own` asks. Without an administrator the secretary is both."""

    org_name: str
    cell_name: str
    secretary: Newcomer
    administrator: Newcomer | None = None
    org_kind: OrgKind = OrgKind.COMMUNE
    org_code: str | None = None
    cell_code: str | None = None
    cell_type: CellType = CellType.RESIDENTIAL
    zone: str = DEFAULT_ZONE
    since: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstLinks:
    """Where it all begins. Without links, the same setup was done before."""

    org: Id
    cell: Id
    secretary: Link | None = None
    administrator: Link | None = None


async def is_begun(uow: UnitOfWork) -> bool:
    """Whether this installation holds any organisation yet."""
    return await orgs.any_org(uow.session)


async def first_setup(uow: UnitOfWork, setup: FirstSetup, now: datetime) -> FirstLinks:
    """Found the house in one unit. Idle when this very setup was done before. `now`: real time, by which
    links live. Raises NotEmpty, BadZone, BadText, BadField."""
    zone_of(setup.zone)
    org = derived_id("first organisation", clean_line(setup.org_name))
    cell = derived_id("first cell", org, clean_line(setup.cell_name))
    if await orgs.any_org(uow.session):
        if await orgs.lock_org(uow.session, org) and await orgs.lock_org(uow.session, cell):
            return FirstLinks(org=org, cell=cell)
        raise NotEmpty
    since = setup.since or day_in(setup.zone, uow.now)
    await _found_orgs(uow, setup, org, cell, since)
    secretary = await _settle(uow, setup.secretary)
    await _join(uow, secretary, cell, since)
    await appoint(uow, secretary, _mandate(Role.SECRETARY, cell, since), "", by=None)
    other = await _settle(uow, setup.administrator) if setup.administrator else None
    await appoint(uow, other or secretary, _mandate(Role.ADMINISTRATOR, org, since), "", by=None)
    link = await new_link(uow, secretary, cell, Handed.PAPER, None, now)
    admin_link = await new_link(uow, other, org, Handed.PAPER, None, now) if other else None
    return FirstLinks(org=org, cell=cell, secretary=link, administrator=admin_link)


def _mandate(role: Role, org: Id, since: date) -> Mandate:
    return Mandate(role=role, org=org, span=Span(since=since))


async def _found_orgs(uow: UnitOfWork, setup: FirstSetup, org: Id, cell: Id, since: date) -> None:
    span = Span(since=since)
    first = OrgVersion(
        org=org,
        name=clean_line(setup.org_name),
        kind=setup.org_kind,
        parent=None,
        span=span,
        code=setup.org_code,
    )
    second = OrgVersion(
        org=cell,
        name=clean_line(setup.cell_name),
        kind=OrgKind.CELL,
        parent=org,
        span=span,
        code=setup.cell_code,
        cell_type=setup.cell_type,
    )
    for version in (first, second):
        await orgs.add_org(uow.session, version, setup.zone, uow.now)
        await record(uow, Recorded(cell=version.org, name="committees.first_setup", actor=None))


async def _settle(uow: UnitOfWork, newcomer: Newcomer) -> Id:
    person = Person(
        id=new_id(),
        full_name=clean_line(newcomer.full_name),
        card=card_of(newcomer.card) if newcomer.card else None,
        birth_date=newcomer.birth_date,
        phone=newcomer.phone,
    )
    await people.add_people(uow.session, [person])
    return person.id


async def _join(uow: UnitOfWork, person: Id, cell: Id, since: date) -> None:
    membership = Membership(id=new_id(), person=person, cell=cell, span=Span(since=since))
    await people.add_memberships(uow.session, [membership])
    span = CategorySpan(
        member=membership.id, category=Category.OFFICIAL, official=True, span=Span(since=since)
    )
    await people.add_span(uow.session, span, new_id(), "")
