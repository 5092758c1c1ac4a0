"""Invented people of an invented commune, written straight through the stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meetings.committees.members import CategorySpan
from meetings.committees.rules import Category, Mandate, OrgKind, Role, Span
from meetings.committees.store import orgs, people
from meetings.committees.store.people import HeldMandate, Membership, Person
from meetings.committees.tree import OrgVersion
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id

SINCE = date(2020, 1, 1)
BEGUN = Span(since=SINCE)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Province > commune > cells S and T. Ids of organisations, persons and memberships."""

    province: Id
    commune: Id
    cell: Id
    other: Id
    persons: dict[str, Id]
    members: dict[str, Id]

    def asks(self, name: str) -> Asker:
        """That person, through some session."""
        return Asker(person=self.persons[name], session=new_id())

    def cell_of(self, name: str) -> Id:
        """The cell in which that person is a member."""
        return self.cell if _PEOPLE[name][0] == "S" else self.other


# name: (cell, category, official, mandates)
_PEOPLE: dict[str, tuple[str, Category, bool]] = {
    "Ma Văn Thịnh": ("S", Category.OFFICIAL, True),
    "Đặng Thị Én": ("S", Category.OFFICIAL, True),
    "Ân Văn Ba": ("S", Category.PROBATIONARY, False),
    "Bùi Văn Treo": ("S", Category.SUSPENDED, True),
    "Lò Thị Hoa": ("T", Category.OFFICIAL, True),
    "Vàng Văn Sơn": ("T", Category.OFFICIAL, True),
}
_MANDATES = {
    "Ma Văn Thịnh": (Role.SECRETARY, "S"),
    "Đặng Thị Én": (Role.DEPUTY, "S"),
    "Lò Thị Hoa": (Role.SECRETARY, "T"),
    "Hà Quản Trị": (Role.ADMINISTRATOR, "commune"),
    "Tô Giám Sát": (Role.AUDITOR, "commune"),
    "Chu Bí Thư": (Role.SECRETARY, "commune"),
}
SECRETARY, DEPUTY, MEMBER, SUSPENDED = "Ma Văn Thịnh", "Đặng Thị Én", "Ân Văn Ba", "Bùi Văn Treo"
FOREIGN, FOREIGN_MEMBER = "Lò Thị Hoa", "Vàng Văn Sơn"
ADMIN, AUDITOR, COMMUNE_SECRETARY = "Hà Quản Trị", "Tô Giám Sát", "Chu Bí Thư"


async def build(units: Units) -> House:
    """Write the house."""
    async with units.begin() as uow:
        places = {"province": new_id(), "commune": new_id(), "S": new_id(), "T": new_id()}
        await _orgs(uow, places)
        names = [*_PEOPLE, ADMIN, AUDITOR, COMMUNE_SECRETARY]
        persons = {name: new_id() for name in names}
        await people.add_people(
            uow.session,
            [
                Person(
                    id=persons[name],
                    full_name=name,
                    birth_date=date(1950 + number, 3, 4),
                    card=f"{10_000_000 + number}",
                    phone=f"09000000{number:02d}",
                    official_since=SINCE,
                )
                for number, name in enumerate(names)
            ],
        )
        members = {
            name: await join(uow, persons[name], places[cell], category, official=official)
            for name, (cell, category, official) in _PEOPLE.items()
        }
        for name, (role, org) in _MANDATES.items():
            await give(uow, persons[name], role, places[org])
    return House(
        province=places["province"],
        commune=places["commune"],
        cell=places["S"],
        other=places["T"],
        persons=persons,
        members=members,
    )


async def _orgs(uow: UnitOfWork, places: dict[str, Id]) -> None:
    for name, kind, parent in (
        ("province", OrgKind.PROVINCE, None),
        ("commune", OrgKind.COMMUNE, "province"),
        ("S", OrgKind.CELL, "commune"),
        ("T", OrgKind.CELL, "commune"),
    ):
        version = OrgVersion(
            org=places[name],
            name=f"Đảng bộ {name}" if parent is None or name == "commune" else f"Chi bộ {name}",
            kind=kind,
            parent=places[parent] if parent else None,
            span=BEGUN,
            code=f"{name}-01",
        )
        await orgs.add_org(uow.session, version, "Asia/Ho_Chi_Minh", uow.now)


async def join(uow: UnitOfWork, person: Id, cell: Id, category: Category, *, official: bool = True) -> Id:
    """A membership since the beginning."""
    one = Membership(id=new_id(), person=person, cell=cell, span=BEGUN)
    await people.add_memberships(uow.session, [one])
    span = CategorySpan(member=one.id, category=category, official=official, span=BEGUN)
    await people.add_span(uow.session, span, new_id(), "Quyết định 1")
    return one.id


async def give(uow: UnitOfWork, person: Id, role: Role, org: Id, span: Span = BEGUN) -> Id:
    """A mandate."""
    held = HeldMandate(
        id=new_id(), person=person, mandate=Mandate(role=role, org=org, span=span), paper="Quyết định 2"
    )
    await people.add_mandate(uow.session, held)
    return held.id
