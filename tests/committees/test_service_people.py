"""Looks at records and changes of category on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees import service as committees
from meetings.committees.members import Overlap
from meetings.committees.powers import NoPower
from meetings.committees.rules import Category
from meetings.committees.service import CommitteesService, NoSuchMember
from meetings.db.unit import Units
from meetings.kernel.ids import new_id
from meetings.ledger.store import entries
from tests.committees.house import (
    ADMIN,
    AUDITOR,
    FOREIGN,
    MEMBER,
    SECRETARY,
    SUSPENDED,
    House,
)

TODAY = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 23)


async def test_every_look_but_ones_own_is_recorded(
    service: CommitteesService, units: Units, house: House
) -> None:
    mine = house.members[MEMBER]
    own = await service.look_at_member(house.asks(MEMBER), mine)
    assert (own.person.full_name, own.person.phone) == (MEMBER, "0900000002")
    for name in (SECRETARY, AUDITOR, ADMIN):
        await service.look_at_member(house.asks(name), mine)
    for name in (FOREIGN, SUSPENDED):
        with pytest.raises(NoPower):
            await service.look_at_member(house.asks(name), mine)
    with pytest.raises(NoSuchMember):
        await service.look_at_member(house.asks(SECRETARY), new_id())
    async with units.read() as uow:
        found = await entries(uow.session, house.cell)
    assert len(found) == 3
    assert all('"act":"committees.look"' in one.leaf and MEMBER not in one.leaf for one in found)


async def test_fellow_members_see_the_roster_but_not_the_records(
    service: CommitteesService, house: House
) -> None:
    assert len(await service.people.roster(house.asks(MEMBER), house.cell)) == 4
    with pytest.raises(NoPower):
        await service.look_at_member(house.asks(MEMBER), house.members[SECRETARY])
    with pytest.raises(NoPower):
        await service.people.roster(house.asks(FOREIGN), house.cell)


async def test_the_probationary_member_becomes_official(
    service: CommitteesService, units: Units, house: House
) -> None:
    member = house.members[MEMBER]
    for _ in range(2):  # repeating it changes nothing
        await service.people.change_category(
            house.asks(SECRETARY), member, Category.OFFICIAL, TODAY, "QĐ 7 ngày 20/11/2026"
        )
    async with units.read() as uow:
        assert (await committees.member(uow, member, TODAY)).official
        before = await committees.member(uow, member, YESTERDAY)
        assert (before.category, before.official) == (Category.PROBATIONARY, False)
        assert len(await entries(uow.session, house.cell)) == 1
    record = await service.look_at_member(house.asks(MEMBER), member)
    assert [one.span.until for one in record.categories] == [YESTERDAY, None]


async def test_exempt_and_away_keep_the_standing_they_had(
    service: CommitteesService, units: Units, house: House
) -> None:
    for name, official in ((SECRETARY, True), (MEMBER, False)):
        member = house.members[name]
        await service.people.change_category(house.asks(ADMIN), member, Category.EXEMPT, TODAY, "QĐ 8")
        async with units.read() as uow:
            assert (await committees.member(uow, member, TODAY)).official is official


async def test_the_past_is_not_rewritten(service: CommitteesService, units: Units, house: House) -> None:
    member = house.members[MEMBER]
    await service.people.change_category(house.asks(SECRETARY), member, Category.OFFICIAL, TODAY, "QĐ 7")
    with pytest.raises(Overlap):
        await service.people.change_category(
            house.asks(SECRETARY), member, Category.EXEMPT, YESTERDAY, "QĐ 8"
        )
    with pytest.raises(NoSuchMember):
        await service.people.change_category(
            house.asks(SECRETARY), member, Category.EXEMPT, date(2019, 1, 1), "QĐ 8"
        )
    async with units.read() as uow:
        assert (await committees.member(uow, member, YESTERDAY)).category is Category.PROBATIONARY


async def test_nobody_changes_another_cells_member(
    service: CommitteesService, units: Units, house: House
) -> None:
    for name in (FOREIGN, MEMBER, AUDITOR):
        with pytest.raises(NoPower):
            await service.people.change_category(
                house.asks(name), house.members[MEMBER], Category.OFFICIAL, TODAY, "QĐ 7"
            )
    async with units.read() as uow:
        assert (await committees.member(uow, house.members[MEMBER], TODAY)).category is Category.PROBATIONARY


async def test_me_names_every_cell_and_mandate(service: CommitteesService, house: House) -> None:
    me = await service.people.me(house.asks(SECRETARY))
    assert [one.id for one in me.members] == [house.members[SECRETARY]]
    assert me.org_names == {house.cell: "Chi bộ S"}
