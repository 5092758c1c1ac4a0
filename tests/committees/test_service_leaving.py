"""Somebody leaves the cell: what ends with the membership, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees import service as committees
from meetings.committees.members import Overlap
from meetings.committees.powers import NoPower
from meetings.committees.rules import Category, Leaving, Role
from meetings.committees.service import CommitteesService, NoSuchMember
from meetings.committees.service.leaving import BeforeJoining, LeftAlready
from meetings.committees.sign_in import BrowserSession, Handed, Invitation
from meetings.committees.store import access, endings, people
from meetings.db.unit import Units
from meetings.kernel.ids import new_id
from meetings.ledger import service as ledger
from meetings.ledger.store import entries
from tests.committees.house import ADMIN, AUDITOR, DEPUTY, FOREIGN, MEMBER, SECRETARY, House, give, join

TODAY, YESTERDAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 25)
PAPER = "Quyết định 9"


async def _bound(units: Units, house: House, name: str) -> None:
    """A browser that remembers the person, and a link that nobody opened yet."""
    async with units.begin() as uow:
        person, at = house.persons[name], uow.now
        remembered = BrowserSession(
            id=new_id(), person=person, token_hash=new_id(), label="Máy thử", bound_at=at, seen_at=at
        )
        await access.add_session(uow.session, remembered, None)
        link = Invitation(
            id=new_id(),
            person=person,
            token_hash=new_id(),
            handed=Handed.PAPER,
            made_by=person,
            made_at=at,
        )
        await access.add_invitation(uow.session, link, house.cell)


async def _browsers(units: Units, house: House, name: str) -> int:
    async with units.read() as uow:
        return len(await access.sessions_of(uow.session, house.persons[name]))


async def test_the_roster_has_them_on_the_last_day_and_no_longer_on_the_next(
    service: CommitteesService, units: Units, house: House
) -> None:
    member = house.members[MEMBER]
    await service.leaving.end_membership(house.asks(SECRETARY), member, YESTERDAY, Leaving.DIED, PAPER)
    async with units.read() as uow:
        before = {one.id for one in await committees.roster(uow, house.cell, YESTERDAY)}
        after = {one.id for one in await committees.roster(uow, house.cell, TODAY)}
        assert (before - after, after - before) == ({member}, set())
        with pytest.raises(NoSuchMember):
            await committees.member(uow, member, TODAY)
        assert (await committees.member_ever(uow, member)).full_name == MEMBER
        assert await committees.leaving_of(uow, member) == (YESTERDAY, Leaving.DIED)
    record = await service.look_at_member(house.asks(SECRETARY), member)
    assert (record.membership.span.until, record.membership.paper) == (YESTERDAY, PAPER)
    assert [one.span.until for one in record.categories] == [YESTERDAY]


async def test_a_repeat_is_idle_and_only_an_earlier_day_corrects(
    service: CommitteesService, units: Units, house: House
) -> None:
    member, asker = house.members[MEMBER], house.asks(ADMIN)
    for _ in range(2):
        await service.leaving.end_membership(asker, member, TODAY, Leaving.TRANSFERRED, PAPER)
    async with units.read() as uow:
        found = await entries(uow.session, house.cell)
        assert len(found) == 1
        assert '"act":"committees.end_membership"' in found[0].leaf
        assert PAPER not in found[0].leaf
    for until, reason in ((TODAY, Leaving.DIED), (TOMORROW, Leaving.TRANSFERRED)):
        with pytest.raises(LeftAlready):
            await service.leaving.end_membership(asker, member, until, reason, PAPER)
    await service.leaving.end_membership(asker, member, YESTERDAY, Leaving.TRANSFERRED, PAPER)
    async with units.read() as uow:
        assert await committees.leaving_of(uow, member) == (YESTERDAY, Leaving.TRANSFERRED)
        assert (await ledger.head_of(uow, house.cell)).seq == 2


async def test_mandates_in_the_cell_end_and_those_elsewhere_stay(
    service: CommitteesService, units: Units, house: House
) -> None:
    person = house.persons[SECRETARY]
    async with units.begin() as uow:
        await give(uow, person, Role.AUDITOR, house.commune)
    await _bound(units, house, SECRETARY)
    await service.leaving.end_membership(
        house.asks(DEPUTY), house.members[SECRETARY], YESTERDAY, Leaving.TRANSFERRED, PAPER
    )
    async with units.read() as uow:
        for day, heads in ((YESTERDAY, [person]), (TODAY, [])):
            assert await committees.mandate_holders(uow, house.cell, Role.SECRETARY, day) == heads
        assert person in await committees.mandate_holders(uow, house.commune, Role.AUDITOR, TODAY)
    assert await _browsers(units, house, SECRETARY) == 1  # still the commune's auditor
    with pytest.raises(NoPower):
        await service.people.change_category(
            house.asks(SECRETARY), house.members[MEMBER], Category.OFFICIAL, TODAY, PAPER
        )


async def test_browsers_and_links_end_where_nothing_remains(
    service: CommitteesService, units: Units, house: House
) -> None:
    for name in (MEMBER, DEPUTY):
        await _bound(units, house, name)
    async with units.begin() as uow:
        await join(uow, house.persons[DEPUTY], house.other, Category.TEMPORARY_ARRIVED)
    for name in (MEMBER, DEPUTY):
        await service.leaving.end_membership(
            house.asks(SECRETARY), house.members[name], TODAY, Leaving.EXPELLED, PAPER
        )
    assert [await _browsers(units, house, name) for name in (MEMBER, DEPUTY)] == [0, 1]
    async with units.read() as uow:
        left = [
            one.person for one in await people.memberships_of_cell(uow.session, house.cell) if one.leaving
        ]
        assert sorted(left) == sorted([house.persons[MEMBER], house.persons[DEPUTY]])


async def test_an_end_that_is_still_to_come_takes_no_browser(
    service: CommitteesService, units: Units, house: House
) -> None:
    await _bound(units, house, MEMBER)
    await service.leaving.end_membership(
        house.asks(SECRETARY), house.members[MEMBER], TOMORROW, Leaving.TEMPORARY_OVER, PAPER
    )
    assert await _browsers(units, house, MEMBER) == 1


async def test_nobody_of_another_cell_and_no_impossible_day(
    service: CommitteesService, units: Units, house: House
) -> None:
    member = house.members[MEMBER]
    for name in (FOREIGN, MEMBER, AUDITOR):
        with pytest.raises(NoPower):
            await service.leaving.end_membership(house.asks(name), member, TODAY, Leaving.DIED, PAPER)
    with pytest.raises(BeforeJoining):
        await service.leaving.end_membership(
            house.asks(SECRETARY), member, date(2019, 12, 31), Leaving.DIED, PAPER
        )
    with pytest.raises(NoSuchMember):
        await service.leaving.end_membership(house.asks(SECRETARY), new_id(), TODAY, Leaving.DIED, PAPER)
    async with units.read() as uow:
        assert await committees.leaving_of(uow, member) is None
        assert await entries(uow.session, house.cell) == []


async def test_no_category_begins_after_the_last_day(
    service: CommitteesService, units: Units, house: House
) -> None:
    member, asker = house.members[MEMBER], house.asks(SECRETARY)
    await service.people.change_category(asker, member, Category.OFFICIAL, TODAY, PAPER)
    with pytest.raises(BeforeJoining):  # it would leave days of a category that never was
        await service.leaving.end_membership(asker, member, YESTERDAY, Leaving.DIED, PAPER)
    await service.leaving.end_membership(asker, member, TODAY, Leaving.DIED, PAPER)
    with pytest.raises((NoSuchMember, Overlap)):
        await service.people.change_category(asker, member, Category.EXEMPT, TOMORROW, PAPER)


async def test_a_person_comes_back_as_a_new_membership(
    service: CommitteesService, units: Units, house: House
) -> None:
    """An old list brings nobody back; a list with a later day does, beside what was."""
    from_day = {"old": "01/01/2020", "new": "24/11/2026"}
    member = house.members[MEMBER]
    await service.leaving.end_membership(house.asks(ADMIN), member, YESTERDAY, Leaving.TRANSFERRED, PAPER)
    record = (await service.look_at_member(house.asks(ADMIN), member)).person
    birth = record.birth_date or date.min

    def sheet(since: str) -> list[list[str]]:
        head = ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Chi bộ", "Diện đảng viên", "Từ ngày"]
        line = [MEMBER, birth.strftime("%d/%m/%Y"), str(record.card), "Chi bộ S", "dự bị", since]
        return [head, line]

    old = await service.imports.into_cell(
        house.asks(ADMIN), house.cell, sheet(from_day["old"]), dry_run=False
    )
    assert (old.applied, [one.column for one in old.problems]) == (False, ["Từ ngày"])
    new = await service.imports.into_cell(
        house.asks(ADMIN), house.cell, sheet(from_day["new"]), dry_run=False
    )
    assert (new.applied, new.added) == (True, 1)
    async with units.read() as uow:
        roster = await committees.roster(uow, house.cell, TODAY)
        assert [one.id != member for one in roster if one.full_name == MEMBER] == [True]
        spans = [one.span for one in await endings.memberships_of_person(uow.session, record.id)]
        assert sorted((one.since, one.until) for one in spans)[0] == (date(2020, 1, 1), YESTERDAY)
