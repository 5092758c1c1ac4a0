"""Acts on the agenda, and what higher storeys read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from meetings.agenda import deciding, rules, store
from meetings.agenda.moving import MotionsService
from meetings.agenda.planning import looking_back, record_plan
from meetings.agenda.rules import Item, ItemFixed, ItemInUse, ItemState, NoSuchItem
from meetings.agenda.speaking import SpeakersService, end_turn
from meetings.agenda.tasking import TasksService
from meetings.agenda.templates import Line, template
from meetings.attendance.service.reading import day_of
from meetings.committees.powers import Act
from meetings.committees.rules import Actor, CellType
from meetings.committees.service import NoSuchMember, org
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.convening.service import allow_in, of_cells, roster_of
from meetings.convening.states import NotOpen
from meetings.convening.verdict import may_say
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

Own = Literal["own"]
LOOKED_BACK = timedelta(days=62)  # for the last sitting alike
_PLANNABLE = frozenset({State.DRAFT, State.CONVENED, State.OPEN})


class AgendaOver(Conflict):
    """The sitting is over: its agenda is part of the record."""

    code = "agenda-over"
    message = "Buổi họp đã kết thúc nên không đổi chương trình được nữa."


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One item as the secretary wants it; without `id` a new one. `presenter`: a membership."""

    title: str
    planned_minutes: int
    presenter: Id | None = None
    id: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """The items, and for an empty agenda the lines usual for that kind of cell and sitting."""

    items: tuple[Item, ...]
    suggested: tuple[Line, ...]

    @property
    def planned_minutes(self) -> int:
        """How long everything is planned to take."""
        return rules.planned_minutes(self.items)

    @property
    def live(self) -> Item | None:
        """What is being discussed."""
        return next((item for item in self.items if item.state is ItemState.LIVE), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """Lines to plan an agenda from. `from_last`: they are those of the last sitting alike."""

    lines: tuple[Wanted, ...]
    from_last: bool = False


async def items(uow: UnitOfWork, meeting: Id) -> list[Item]:
    """The meeting's items by position."""
    return await store.of_meeting(uow.session, meeting)


async def titles(uow: UnitOfWork, meeting: Id) -> list[str]:
    """What will be discussed, for the text that calls people."""
    return [item.title for item in await items(uow, meeting)]


async def append(uow: UnitOfWork, sitting: AnySitting, actor: Actor, title: str, minutes: int) -> Item:
    """One more item at the end, for storeys above inside their unit; lock the sitting before.

    Raises AgendaOver, BadItem, TooManyItems, VerdictInSupplement.
    """
    if sitting.state not in _PLANNABLE:
        raise AgendaOver
    may_say(sitting, [title])
    new = _item(sitting.id, (), Wanted(title=title, planned_minutes=minutes))
    planned = rules.add(await items(uow, sitting.id), new)
    await store.put(uow.session, sitting.id, planned)
    await record_plan(uow, sitting, actor.person, planned)
    return planned[-1]


async def to_begin_with(uow: UnitOfWork, sitting: AnySitting) -> Beginning:
    """Its own agenda; for an empty one that of the last sitting of its kind, else the usual lines of that kind of
    cell, which are also taken where the cell was of another kind then."""
    if own := await items(uow, sitting.id):
        return Beginning(lines=tuple(_again(one, one.id) for one in own))
    if last := await _of_last_alike(uow, sitting):
        return Beginning(lines=tuple(_again(one, None) for one in last), from_last=True)
    usual = await _usual(uow, sitting, None)
    return Beginning(lines=tuple(Wanted(title=one.title, planned_minutes=one.minutes) for one in usual))


async def _of_last_alike(uow: UnitOfWork, sitting: AnySitting) -> list[Item]:
    kind = await cell_type(uow, sitting)
    months = (Month.of(sitting.starts_at - LOOKED_BACK, sitting.zone), sitting.month)
    for last in reversed(await of_cells(uow, [sitting.cell], *months)):
        earlier = last.kind is sitting.kind and last.starts_at < sitting.starts_at
        if earlier and await cell_type(uow, last) is kind and (found := await items(uow, last.id)):
            return found
    return []


def _again(one: Item, item: Id | None) -> Wanted:
    return Wanted(title=one.title, planned_minutes=one.planned_minutes, id=item)


class AgendaService:
    """Plans, starts and stops items; every act is in the ledger. `speakers`: who wants to say something;
    `tasks`: what was given to whom; `motions`: drafts and what is moved on them."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.speakers = SpeakersService(units)
        self.tasks = TasksService(units)
        self.motions = MotionsService(units)

    async def look(self, asker: Asker, meeting: Id, cell: CellType | None = None) -> Agenda:
        """The agenda for whoever may view the cell. `cell` chooses the suggested lines: by default the cell's own."""
        async with self._units.read() as uow:
            sitting, _ = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            return await _agenda(uow, sitting, cell)

    async def plan(
        self, asker: Asker, meeting: Id, wanted: Sequence[Wanted], cell: CellType | Own | None
    ) -> Agenda:
        """These items in this order; without any, the template of that kind of cell ("own": what the cell is that day).
        While work given before is open, the item that looks back at it is among them, wanted or not.

        Raises NoSuchMeeting, NoPower, AgendaOver, BadItem, TooManyItems, NoSuchItem, NoSuchMember,
        ItemFixed where something that has begun would change, move or go; ItemInUse; VerdictInSupplement.
        """
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.AGENDA, meeting, lock=True)
            if sitting.state not in _PLANNABLE:
                raise AgendaOver
            if not wanted and cell is not None:
                wanted = [
                    Wanted(title=line.title, planned_minutes=line.minutes)
                    for line in await _usual(uow, sitting, None if cell == "own" else cell)
                ]
            may_say(sitting, [one.title for one in wanted])
            await _check_presenters(uow, sitting, wanted)
            known = await items(uow, meeting)
            planned = await looking_back(uow, sitting, known, _planned(meeting, known, wanted))
            _check_begun(known, planned)
            if not await deciding.in_use(uow, meeting) <= {item.id for item in planned}:
                raise ItemInUse
            await store.put(uow.session, meeting, planned)
            await record_plan(uow, sitting, actor.person, planned)
            return Agenda(items=planned, suggested=())

    async def start(self, asker: Asker, item: Id) -> Item:
        """Begin to discuss it. Raises NoSuchItem, NoPower, NotOpen, AnotherItemLive."""
        async with self._units.begin() as uow:
            sitting, actor, known = await _open(uow, asker, item)
            changed = rules.start(known, item, uow.now)
            await _change(uow, sitting, actor, known, changed, "agenda.start", {})
            return changed

    async def stop(self, asker: Asker, item: Id, conclusion: str) -> Item:
        """End it with its conclusion. Raises NoSuchItem, NoPower, NotOpen, ItemNotLive,
        VerdictInSupplement."""
        async with self._units.begin() as uow:
            sitting, actor, known = await _open(uow, asker, item)
            may_say(sitting, [conclusion])
            await end_turn(uow, sitting, actor.person, uow.now)
            changed = replace(rules.stop(known, item, uow.now), conclusion=conclusion)
            await _change(uow, sitting, actor, known, changed, "agenda.stop", {"conclusion": conclusion})
            return changed


async def cell_type(uow: UnitOfWork, sitting: AnySitting) -> CellType:
    """What kind of cell it is on the sitting's day."""
    return (await org(uow, sitting.cell, day_of(sitting))).cell_type


async def _agenda(uow: UnitOfWork, sitting: AnySitting, cell: CellType | None) -> Agenda:
    found = tuple(await items(uow, sitting.id))
    return Agenda(items=found, suggested=() if found else await _usual(uow, sitting, cell))


async def _usual(uow: UnitOfWork, sitting: AnySitting, cell: CellType | None) -> tuple[Line, ...]:
    """What is held online follows the lines of an online session, whatever its theme."""
    cell = cell or await cell_type(uow, sitting)
    return template(cell, Kind.ONLINE_SESSION if sitting.mode is Mode.ONLINE else sitting.kind)


async def _check_presenters(uow: UnitOfWork, sitting: AnySitting, wanted: Sequence[Wanted]) -> None:
    known = {member.id for member in await roster_of(uow, sitting)}
    if any(one.presenter is not None and one.presenter not in known for one in wanted):
        raise NoSuchMember


def _planned(meeting: Id, known: Sequence[Item], wanted: Sequence[Wanted]) -> tuple[Item, ...]:
    found: tuple[Item, ...] = ()
    for one in wanted:
        found = rules.add(found, _item(meeting, known, one))
    _check_begun(known, found)
    if len({item.id for item in found}) != len(found):
        raise rules.BadOrder
    return found


def _item(meeting: Id, known: Sequence[Item], one: Wanted) -> Item:
    if one.id is None:
        return Item(
            id=new_id(),
            meeting=meeting,
            position=1,
            title=one.title,
            planned_minutes=one.planned_minutes,
            presenter=one.presenter,
        )
    before = rules.item_of(known, one.id)
    return replace(before, title=one.title, planned_minutes=one.planned_minutes, presenter=one.presenter)


def _check_begun(known: Sequence[Item], found: Sequence[Item]) -> None:
    """Raises ItemFixed: what has begun stays as and where it is."""
    begun = [item for item in known if item.state is not ItemState.PLANNED]
    if any(item not in found for item in begun):
        raise ItemFixed


async def _open(uow: UnitOfWork, asker: Asker, item: Id) -> tuple[AnySitting, Actor, list[Item]]:
    if (meeting := await store.meeting_of(uow.session, item)) is None:
        raise NoSuchItem
    sitting, actor = await allow_in(uow, asker, Act.AGENDA, meeting, lock=True)
    if sitting.state is not State.OPEN:
        raise NotOpen
    return sitting, actor, await items(uow, meeting)


async def _change(
    uow: UnitOfWork,
    sitting: AnySitting,
    actor: Actor,
    known: Sequence[Item],
    changed: Item,
    name: str,
    personal: dict[str, Json],
) -> None:
    if changed in known:
        return
    after = [changed if item.id == changed.id else item for item in known]
    await store.put(uow.session, sitting.id, after)
    act = Recorded(
        cell=sitting.cell,
        name=name,
        actor=actor.person,
        meeting=sitting.id,
        subject=changed.id,
        public={"position": changed.position},
        personal=personal,
    )
    await record(uow, act)
