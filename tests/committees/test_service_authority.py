"""Who may do what to whom, through the service and the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from meetings.committees import service
from meetings.committees.policies import PolicyKey
from meetings.committees.powers import Act, NoPower, Part
from meetings.committees.rules import Category, Role, Span
from meetings.committees.tree import NoSuchOrg
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import new_id
from tests.committees.house import (
    ADMIN,
    AUDITOR,
    COMMUNE_SECRETARY,
    DEPUTY,
    FOREIGN,
    MEMBER,
    SECRETARY,
    SUSPENDED,
    House,
    give,
    join,
)

TABLE = {
    Act.CONVENE: {SECRETARY, DEPUTY},
    Act.OPEN: {SECRETARY, DEPUTY},
    Act.ENTER_LATE: {SECRETARY, DEPUTY},
    Act.VIEW_CELL: {SECRETARY, DEPUTY, MEMBER, AUDITOR},
    Act.AUDIT: {SECRETARY, DEPUTY, AUDITOR, COMMUNE_SECRETARY},
    Act.ADMINISTER: {ADMIN},
    Act.DECIDE_MONTH: {COMMUNE_SECRETARY},
    Act.INVITE: {SECRETARY, DEPUTY, ADMIN},
    Act.IMPORT: {SECRETARY, DEPUTY, ADMIN},
    Act.SET_POLICY: set(),
}


@pytest.mark.parametrize("act", TABLE)
async def test_the_table_of_rights_holds_in_a_cell(units: Units, house: House, act: Act) -> None:
    allowed = set()
    async with units.read() as uow:
        for name in house.persons:
            try:
                actor = await service.allow(uow, house.asks(name), act, house.cell)
            except NoPower:
                continue
            assert actor.person == house.persons[name]
            allowed.add(name)
    assert allowed == TABLE[act]


async def test_one_query_each_for_the_place_the_mandates_and_the_memberships(
    units: Units, house: House
) -> None:
    statements: list[str] = []
    async with units.read() as uow:
        connection = await uow.session.connection()
        event.listen(
            connection.sync_connection, "before_cursor_execute", lambda *said: statements.append(said[2])
        )
        await service.allow(uow, house.asks(SECRETARY), Act.CONVENE, house.cell)
    assert len(statements) == 3


async def test_an_unknown_organisation_is_not_found(units: Units, house: House) -> None:
    async with units.read() as uow:
        with pytest.raises(NoSuchOrg):
            await service.allow(uow, house.asks(ADMIN), Act.ADMINISTER, new_id())
        assert not await service.can_view(uow, house.asks(ADMIN), new_id())


async def test_who_may_view(units: Units, house: House) -> None:
    async with units.read() as uow:
        assert await service.can_view(uow, house.asks(MEMBER), house.cell)
        assert not await service.can_view(uow, house.asks(FOREIGN), house.cell)
        assert not await service.can_view(uow, house.asks(SUSPENDED), house.cell)


async def test_a_part_in_the_sitting_gives_its_power(units: Units, house: House) -> None:
    parts = [(Part.CHAIR, house.members[MEMBER])]
    async with units.read() as uow:
        await service.allow(uow, house.asks(MEMBER), Act.VOTE, house.cell, parts=parts)
        with pytest.raises(NoPower):
            await service.allow(uow, house.asks(MEMBER), Act.VOTE, house.cell)
        with pytest.raises(NoPower):
            await service.allow(uow, house.asks(FOREIGN), Act.VOTE, house.cell, parts=parts)


async def test_an_ended_mandate_gives_nothing_from_the_next_day_of_the_cell(
    units: Units, house: House, clock: FixedClock
) -> None:
    today = date(2026, 11, 24)
    async with units.begin() as uow:
        span = Span(since=today - timedelta(days=9), until=today)
        await give(uow, house.persons[MEMBER], Role.DEPUTY, house.cell, span)
    async with units.read() as uow:
        await service.allow(uow, house.asks(MEMBER), Act.CONVENE, house.cell)
    clock.move(timedelta(hours=5, minutes=1))  # past midnight in Việt Nam, still the 24th in UTC
    async with units.read() as uow:
        with pytest.raises(NoPower):
            await service.allow(uow, house.asks(MEMBER), Act.CONVENE, house.cell)


async def test_one_person_in_two_cells_is_one_account(units: Units, house: House) -> None:
    async with units.begin() as uow:
        arrived = await join(
            uow, house.persons[MEMBER], house.other, Category.TEMPORARY_ARRIVED, official=False
        )
    async with units.read() as uow:
        actor = await service.actor_of(uow, house.asks(MEMBER))
        assert dict(actor.members) == {house.cell: house.members[MEMBER], house.other: arrived}
        mine = await service.members_of_person(uow, house.persons[MEMBER])
        assert [one.cell for one in mine] == [house.cell, house.other]


async def test_a_roster_is_sorted_by_given_name_and_keeps_every_category(units: Units, house: House) -> None:
    async with units.read() as uow:
        found = await service.roster(uow, house.cell, date(2026, 11, 24))
    assert [one.full_name for one in found] == [MEMBER, DEPUTY, SECRETARY, SUSPENDED]
    assert [one.official for one in found] == [False, True, True, True]


async def test_lookups_answer_as_of_a_day(units: Units, house: House) -> None:
    day = date(2026, 11, 24)
    async with units.read() as uow:
        assert (await service.org(uow, house.cell, day)).name == "Chi bộ S"
        assert await service.cell_zone(uow, house.cell) == "Asia/Ho_Chi_Minh"
        assert await service.today_in(uow, house.cell) == day
        assert await service.person_name(uow, house.persons[SECRETARY]) == SECRETARY
        assert await service.mandate_holders(uow, house.cell, Role.SECRETARY, day) == [
            house.persons[SECRETARY]
        ]
        assert (await service.member(uow, house.members[MEMBER], day)).category is Category.PROBATIONARY
        cells = (await service.tree(uow)).cells(house.commune, day)
        assert {one.org for one in cells} == {house.cell, house.other}
        assert (await service.policy(uow, PolicyKey.HALL_MINIMUM, house.cell, day)).value == ">1/2"
        with pytest.raises(NoSuchOrg):
            await service.org(uow, house.cell, date(2019, 12, 31))
        with pytest.raises(service.NoSuchMember):
            await service.member(uow, house.members[MEMBER], date(2019, 12, 31))
        with pytest.raises(service.NoSuchMember):
            await service.member(uow, new_id(), day)
        contact = (await service.contacts(uow, house.cell))[house.persons[MEMBER]]
        assert (contact.phone, contact.account) == ("0900000002", False)
