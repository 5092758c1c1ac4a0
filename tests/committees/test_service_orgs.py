"""Organisations over time, mandates and policies on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees import service as committees
from meetings.committees.policies import BadPolicy, Policy, PolicyKey
from meetings.committees.powers import Act, NoPower
from meetings.committees.rules import CellType, Mandate, OrgKind, Role, Span
from meetings.committees.service import CommitteesService, NoSuchPerson
from meetings.committees.service.orgs import (
    CodeTaken,
    MandateEnded,
    NoSuchMandate,
    OrgFacts,
    PolicyTaken,
    SeatTaken,
    VersionOverlap,
)
from meetings.committees.tree import (
    Circle,
    NoSuchOrg,
    OnlyCellsHaveType,
    OnlyGroupsBelow,
    OwnSuccessor,
    PartsMissing,
    StillAbove,
)
from meetings.db.unit import Units
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import BadZone
from meetings.ledger import service as ledger
from tests.committees.house import (
    ADMIN,
    AUDITOR,
    COMMUNE_SECRETARY,
    FOREIGN,
    MEMBER,
    SECRETARY,
    House,
)

TODAY = date(2026, 11, 24)
NEXT = date(2026, 12, 1)


def new_cell(house: House, **facts: object) -> OrgFacts:
    return OrgFacts(
        **{"since": TODAY, "name": "Chi bộ mới", "kind": OrgKind.CELL, "parent": house.commune} | facts  # type: ignore[arg-type]  # the caller names fields of OrgFacts
    )


async def entries(units: Units, org: Id) -> int:
    chains = await ledger.LedgerService(units).verify([org])
    assert chains[0].valid
    return chains[0].entries


async def test_a_cell_is_founded_below_and_takes_its_parents_zone(
    service: CommitteesService, units: Units, house: House
) -> None:
    made = await service.orgs.found(house.asks(ADMIN), new_cell(house, code="N-01"))
    async with units.read() as uow:
        assert await committees.cell_zone(uow, made) == "Asia/Ho_Chi_Minh"
        assert (await committees.place_of(uow, made)).above == (house.commune, house.province)
    assert await entries(units, made) == 1


async def test_only_administrators_change_organisations(
    service: CommitteesService, units: Units, house: House
) -> None:
    for name in (SECRETARY, COMMUNE_SECRETARY, AUDITOR, FOREIGN, MEMBER):
        with pytest.raises(NoPower):
            await service.orgs.found(house.asks(name), new_cell(house))
        with pytest.raises(NoPower):
            await service.orgs.change(house.asks(name), house.cell, OrgFacts(since=NEXT, name="Khác"))
    with pytest.raises(NoPower):
        await service.orgs.found(house.asks(ADMIN), new_cell(house, parent=house.province))
    async with units.read() as uow:
        assert len(list(await committees.tree(uow))) == 4


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"zone": "Mars/Olympus"}, BadZone),
        ({"zone": "Asia"}, BadZone),
        ({"code": "S-01"}, CodeTaken),
        ({"parent": None}, PartsMissing),
        ({"parent": new_id()}, NoSuchOrg),
        ({"since": date(2019, 1, 1)}, NoSuchOrg),
    ],
)
async def test_what_does_not_fit_is_refused(
    service: CommitteesService, units: Units, house: House, facts: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await service.orgs.found(house.asks(ADMIN), new_cell(house, **facts))
    async with units.read() as uow:
        assert len(list(await committees.tree(uow))) == 4


async def test_only_groups_stand_below_a_cell(service: CommitteesService, units: Units, house: House) -> None:
    group = await service.orgs.found(
        house.asks(ADMIN), new_cell(house, parent=house.cell, kind=OrgKind.GROUP, name="Tổ đảng 1")
    )
    async with units.read() as uow:
        assert (await committees.org(uow, group, TODAY)).parent == house.cell
    with pytest.raises(OnlyGroupsBelow):
        await service.orgs.found(house.asks(ADMIN), new_cell(house, parent=house.cell))
    with pytest.raises(OnlyGroupsBelow):
        await service.orgs.change(house.asks(ADMIN), house.other, OrgFacts(since=NEXT, parent=house.cell))
    with pytest.raises(OnlyGroupsBelow):
        await service.orgs.change(house.asks(ADMIN), house.commune, OrgFacts(since=NEXT, kind=OrgKind.CELL))


async def test_a_new_name_holds_from_its_day_and_the_old_one_before(
    service: CommitteesService, units: Units, house: House
) -> None:
    facts = OrgFacts(since=NEXT, name="Chi bộ thôn Nà Tấu")
    await service.orgs.change(house.asks(ADMIN), house.cell, facts)
    async with units.read() as uow:
        assert (await committees.org(uow, house.cell, TODAY)).name == "Chi bộ S"
        changed = await committees.org(uow, house.cell, NEXT)
        assert (changed.name, changed.code, changed.parent) == ("Chi bộ thôn Nà Tấu", "S-01", house.commune)
        await committees.allow(uow, house.asks(SECRETARY), Act.CONVENE, house.cell)
    with pytest.raises(VersionOverlap):
        await service.orgs.change(house.asks(ADMIN), house.cell, OrgFacts(since=TODAY, name="Xưa"))
    with pytest.raises(VersionOverlap):
        await service.orgs.change(house.asks(ADMIN), house.cell, facts)


async def test_a_move_needs_power_over_both_ends_and_makes_no_circle(
    service: CommitteesService, house: House
) -> None:
    with pytest.raises(NoPower):
        await service.orgs.change(house.asks(ADMIN), house.cell, OrgFacts(since=NEXT, parent=house.province))
    below = await service.orgs.found(
        house.asks(ADMIN), new_cell(house, kind=OrgKind.BASE, name="Đảng bộ bộ phận")
    )
    with pytest.raises(Circle):
        await service.orgs.change(house.asks(ADMIN), house.commune, OrgFacts(since=NEXT, parent=below))


async def test_a_merger_ends_a_cell_and_names_its_successor(
    service: CommitteesService, units: Units, house: House
) -> None:
    await service.orgs.change(house.asks(ADMIN), house.cell, OrgFacts(since=NEXT, merged_into=house.other))
    async with units.read() as uow:
        tree = await committees.tree(uow)
        assert tree.successor(house.cell, NEXT).org == house.other
        with pytest.raises(NoSuchOrg):
            await committees.org(uow, house.cell, NEXT)
    for successor, refusal in ((house.other, StillAbove), (house.commune, OwnSuccessor)):
        with pytest.raises(refusal):
            await service.orgs.change(
                house.asks(ADMIN), house.commune, OrgFacts(since=NEXT, merged_into=successor)
            )


async def test_mandates_are_given_and_ended(service: CommitteesService, units: Units, house: House) -> None:
    admin, member = house.asks(ADMIN), house.persons[MEMBER]
    mandate = Mandate(role=Role.DEPUTY, org=house.cell, span=Span(since=TODAY))
    made = await service.orgs.appoint(admin, member, mandate, "Quyết định số 3-QĐ/ĐU ngày 20/11/2026")
    async with units.read() as uow:
        await committees.allow(uow, house.asks(MEMBER), Act.CONVENE, house.cell)
    with pytest.raises(SeatTaken):
        await service.orgs.appoint(admin, member, mandate, "lần nữa")
    with pytest.raises(NoSuchMandate):
        await service.orgs.end_mandate(admin, house.other, made, TODAY)
    with pytest.raises(MandateEnded):
        await service.orgs.end_mandate(admin, house.cell, made, date(2026, 11, 22))
    await service.orgs.end_mandate(admin, house.cell, made, date(2026, 11, 23))
    async with units.read() as uow:
        with pytest.raises(NoPower):
            await committees.allow(uow, house.asks(MEMBER), Act.CONVENE, house.cell)
    assert await entries(units, house.cell) == 2


async def test_one_secretary_at_a_time(service: CommitteesService, house: House) -> None:
    mandate = Mandate(role=Role.SECRETARY, org=house.cell, span=Span(since=TODAY))
    with pytest.raises(SeatTaken):
        await service.orgs.appoint(house.asks(ADMIN), house.persons[MEMBER], mandate, "QĐ 3")


async def test_nobody_appoints_without_the_power_or_a_person(
    service: CommitteesService, house: House
) -> None:
    mandate = Mandate(role=Role.ADMINISTRATOR, org=house.cell, span=Span(since=TODAY))
    for name in (SECRETARY, FOREIGN, AUDITOR):
        with pytest.raises(NoPower):
            await service.orgs.appoint(house.asks(name), house.persons[name], mandate, "QĐ 3")
    with pytest.raises(NoSuchPerson):
        await service.orgs.appoint(house.asks(ADMIN), new_id(), mandate, "QĐ 3")
    backwards = Mandate(role=Role.DEPUTY, org=house.cell, span=Span(since=TODAY, until=date(2026, 1, 1)))
    with pytest.raises(MandateEnded):
        await service.orgs.appoint(house.asks(ADMIN), house.persons[MEMBER], backwards, "QĐ 3")


def hall(house: House, value: str, since: date = TODAY) -> Policy:
    return Policy(
        key=PolicyKey.HALL_MINIMUM, value=value, valid_from=since, set_by=house.commune, citation="QĐ 5"
    )


async def test_a_policy_of_the_commune_holds_in_its_cells_under_its_name_of_the_time(
    service: CommitteesService, units: Units, house: House
) -> None:
    await service.orgs.set_policy(house.asks(COMMUNE_SECRETARY), hall(house, ">=2/3"))
    await service.orgs.change(house.asks(ADMIN), house.commune, OrgFacts(since=NEXT, name="Tên mới"))
    async with units.read() as uow:
        found = await committees.policy(uow, PolicyKey.HALL_MINIMUM, house.cell, NEXT)
        assert (found.value, found.set_by, found.set_by_name) == (">=2/3", house.commune, "Đảng bộ commune")
        before = await committees.policy(uow, PolicyKey.HALL_MINIMUM, house.cell, date(2026, 11, 23))
        assert (before.value, before.set_by) == (">1/2", None)
    shown = await service.orgs.policies(house.asks(MEMBER), house.cell)
    assert {one.key for one in shown} == set(PolicyKey)
    with pytest.raises(NoPower):
        await service.orgs.policies(house.asks(FOREIGN), house.cell)


async def test_a_policy_is_set_by_the_committees_leaders_once_and_in_its_form(
    service: CommitteesService, units: Units, house: House
) -> None:
    for name in (SECRETARY, ADMIN, AUDITOR):
        with pytest.raises(NoPower):
            await service.orgs.set_policy(house.asks(name), hall(house, "9"))
    for value in ("", "0", ">5/2", "1/2", "chín", ">1/2\n"):
        with pytest.raises(BadPolicy):
            await service.orgs.set_policy(house.asks(COMMUNE_SECRETARY), hall(house, value))
    await service.orgs.set_policy(house.asks(COMMUNE_SECRETARY), hall(house, "9"))
    with pytest.raises(PolicyTaken):
        await service.orgs.set_policy(house.asks(COMMUNE_SECRETARY), hall(house, ">1/2"))
    async with units.read() as uow:
        assert (await committees.policy(uow, PolicyKey.HALL_MINIMUM, house.cell, TODAY)).value == "9"


async def test_looking_at_an_organisation(service: CommitteesService, house: House) -> None:
    now = await service.orgs.look(house.asks(MEMBER), house.cell)
    assert [one.org for one in now.above] == [house.commune, house.province]
    assert sorted(now.names.values()) == sorted([SECRETARY, "Đặng Thị Én"])
    with pytest.raises(NoPower):
        await service.orgs.look(house.asks(MEMBER), house.commune)
    assert (await service.orgs.look(house.asks(AUDITOR), house.commune)).version.name == "Đảng bộ commune"


async def test_the_kind_of_a_cell_changes_from_a_day_on(
    house: House, units: Units, service: CommitteesService
) -> None:
    paper = "Quyết định mẫu số 9-QĐ/ĐU ngày 24/11/2026"
    made = await service.orgs.found(house.asks(ADMIN), new_cell(house, since=date(2026, 11, 1)))
    facts = OrgFacts(since=NEXT, cell_type=CellType.ENTERPRISE, paper=paper)
    await service.orgs.change(house.asks(ADMIN), made, facts)
    async with units.read() as uow:
        before, after = await committees.org(uow, made, TODAY), await committees.org(uow, made, NEXT)
    assert (before.cell_type, before.paper) == (CellType.RESIDENTIAL, "")
    assert (after.cell_type, after.paper, after.name) == (CellType.ENTERPRISE, paper, before.name)


async def test_only_a_cell_is_of_a_kind(house: House, service: CommitteesService) -> None:
    facts = OrgFacts(since=NEXT, cell_type=CellType.AGENCY)
    with pytest.raises(OnlyCellsHaveType):
        await service.orgs.change(house.asks(ADMIN), house.commune, facts)
    with pytest.raises(OnlyCellsHaveType):
        await service.orgs.found(
            house.asks(ADMIN), new_cell(house, kind=OrgKind.SUB_BASE, cell_type=CellType.AGENCY)
        )
    with pytest.raises(NoPower):
        await service.orgs.change(house.asks(SECRETARY), house.cell, facts)
