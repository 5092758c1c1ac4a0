"""The first page of somebody who signed in: their cells, what comes next, what they audit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.agenda.tasking import TasksLook, tasks_of_member
from meetings.attendance import service as attendance
from meetings.attendance.leave import absence_of
from meetings.attendance.rules import Absence
from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.committees.rules import Member, OrgKind, Role
from meetings.convening import service as convening
from meetings.convening.paper import asks_to_close
from meetings.convening.rules import ENDED, AnySitting, Mode, State
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, Quarter
from meetings.minutes.results import Results
from meetings.minutes.service.results import results_in
from meetings.notices.rules import Notice, NoticeKind
from meetings.pages.desk import step_path
from meetings.pages.services import PageServices
from meetings.sitting.rules import Step, next_step

_AROUND = timedelta(days=62)
_MOST_COMING, _MOST_HELD, _MOST_TOLD = 3, 3, 5
_AHEAD = frozenset({State.CONVENED, State.OPEN})
_TOLD_AT = {
    NoticeKind.REMINDER: "/m/{subject}/close",
    NoticeKind.RESULTS_DUE: "/m/{subject}/sign",
    NoticeKind.RESULTS_LATE: "/m/{subject}/sign",
    NoticeKind.RESULTS_ABOVE: "/api/v1/meetings/{subject}/evidence.html",
}
# What a secretary does first: go on with the open sitting, finish what was held, then call the next one.
_URGENCY = (State.OPEN, State.CLOSED, State.MINUTED, State.CONVENED, State.DRAFT)


class Door(StrEnum):
    """The one thing a member does with a sitting ahead: the big button of its card."""

    ENTER = "enter"
    FOLLOW = "follow"
    ANSWER = "answer"
    LOOK = "look"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """A sitting ahead. `called`: whether the asker is called to it; `absence`: what stands of their leave;
    `will_come`: they said so; `before`: only for this other start, before the sitting was moved."""

    sitting: AnySitting
    called: bool = False
    absence: Absence | None = None
    will_come: bool = False
    before: datetime | None = None

    @property
    def asked(self) -> bool:
        """Whether they asked for leave."""
        return self.absence is not None and self.absence.asked

    @property
    def door(self) -> Door:
        """An open sitting is one tap away; a phone joins a hybrid one only after the leave question."""
        if self.sitting.state is State.OPEN:
            heard = self.sitting.mode is Mode.ONLINE or (self.sitting.mode is Mode.HYBRID and self.asked)
            return Door.ENTER if heard else Door.FOLLOW
        hall = self.sitting.mode is not Mode.ONLINE and self.sitting.state is State.CONVENED
        return Door.ANSWER if hall and self.called and not self.asked and not self.will_come else Door.LOOK


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpLine:
    """Whom a member rings up when something does not work."""

    full_name: str
    phone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """The one thing for who leads the cell (rules.md 5). `number` counts from 1; `forgotten`: open for three hours and
    more (rules.md 1.7); `results`: by when they are due, once it is closed."""

    sitting: AnySitting
    step: Step
    forgotten: bool = False
    results: Results | None = None

    @property
    def path(self) -> str:
        """Where it is done."""
        return step_path(self.sitting, self.step)

    @property
    def number(self) -> int:
        """Which of the five."""
        return list(Step).index(self.step) + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CellLook:
    """One cell as the asker sees it. `member`: their own place in it, if any; `tasks`: their own open work;
    `audits`: may look at all its sittings; `unlisted`: nobody but the leader stands in its roster yet."""

    id: Id
    name: str
    member: Member | None
    coming: tuple[Coming, ...] = ()
    held: tuple[AnySitting, ...] = ()
    next_step: NextStep | None = None
    leads: bool = False
    audits: bool = False
    unlisted: bool = False
    tasks: TasksLook | None = None
    secretary: HelpLine | None = None

    @property
    def others(self) -> tuple[Coming, ...]:
        """What is ahead beside the sitting of the next step."""
        busy = self.next_step.sitting.id if self.next_step else ""
        return tuple(one for one in self.coming if one.sitting.id != busy)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """An organisation whose cells the asker audits, with the running quarter and the one before."""

    org: Id
    name: str
    quarters: tuple[Quarter, Quarter]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A notice to the asker. `path`: the sitting that it is about."""

    key: Id
    text: str
    path: str
    read: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeLook:
    """Everything the page shows. `administered`: (organisation, its name); `deciding`: where the asker
    sets the figures and days of a committee; `operates`: the whole installation, too."""

    full_name: str
    cells: tuple[CellLook, ...]
    audited: tuple[Audited, ...]
    notices: tuple[Told, ...] = ()
    administered: tuple[tuple[Id, str], ...] = ()
    deciding: tuple[tuple[Id, str], ...] = ()
    operates: bool = False


async def look_home(services: PageServices, asker: Asker) -> HomeLook:
    """Reads it in one unit. Cells of membership come first, the oldest first."""
    told = tuple(_told(one) for one in (await services.notices.mine(asker))[:_MOST_TOLD])
    async with services.units.read() as uow:
        me = await services.committees.people.me(asker)
        members = {one.cell: one for one in me.members}
        orgs = [*members, *(one.org for one in me.mandates)]
        cells: list[CellLook] = []
        audited: list[Audited] = []
        administered: list[tuple[Id, str]] = []
        deciding: list[tuple[Id, str]] = []
        for org in dict.fromkeys(orgs):
            at = await committees.standpoint(uow, org)
            actor = await committees.actor_of(uow, asker, at.today)
            place, name = at.place(), me.org_names[org]
            if can(actor, Act.ADMINISTER, place, at.today):
                administered.append((org, name))
            if can(actor, Act.SET_POLICY, place, at.today):
                deciding.append((org, name))
            if place.kind is not OrgKind.CELL:
                if can(actor, Act.AUDIT, place, at.today):
                    quarters = quarters_until(Month.of_day(at.today))
                    audited.append(Audited(org=org, name=name, quarters=quarters))
            elif can(actor, Act.VIEW_CELL, place, at.today):
                leads, audits = (can(actor, act, place, at.today) for act in (Act.CONVENE, Act.AUDIT))
                look = await _cell(uow, org, name, members.get(org), leads=leads)
                cells.append(replace(look, audits=audits))
            elif org in members:
                cells.append(CellLook(id=org, name=name, member=members[org]))
        return HomeLook(
            full_name=me.person.full_name,
            cells=tuple(cells),
            audited=tuple(audited),
            administered=tuple(administered),
            deciding=tuple(deciding),
            operates=bool(administered) and await committees.is_operator(uow, asker),
            notices=told,
        )


def _told(one: Notice) -> Told:
    path = _TOLD_AT.get(one.kind, "/m/{subject}").format(subject=one.subject)
    return Told(key=one.key, text=one.text, path=path, read=one.read_at is not None)


def quarters_until(month: Month) -> tuple[Quarter, Quarter]:
    """The quarter of that month and the one before."""
    now = month.quarter
    before = Quarter(now.year, now.number - 1) if now.number > 1 else Quarter(now.year - 1, 4)
    return now, before


async def _cell(uow: UnitOfWork, cell: Id, name: str, member: Member | None, *, leads: bool) -> CellLook:
    zone = await committees.cell_zone(uow, cell)
    first, last = Month.of(uow.now - _AROUND, zone), Month.of(uow.now + _AROUND, zone)
    found = sorted(await convening.of_cells(uow, [cell], first, last), key=lambda one: one.starts_at)
    ahead = [one for one in found if _is_ahead(one, uow, leads=leads)]
    ahead = sorted(ahead, key=lambda one: one.state is not State.OPEN)[
        :_MOST_COMING
    ]  # what is going on comes first
    held = [one for one in reversed(found) if one.state in ENDED][:_MOST_HELD]
    step = await _next_step(uow, found) if leads else None
    return CellLook(
        id=cell,
        name=name,
        member=member,
        coming=tuple([await _coming(uow, one, member) for one in ahead]),
        held=tuple(held),
        next_step=step,
        leads=leads,
        unlisted=leads and step is None and await _unlisted(uow, cell),
        tasks=await tasks_of_member(uow, cell, member.id) if member else None,
        secretary=None if leads else await _secretary(uow, cell),
    )


async def _unlisted(uow: UnitOfWork, cell: Id) -> bool:
    """A cell just founded: whoever began it is alone in the roster."""
    return len(await committees.roster(uow, cell, await committees.today_in(uow, cell))) <= 1


async def _secretary(uow: UnitOfWork, cell: Id) -> HelpLine | None:
    """The first who holds the mandate and has a telephone."""
    today = await committees.today_in(uow, cell)
    known = await committees.contacts(uow, cell)
    for person in await committees.mandate_holders(uow, cell, Role.SECRETARY, today):
        contact = known.get(person)
        if contact is not None and contact.phone:
            return HelpLine(full_name=await committees.person_name(uow, person), phone=contact.phone)
    return None


def _is_ahead(sitting: AnySitting, uow: UnitOfWork, *, leads: bool) -> bool:
    if sitting.state is State.CANCELLED:
        return sitting.starts_at > uow.now
    return sitting.state in _AHEAD or (leads and sitting.state is State.DRAFT)


async def _coming(uow: UnitOfWork, sitting: AnySitting, member: Member | None) -> Coming:
    if member is None or sitting.state not in _AHEAD:
        return Coming(sitting=sitting)
    told = await convening.convoked(uow, sitting.id)
    called = frozenset(one.member for one in told if one.left_out_reason is None)
    leave = await attendance.leave_of(uow, sitting)
    absence = absence_of(member, leave, convoked=called)
    said = await attendance.coming(uow, sitting)
    return Coming(
        sitting=sitting,
        called=member.id in called,
        absence=absence,
        will_come=member.id in said.now,
        before=said.before.get(member.id),
    )


async def _next_step(uow: UnitOfWork, found: Iterable[AnySitting]) -> NextStep | None:
    if (first := _most_urgent(list(found))) is None:
        return None
    confirmed = first.state is State.OPEN and await attendance.roll_confirmed(uow, first.id)
    step = next_step(first.state, roll_confirmed=confirmed)
    if step is None:
        return None
    if step is Step.ROLL and first.mode is Mode.ONLINE:
        step = Step.MEET  # a supplement has no roll of a hall
    results = await results_in(uow, first)
    return NextStep(sitting=first, step=step, forgotten=asks_to_close(first, uow.now), results=results)


def _most_urgent(found: Sequence[AnySitting]) -> AnySitting | None:
    waiting = [one for one in found if one.state in _URGENCY]
    return min(waiting, key=lambda one: (_URGENCY.index(one.state), one.starts_at), default=None)
