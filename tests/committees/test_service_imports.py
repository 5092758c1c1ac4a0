"""A roster comes in whole or not at all, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from meetings.committees import service as committees
from meetings.committees.powers import NoPower
from meetings.committees.roster import Column
from meetings.committees.rules import Category, Role
from meetings.committees.service import CommitteesService, FirstSetup, Newcomer
from meetings.committees.service.imports import ImportOutcome
from meetings.committees.store.people import PersonRow
from meetings.committees.tree import NoSuchOrg
from meetings.db.unit import Units
from meetings.kernel.ids import Id
from meetings.ledger import service as ledger
from tests.committees.house import ADMIN, FOREIGN, MEMBER, SECRETARY, House

TODAY = date(2026, 11, 24)
HEAD = [
    Column.NAME,
    Column.BIRTH,
    Column.CARD,
    Column.CELL,
    Column.CATEGORY,
    Column.SINCE,
    Column.OFFICIAL,
    Column.PHONE,
    Column.SMARTPHONE,
    Column.ROLE,
    Column.ROLE_SINCE,
]


def row(name: str, card: str, **more: str) -> list[str]:
    """One line of the table: an official member of cell S unless said otherwise."""
    facts = {
        Column.NAME.name: name,
        Column.BIRTH.name: "01/02/1980",
        Column.CARD.name: card,
        Column.CELL.name: "Chi bộ S",
        Column.CATEGORY.name: "chính thức",
        Column.SINCE.name: "05/06/2010",
        Column.OFFICIAL.name: "05/06/2010",
        Column.PHONE.name: "0912345678",
        Column.SMARTPHONE.name: "Có",
    } | more
    return [facts.get(column.name, "") for column in HEAD]


def table(*rows: list[str]) -> list[list[str]]:
    return [[column.value for column in HEAD], *rows]


async def put(
    service: CommitteesService, house: House, *rows: list[str], by: str = ADMIN, dry_run: bool = False
) -> ImportOutcome:
    return await service.imports.into_cell(house.asks(by), house.cell, table(*rows), dry_run=dry_run)


async def state(units: Units, cell: Id) -> tuple[int, int, int]:
    """Persons, members today, ledger entries."""
    async with units.read() as uow:
        persons = (await uow.session.execute(select(func.count()).select_from(PersonRow))).scalar_one()
        members = len(await committees.roster(uow, cell, TODAY))
        head = await ledger.head_of(uow, cell)
        return persons, members, head.seq


NEW = row("Giàng A Mới", "20000001")
TWO = row("Thào Thị Hai", "20000002", CATEGORY="dự bị", OFFICIAL="", PHONE="", SMARTPHONE="")


async def test_a_roster_comes_in_and_repeating_it_changes_nothing(
    service: CommitteesService, units: Units, house: House
) -> None:
    before = await state(units, house.cell)
    look = await put(service, house, NEW, TWO, dry_run=True)
    assert (look.applied, look.usable, look.added, look.lacking) == (False, True, 2, 4)
    assert await state(units, house.cell) == before
    done = await put(service, house, NEW, TWO)
    assert (done.applied, done.added, done.changed) == (True, 2, 0)
    after = await state(units, house.cell)
    assert after[:2] == (before[0] + 2, before[1] + 2)
    again = await put(service, house, NEW, TWO)
    assert (again.applied, again.added, again.changed, again.same) == (True, 0, 0, 2)
    assert await state(units, house.cell) == after
    async with units.read() as uow:
        found = {one.full_name: one for one in await committees.roster(uow, house.cell, TODAY)}
    assert (found["Giàng A Mới"].official, found["Thào Thị Hai"].category) == (True, Category.PROBATIONARY)


async def test_one_wrong_row_keeps_the_whole_file_out(
    service: CommitteesService, units: Units, house: House
) -> None:
    before = await state(units, house.cell)
    wrong = row("Vừ A Sai", "20000001", BIRTH="31/02/1980", CELL="Chi bộ T", CATEGORY="gì đó", CARD="")
    done = await put(service, house, NEW, wrong)
    assert not done.applied
    assert {(one.row, one.column) for one in done.problems} == {
        (3, column.value) for column in (Column.BIRTH, Column.CELL, Column.CATEGORY, Column.CARD)
    }
    assert await state(units, house.cell) == before


async def test_what_changed_is_written_and_what_the_file_does_not_say_stays(
    service: CommitteesService, units: Units, house: House
) -> None:
    await put(service, house, NEW, TWO)
    said = row("Giàng A Mới", "20000001", PHONE="0987654321", OFFICIAL="06/06/2010")
    official = row("Thào Thị Hai", "20000002", SINCE="20/11/2026", OFFICIAL="20/11/2026", PHONE="")
    done = await put(service, house, said, official)
    assert (done.applied, done.changed) == (True, 2)
    silent = [[*line[:7]] for line in table(said, official)]
    quiet = await service.imports.into_cell(house.asks(ADMIN), house.cell, silent, dry_run=False)
    assert (quiet.changed, quiet.same) == (0, 2)
    async with units.read() as uow:
        found = {one.full_name: one for one in await committees.roster(uow, house.cell, TODAY)}
        contacts = await committees.contacts(uow, house.cell)
    hai = found["Thào Thị Hai"]
    assert (hai.category, hai.official, hai.smartphone) == (Category.OFFICIAL, True, True)
    assert contacts[found["Giàng A Mới"].person].phone == "0987654321"


async def test_the_past_is_not_rewritten_by_a_file(
    service: CommitteesService, units: Units, house: House
) -> None:
    await put(service, house, NEW)
    before = await state(units, house.cell)
    for since, category in (("01/01/2015", "chính thức"), ("01/01/2009", "dự bị")):
        official = "05/06/2010" if category == "chính thức" else ""
        changed = row("Giàng A Mới", "20000001", SINCE=since, CATEGORY=category, OFFICIAL=official)
        done = await put(service, house, changed)
        assert [one.column for one in done.problems] == [Column.SINCE.value]
    assert await state(units, house.cell) == before


async def test_a_first_category_may_be_dated_back(
    service: CommitteesService, units: Units, house: House
) -> None:
    await put(service, house, NEW)
    done = await put(
        service, house, row("Giàng A Mới", "20000001", SINCE="05/06/2009", OFFICIAL="05/06/2009")
    )
    assert (done.applied, done.changed) == (True, 1)
    async with units.read() as uow:
        found = await committees.roster(uow, house.cell, date(2009, 6, 5))
    assert [(one.full_name, one.official) for one in found] == [("Giàng A Mới", True)]


async def test_roles_need_the_power_to_administer(
    service: CommitteesService, units: Units, house: House
) -> None:
    deputy = row("Giàng A Mới", "20000001", ROLE="phó bí thư", ROLE_SINCE="01/07/2025")
    done = await put(service, house, deputy, by=SECRETARY)
    assert [one.column for one in done.problems] == [Column.ROLE.value]
    assert (await put(service, house, NEW, by=SECRETARY)).applied
    assert (await put(service, house, deputy)).applied
    async with units.read() as uow:
        holders = await committees.mandate_holders(uow, house.cell, Role.DEPUTY, TODAY)
    assert len(holders) == 2
    member = row("Giàng A Mới", "20000001", ROLE="chi ủy viên", ROLE_SINCE="01/08/2026")
    assert (await put(service, house, member)).applied
    async with units.read() as uow:
        holders = await committees.mandate_holders(uow, house.cell, Role.DEPUTY, TODAY)
    assert len(holders) == 1


async def test_a_second_secretary_is_a_problem(service: CommitteesService, house: House) -> None:
    head = row("Giàng A Mới", "20000001", ROLE="bí thư", ROLE_SINCE="01/07/2025")
    done = await put(service, house, head)
    assert [(one.row, one.column) for one in done.problems] == [(2, Column.ROLE.value)]


async def test_a_card_of_another_cell_must_fit_its_person_and_renames_nobody(
    service: CommitteesService, units: Units, house: House
) -> None:
    guest = {"CATEGORY": "sinh hoạt tạm thời đến", "SINCE": "01/10/2026", "OFFICIAL": ""}
    stranger = row("Tên Bịa Đặt", "10000004", **guest)
    done = await put(service, house, stranger)
    assert [one.column for one in done.problems] == [Column.CARD.value]
    right = row(FOREIGN, "10000004", BIRTH="04/03/1954", PHONE="0911111111", **guest)
    for expected in ((1, 0), (0, 1)):
        done = await put(service, house, right)
        assert (done.applied, done.added, done.same) == (True, *expected)
    async with units.read() as uow:
        mine = await committees.members_of_person(uow, house.persons[FOREIGN])
        assert [one.cell for one in mine] == [house.other, house.cell]
        contact = (await committees.contacts(uow, house.cell))[house.persons[FOREIGN]]
        assert contact.phone == "0900000004"


async def test_only_the_cells_leaders_and_administrators_import(
    service: CommitteesService, units: Units, house: House
) -> None:
    before = await state(units, house.cell)
    for name in (MEMBER, FOREIGN):
        with pytest.raises(NoPower):
            await put(service, house, NEW, by=name)
    assert await state(units, house.cell) == before


async def test_the_operator_imports_into_any_cell_by_name_or_code(
    service: CommitteesService, units: Units, house: House
) -> None:
    rows = table(NEW, row("Thào Thị Hai", "20000002", CELL="T-01"))
    assert (await service.imports.by_operator(rows, code=None, dry_run=False)).applied
    limited = await service.imports.by_operator(rows, code="S-01", dry_run=False)
    assert [(one.row, one.column) for one in limited.problems] == [(3, Column.CELL.value)]
    with pytest.raises(NoSuchOrg):
        await service.imports.by_operator(rows, code="none", dry_run=False)
    assert (await state(units, house.other))[1] == 3


async def test_the_first_secretary_is_found_again_by_name(service: CommitteesService, units: Units) -> None:
    setup = FirstSetup(
        org_name="Đảng bộ xã Thử", cell_name="Chi bộ S", secretary=Newcomer(full_name="Sùng A Thử")
    )
    async with units.begin() as uow:
        made = await committees.first_setup(uow, setup, uow.now)
    rows = table(row("Sùng A Thử", "20000009", ROLE="bí thư", ROLE_SINCE="01/07/2025"), NEW)
    done = await service.imports.by_operator(rows, code=None, dry_run=False)
    assert (done.applied, done.added, done.changed) == (True, 1, 1)
    again = await service.imports.by_operator(rows, code=None, dry_run=False)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert (await state(units, made.cell))[:2] == (2, 2)


async def test_a_failure_while_writing_leaves_nothing(
    service: CommitteesService, units: Units, house: House
) -> None:
    before = await state(units, house.cell)
    with pytest.raises(RuntimeError):
        async with units.begin():
            done = await put(service, house, NEW)
            assert done.applied
            raise RuntimeError
    assert await state(units, house.cell) == before
