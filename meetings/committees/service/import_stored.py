"""What is stored of the cells that a roster names, in the shape of the roster's own rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from meetings.committees.members import CategorySpan
from meetings.committees.roster import ROLE_WORDS, Column, RosterRow
from meetings.committees.rules import Role
from meetings.committees.store import people
from meetings.committees.store.people import HeldMandate, Membership, Person
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.text import fold

Key = tuple[str, Id]  # card, cell
CELL_ROLES = frozenset(ROLE_WORDS.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A membership of today with its person, its categories over time and its role in the cell."""

    membership: Membership
    person: Person
    spans: tuple[CategorySpan, ...]
    role: HeldMandate | None

    def now(self, today: date) -> CategorySpan | None:
        """The category of that day."""
        return next((one for one in self.spans if one.span.covers(today)), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`stored` by card and cell. `persons` by card, wherever they are; `guests`: those whose own facts are
    kept by a cell outside this import. `secretaries`: who holds that mandate, by cell. `left`: the last day there of
    who was in one of the cells and is no longer."""

    today: date
    stored: dict[Key, Stored]
    persons: dict[str, Person]
    guests: frozenset[Id]
    secretaries: dict[Id, Id]
    left: dict[Key, date]

    def existing(self, rows: Iterable[RosterRow], columns: frozenset[Column]) -> list[RosterRow]:
        """What is stored, to be compared with the file. Where the file says nothing (an empty field, a column
        that it lacks) nothing differs; a role differs only if it is another one."""
        said = {(row.card, row.cell): row for row in rows}
        found = []
        for key, one in self.stored.items():
            mine = _as_row(key, one, self.today)
            row = said.get(key)
            found.append(_unsaid(mine, row, columns, guest=one.person.id in self.guests) if row else mine)
        return found


async def known_of(uow: UnitOfWork, rows: Sequence[RosterRow], today: date) -> Known:
    """Read it. Persons without a card are found again by name in their cell (see `./run --own`)."""
    cells = sorted({row.cell for row in rows})
    persons = await people.people_with_cards(uow.session, [row.card for row in rows])
    stored: dict[Key, Stored] = {}
    secretaries: dict[Id, Id] = {}
    left: dict[Key, date] = {}
    for cell in cells:
        left |= await _left(uow, cell, today)
        mine = [row for row in rows if row.cell == cell]
        for one in await _of_cell(uow, cell, today):
            card = one.person.card or _card_by_name(one.person, mine, persons)
            stored[card, cell] = one
            if card in {row.card for row in mine}:
                persons[card] = one.person
        held = await people.mandates_of_org(uow.session, cell)
        heads = [h for h in held if h.mandate.role is Role.SECRETARY and h.mandate.span.covers(today)]
        if heads:
            secretaries[cell] = heads[0].person
    guests = await _guests(uow, persons.values(), cells, today)
    return Known(
        today=today, stored=stored, persons=persons, guests=guests, secretaries=secretaries, left=left
    )


async def _left(uow: UnitOfWork, cell: Id, today: date) -> dict[Key, date]:
    persons = await people.people_of_cell(uow.session, cell)
    spans = [(persons[one.person], one.span) for one in await people.memberships_of_cell(uow.session, cell)]
    ended = [(one.card, span.until) for one, span in spans if one.card and span.until and span.until < today]
    return {(card, cell): max(until for c, until in ended if c == card) for card, _ in ended}


async def _of_cell(uow: UnitOfWork, cell: Id, today: date) -> list[Stored]:
    memberships = await people.memberships_of_cell(uow.session, cell)
    memberships = [one for one in memberships if one.span.covers(today)]
    persons = await people.people_of_cell(uow.session, cell)
    spans = await people.spans_of(uow.session, [one.id for one in memberships])
    held = await people.mandates_of_org(uow.session, cell)
    roles = {
        one.person: one for one in held if one.mandate.role in CELL_ROLES and one.mandate.span.covers(today)
    }
    return [
        Stored(
            membership=one,
            person=persons[one.person],
            spans=tuple(span for span in spans if span.member == one.id),
            role=roles.get(one.person),
        )
        for one in memberships
    ]


def _card_by_name(person: Person, rows: Iterable[RosterRow], persons: dict[str, Person]) -> str:
    """The card that the file gives to the only one of that name; "" if there is none."""
    same = [row for row in rows if fold(row.full_name) == fold(person.full_name) and row.card not in persons]
    same = [row for row in same if person.birth_date in {None, row.birth}]
    return same[0].card if len(same) == 1 else f"?{person.id}"


async def _guests(
    uow: UnitOfWork, persons: Iterable[Person], cells: Sequence[Id], today: date
) -> frozenset[Id]:
    homes = await people.homes(uow.session, [one.id for one in persons], today)
    return frozenset(person for person, home in homes.items() if home not in cells)


def _as_row(key: Key, one: Stored, today: date) -> RosterRow:
    now = one.now(today) or one.spans[-1]
    return RosterRow(
        line=0,
        card=key[0],
        full_name=one.person.full_name,
        # Somebody without a card always differs, so that the file's card is written.
        birth=one.person.birth_date if one.person.card and one.person.birth_date else date.min,
        cell=key[1],
        category=now.category,
        since=now.span.since,
        official_since=one.person.official_since,
        phone=one.person.phone,
        smartphone=one.person.smartphone,
        role=one.role.mandate.role if one.role else None,
        role_since=one.role.mandate.span.since if one.role else None,
    )


def _unsaid(mine: RosterRow, row: RosterRow, columns: frozenset[Column], *, guest: bool) -> RosterRow:
    same = mine
    if guest and fold(row.full_name) == fold(mine.full_name):
        same = replace(same, full_name=row.full_name)
    if row.phone is None or guest:
        same = replace(same, phone=row.phone)
    if row.official_since is None or guest:
        same = replace(same, official_since=row.official_since)
    if Column.SMARTPHONE not in columns or guest:
        same = replace(same, smartphone=row.smartphone)
    if row.role is None or row.role is mine.role:
        same = replace(same, role=row.role, role_since=row.role_since)
    return same
