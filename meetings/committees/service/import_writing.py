"""Writing a roster that has passed every check, inside one unit of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from meetings.committees.members import CategorySpan, is_official
from meetings.committees.roster import Change, ImportPlan, RosterRow
from meetings.committees.rules import Mandate, Span
from meetings.committees.service.import_stored import Known, Stored
from meetings.committees.service.orgs import appoint
from meetings.committees.service.people import change_category
from meetings.committees.store import people
from meetings.committees.store.people import Membership, Person
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

PAPER = "Danh sách nhập"
_PERSONAL = frozenset({"full_name", "birth", "official_since", "phone", "smartphone"})


async def write_plan(uow: UnitOfWork, known: Known, plan: ImportPlan, *, by: Id | None) -> None:
    """Write every addition and change; one entry for each cell, and one for each change of power."""
    persons = dict(known.persons)
    for row in plan.add:
        persons[row.card] = await _add(uow, persons.get(row.card), row, by)
    for change in plan.change:
        await _change(uow, known.stored[change.row.card, change.row.cell], change, by)
    cells = sorted({row.cell for row in plan.add} | {one.row.cell for one in plan.change})
    acts = [
        Recorded(
            cell=cell,
            name="committees.import",
            actor=by,
            public={
                "added": sum(row.cell == cell for row in plan.add),
                "changed": sum(one.row.cell == cell for one in plan.change),
            },
        )
        for cell in cells
    ]
    await record(uow, *acts)


async def _add(uow: UnitOfWork, person: Person | None, row: RosterRow, by: Id | None) -> Person:
    found = person or _new_person(row)
    if person is None:
        await people.add_people(uow.session, [found])
    span = Span(since=row.since)
    membership = Membership(id=new_id(), person=found.id, cell=row.cell, span=span)
    await people.add_memberships(uow.session, [membership])
    category = CategorySpan(member=membership.id, category=row.category, official=row.official, span=span)
    await people.add_span(uow.session, category, new_id(), PAPER)
    await _appoint(uow, found.id, row, by)
    return found


def _new_person(row: RosterRow) -> Person:
    return Person(
        id=new_id(),
        full_name=row.full_name,
        birth_date=row.birth,
        card=row.card,
        phone=row.phone,
        smartphone=row.smartphone,
        official_since=row.official_since,
    )


async def _appoint(uow: UnitOfWork, person: Id, row: RosterRow, by: Id | None) -> None:
    if row.role is not None:
        mandate = Mandate(role=row.role, org=row.cell, span=Span(since=row.role_since or row.since))
        await appoint(uow, person, mandate, PAPER, by=by)


async def _change(uow: UnitOfWork, stored: Stored, change: Change, by: Id | None) -> None:
    row = change.row
    if _PERSONAL & set(change.fields) or stored.person.card is None:
        await people.save_person(uow.session, _renewed(stored.person, row))
    if "category" in change.fields:
        await change_category(uow, stored.membership, row.category, row.since, PAPER, by=by)
    elif "since" in change.fields:
        await people.date_back(uow.session, stored.membership, row.since)
    if "official_since" in change.fields and "category" not in change.fields:
        official = is_official(row.category, row.official_since, row.since)
        await people.mark_official(uow.session, stored.membership.id, row.since, official=official)
    if "role" in change.fields:
        if stored.role is not None and row.role_since is not None:
            await people.end_mandate(uow.session, stored.role.id, row.role_since - timedelta(days=1))
        await _appoint(uow, stored.person.id, row, by)
    act = Recorded(
        cell=row.cell,
        name="committees.change_member",
        actor=by,
        subject=stored.membership.id,
        public={"fields": list(change.fields)},
    )
    await record(uow, act)


def _renewed(person: Person, row: RosterRow) -> Person:
    return replace(
        person,
        card=row.card,
        full_name=row.full_name,
        birth_date=row.birth,
        phone=row.phone or person.phone,
        smartphone=row.smartphone,
        official_since=row.official_since or person.official_since,
    )
