"""Rows of persons, their memberships with categories over time, and their mandates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.members import CategorySpan
from meetings.committees.rules import Category, Leaving, Mandate, Member, Role, Span
from meetings.db.once import once
from meetings.db.rows import RowsBy, table_of
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id


def _one_of(column: str, words: type[Category | Leaving | Role]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class PersonRow(SQLModel, table=True):
    """One human being, one account, however many cells. The card number is personal data."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("card", name="uq_person_card"),)
    id: str = Field(primary_key=True, max_length=36)
    full_name: str = Field(sa_type=Text)
    birth_date: date | None = None
    card: str | None = Field(default=None, max_length=20)
    phone: str | None = Field(default=None, max_length=20)
    smartphone: bool = True
    official_since: date | None = None
    account_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MembershipRow(SQLModel, table=True):
    """A person in a cell."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "cell_id", "since", name="uq_membership_since"),
        CheckConstraint("until IS NULL OR until >= since", name="ck_membership_span"),
        CheckConstraint(f"leaving IS NULL OR {_one_of('leaving', Leaving)}", name="ck_membership_leaving"),
        CheckConstraint("leaving IS NULL OR until IS NOT NULL", name="ck_membership_left"),
    )
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_membership_person")]
    )
    cell_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("org.id", name="fk_membership_cell")]
    )
    since: date
    until: date | None = None
    leaving: str | None = Field(default=None, max_length=20)
    leaving_paper: str | None = Field(default=None, sa_type=Text)


class CategorySpanRow(SQLModel, table=True):
    """What a membership was during a span, and the paper that says so."""

    __tablename__ = "category_span"
    __table_args__ = (
        UniqueConstraint("member_id", "since", name="uq_category_span_since"),
        CheckConstraint(
            f"category IN ({', '.join(repr(one.value) for one in Category)})",
            name="ck_category_span_category",
        ),
        CheckConstraint("until IS NULL OR until >= since", name="ck_category_span_span"),
    )
    id: str = Field(primary_key=True, max_length=36)
    member_id: str = Field(
        max_length=36, sa_column_args=[ForeignKey("membership.id", name="fk_category_span_member")]
    )
    category: str = Field(max_length=20)
    official: bool
    since: date
    until: date | None = None
    paper: str = Field(sa_type=Text)


class MandateRow(SQLModel, table=True):
    """A power held in an organisation for a time, and the paper that gave it."""

    __tablename__ = "mandate"
    __table_args__ = (
        UniqueConstraint("person_id", "org_id", "role", "since", name="uq_mandate_since"),
        CheckConstraint(_one_of("role", Role), name="ck_mandate_role"),
    )
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("person.id", name="fk_mandate_person")]
    )
    org_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("org.id", name="fk_mandate_org")]
    )
    role: str = Field(max_length=20)
    since: date
    until: date | None = None  # the day before `since`: it never came into force
    paper: str = Field(sa_type=Text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person's own facts. All of it is personal data."""

    id: Id
    full_name: str
    birth_date: date | None = None
    card: str | None = None
    phone: str | None = None
    smartphone: bool = True
    official_since: date | None = None
    account_since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A person's time in a cell; from its last day on, why it ended and which paper says so."""

    id: Id
    person: Id
    cell: Id
    span: Span
    leaving: Leaving | None = None
    paper: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMandate:
    """A mandate with its holder and paper."""

    id: Id
    person: Id
    mandate: Mandate
    paper: str


_ONE, _MANDATES = RowsBy(PersonRow, "id"), RowsBy(MandateRow, "person_id")
_PEOPLE, _MEMBERSHIPS, _SPANS = table_of(PersonRow), table_of(MembershipRow), table_of(CategorySpanRow)
_PERSON = tuple(Person.__dataclass_fields__)


async def add_people(session: AsyncSession, people: Sequence[Person]) -> None:
    """Insert persons. A card that exists already violates uq_person_card."""
    if people:
        rows = [{name: getattr(person, name) for name in _PERSON} for person in people]
        await session.execute(insert(PersonRow), rows)


async def save_person(session: AsyncSession, person: Person) -> None:
    """Write a person's facts anew."""
    values = {name: getattr(person, name) for name in _PERSON if name != "id"}
    await session.execute(update(PersonRow).where(col(PersonRow.id) == person.id).values(**values))


async def person(session: AsyncSession, person_id: Id) -> Person | None:
    """One person."""
    row = await _ONE.one(session, person_id)
    return as_person(row) if row else None


async def people_with_cards(session: AsyncSession, cards: Sequence[str]) -> dict[str, Person]:
    """The persons who hold these cards, by card."""
    found = await _people(session, col(PersonRow.card).in_(cards))
    return {str(one.card): one for one in found}


async def names(session: AsyncSession, people: Iterable[Id]) -> dict[Id, str]:
    """Full names, by person."""
    statement = select(col(PersonRow.id), col(PersonRow.full_name)).where(col(PersonRow.id).in_(list(people)))
    return {row[0]: row[1] for row in await session.execute(statement)}


_PLACED = select(_PEOPLE).join(_MEMBERSHIPS, _MEMBERSHIPS.c.person_id == _PEOPLE.c.id)
_OF_CELL = _PLACED.where(_MEMBERSHIPS.c.cell_id == bindparam("cell"))


@once
async def people_of_cell(session: AsyncSession, cell: Id) -> dict[Id, Person]:
    """Everyone who ever was in the cell, by person."""
    rows = await session.execute(_OF_CELL, {"cell": cell})
    return {row.id: as_person(row) for row in rows}


async def _people(session: AsyncSession, where: ColumnElement[bool]) -> list[Person]:
    return [as_person(row) for row in (await session.execute(select(PersonRow).where(where))).scalars()]


def as_person(row: Any) -> Person:
    return Person(**{name: getattr(row, name) for name in _PERSON})


async def mark_account(session: AsyncSession, person_id: Id, at: datetime) -> None:
    """The first sign-in begins the account."""
    statement = update(PersonRow).where(col(PersonRow.id) == person_id)
    await session.execute(statement.where(col(PersonRow.account_since).is_(None)).values(account_since=at))


async def add_memberships(session: AsyncSession, memberships: Sequence[Membership]) -> None:
    """Insert memberships."""
    if memberships:
        await session.execute(insert(MembershipRow), [_membership_row(one) for one in memberships])


def _membership_row(one: Membership) -> dict[str, Any]:
    span = {"since": one.span.since, "until": one.span.until}
    left = {"leaving": one.leaving.value if one.leaving else None, "leaving_paper": one.paper}
    return {"id": one.id, "person_id": one.person, "cell_id": one.cell, **span, **left}


async def membership(session: AsyncSession, member: Id, *, lock: bool = False) -> Membership | None:
    """One membership, its row locked until the unit ends if asked."""
    statement = select(MembershipRow).where(col(MembershipRow.id) == member)
    row = (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()
    return None if row is None else as_membership(row)


async def memberships_of_cell(session: AsyncSession, cell: Id) -> list[Membership]:
    """Every membership of the cell, past ones too."""
    rows = await session.execute(select(MembershipRow).where(col(MembershipRow.cell_id) == cell))
    return [as_membership(row) for row in rows.scalars()]


def as_membership(row: MembershipRow) -> Membership:
    span, leaving = Span(since=row.since, until=row.until), Leaving(row.leaving) if row.leaving else None
    one = Membership(id=row.id, person=row.person_id, cell=row.cell_id, span=span)
    return replace(one, leaving=leaving, paper=row.leaving_paper)


async def spans_of(session: AsyncSession, members: Iterable[Id]) -> list[CategorySpan]:
    """The categories of these memberships over time, oldest first."""
    statement = select(CategorySpanRow).where(col(CategorySpanRow.member_id).in_(list(members)))
    rows = (await session.execute(statement.order_by(col(CategorySpanRow.since)))).scalars()
    return [_span(row) for row in rows]


def _span(row: CategorySpanRow) -> CategorySpan:
    return CategorySpan(
        member=row.member_id,
        category=Category(row.category),
        official=row.official,
        span=Span(since=row.since, until=row.until),
    )


async def add_span(session: AsyncSession, span: CategorySpan, span_id: Id, paper: str) -> None:
    """Insert one span."""
    row = {
        "id": span_id,
        "member_id": span.member,
        "category": span.category.value,
        "official": span.official,
        "since": span.span.since,
        "until": span.span.until,
        "paper": paper,
    }
    await session.execute(insert(CategorySpanRow), [row])


async def mark_official(session: AsyncSession, member_id: Id, since: date, *, official: bool) -> None:
    """Write the standing of the category that began that day."""
    statement = update(CategorySpanRow).where(
        col(CategorySpanRow.member_id) == member_id, col(CategorySpanRow.since) == since
    )
    await session.execute(statement.values(official=official))


async def date_back(session: AsyncSession, one: Membership, since: date) -> None:
    """A membership with a single category began earlier than was written."""
    spans = update(CategorySpanRow).where(col(CategorySpanRow.member_id) == one.id)
    await session.execute(spans.values(since=since))
    memberships = update(MembershipRow).where(col(MembershipRow.id) == one.id)
    await session.execute(memberships.values(since=since))


async def end_span(session: AsyncSession, span: CategorySpan) -> None:
    """Write the last day of a span that was running."""
    statement = update(CategorySpanRow).where(
        col(CategorySpanRow.member_id) == span.member, col(CategorySpanRow.since) == span.span.since
    )
    await session.execute(statement.values(until=span.span.until))


def covering(row: Any, day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(col(row.since) <= day, or_(col(row.until).is_(None), col(row.until) >= day))


def _members(day: date | BindParameter[date]) -> Select[Any]:
    mine = (*(_MEMBERSHIPS.c[name] for name in ("id", "cell_id", "person_id")), _PEOPLE.c.full_name)
    return (
        select(*mine, _PEOPLE.c.smartphone, _SPANS.c.category, _SPANS.c.official)
        .join(_PEOPLE, _PEOPLE.c.id == _MEMBERSHIPS.c.person_id)
        .join(_SPANS, _SPANS.c.member_id == _MEMBERSHIPS.c.id)
        .where(covering(_MEMBERSHIPS.c, day), covering(_SPANS.c, day))
    )


# Every page asks these: building them costs more than running them.
_ROSTER = _members(bindparam("day")).where(_MEMBERSHIPS.c.cell_id == bindparam("cell"))
_THEIRS = _members(bindparam("day")).where(_MEMBERSHIPS.c.person_id == bindparam("person"))
_OF_PERSON = _THEIRS.order_by(_MEMBERSHIPS.c.id)


@once
async def roster(session: AsyncSession, cell: Id, day: date) -> list[Member]:
    """Everyone of the cell that day, in no order."""
    rows = await session.execute(_ROSTER, {"cell": cell, "day": day})
    return [_member(row) for row in rows]


@once
async def members_of_person(session: AsyncSession, person_id: Id, day: date) -> list[Member]:
    """The person's memberships that day; the oldest record first."""
    rows = await session.execute(_OF_PERSON, {"person": person_id, "day": day})
    return [_member(row) for row in rows]


async def homes(session: AsyncSession, people: Sequence[Id], day: date) -> dict[Id, Id]:
    """The cell that recorded each of these persons first, of those where they are that day."""
    statement = select(MembershipRow).where(
        col(MembershipRow.person_id).in_(people), covering(MembershipRow, day)
    )
    rows = (await session.execute(statement.order_by(col(MembershipRow.id).desc()))).scalars()
    return {row.person_id: row.cell_id for row in rows}


async def member(session: AsyncSession, member_id: Id, day: date) -> Member | None:
    """One membership as of that day."""
    row = (await session.execute(_members(day).where(_MEMBERSHIPS.c.id == member_id))).first()
    return None if row is None else _member(row)


def _member(row: Any) -> Member:
    return Member(
        id=row.id,
        person=row.person_id,
        cell=row.cell_id,
        full_name=row.full_name,
        category=Category(row.category),
        official=row.official,
        smartphone=row.smartphone,
    )


async def add_mandate(session: AsyncSession, held: HeldMandate) -> None:
    """Insert a mandate."""
    row = {
        "id": held.id,
        "person_id": held.person,
        "org_id": held.mandate.org,
        "role": held.mandate.role.value,
        "since": held.mandate.span.since,
        "until": held.mandate.span.until,
        "paper": held.paper,
    }
    await session.execute(insert(MandateRow), [row])


async def end_mandate(session: AsyncSession, mandate: Id, until: date) -> None:
    """Write the mandate's last day."""
    await session.execute(update(MandateRow).where(col(MandateRow.id) == mandate).values(until=until))


async def mandates_of_org(session: AsyncSession, org: Id) -> list[HeldMandate]:
    """Every mandate in the organisation, past ones too, in order of beginning."""
    statement = select(MandateRow).where(col(MandateRow.org_id) == org)
    rows = await session.execute(statement.order_by(col(MandateRow.since), col(MandateRow.id)))
    return [_held(row) for row in rows.scalars()]


@once
async def mandates_of_person(session: AsyncSession, person_id: Id) -> list[HeldMandate]:
    """Every mandate the person has or had."""
    return [_held(row) for row in await _MANDATES(session, person_id)]


def _held(row: MandateRow) -> HeldMandate:
    mandate = Mandate(role=Role(row.role), org=row.org_id, span=Span(since=row.since, until=row.until))
    return HeldMandate(id=row.id, person=row.person_id, mandate=mandate, paper=row.paper)
