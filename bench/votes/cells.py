"""A thousand cells on one evening, each a few members with a vote open."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

from bench.hall import Hall, found, house_of, leave, vote_in
from meetings.committees.members import CategorySpan
from meetings.committees.rules import Category, Mandate, OrgKind, Role, Span
from meetings.committees.store import orgs, people
from meetings.committees.store.people import HeldMandate, Membership, Person
from meetings.committees.tree import OrgVersion
from meetings.convening.rules import Mode
from meetings.db.migrate import upgrade_database
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import DEFAULT_ZONE
from meetings.settings import load, owner_url

VOTERS = 3  # the fewest that a sitting needs in the hall
AT_ONCE = 8  # cells furnished side by side, as many as there are connections


async def furnish_cells(env: Mapping[str, str], cells: int) -> list[Hall]:
    """Migrate, found so many cells of `VOTERS` members, and bring each to its vote."""
    settings = load(None, env)
    await upgrade_database(owner_url(settings))
    house = house_of(settings)
    await found(house)
    since, secretaries = (real_now() - timedelta(days=60)).date(), dict[Id, Id]()
    for number in range(cells):
        async with house.units.begin() as uow:
            cell = await _cell(uow, number, since)
            secretaries[cell] = await _members(uow, cell, number, since)
    gate = asyncio.Semaphore(AT_ONCE)

    async def vote(cell: Id, secretary: Id) -> Hall:
        async with gate:
            asker = Asker(person=secretary, session=new_id())
            return await vote_in(house, asker, cell, Mode.IN_PERSON)  # no rooms to look after

    halls = await asyncio.gather(*[vote(*pair) for pair in secretaries.items()])
    await leave(house)
    return halls


async def _cell(uow: UnitOfWork, number: int, since: date) -> Id:
    cell, name = new_id(), f"Chi bộ Mẫu {number}"
    version = OrgVersion(
        org=cell, name=name, kind=OrgKind.CELL, parent=None, span=Span(since=since), code=f"M-{number}"
    )
    await orgs.add_org(uow.session, version, DEFAULT_ZONE, uow.now)
    return cell


async def _members(uow: UnitOfWork, cell: Id, number: int, since: date) -> Id:
    """Official members; the first is the secretary, who is returned."""
    ids, span = [new_id() for _ in range(VOTERS)], Span(since=since)
    cards = [f"98{number:05}{place}" for place in range(VOTERS)]
    made = [
        Person(id=one, full_name="Đảng Viên Mẫu", card=card, official_since=since)
        for one, card in zip(ids, cards, strict=True)
    ]
    await people.add_people(uow.session, made)
    joined = [Membership(id=new_id(), person=one, cell=cell, span=span) for one in ids]
    await people.add_memberships(uow.session, joined)
    for one in joined:
        official = CategorySpan(member=one.id, category=Category.OFFICIAL, official=True, span=span)
        await people.add_span(uow.session, official, new_id(), "")
    mandate = Mandate(role=Role.SECRETARY, org=cell, span=span)
    await people.add_mandate(
        uow.session, HeldMandate(id=new_id(), person=ids[0], mandate=mandate, paper="Quyết định mẫu")
    )
    return ids[0]
