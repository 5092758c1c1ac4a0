"""What comes onto an agenda by itself: the item that looks back at work given before."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.agenda import store, task_store
from meetings.agenda.rules import MOST_ITEMS, Item, numbered, planned_minutes
from meetings.agenda.tasks import LOOKING_BACK, REVIEW_MINUTES, REVIEW_TITLE, with_review
from meetings.convening.rules import AnySitting, Meeting, Mode
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record


async def looking_back(
    uow: UnitOfWork, sitting: AnySitting, known: Sequence[Item], wanted: Sequence[Item]
) -> tuple[Item, ...]:
    """The wanted agenda, with the item that looks back while work is open. `known`: as it stands; an item that
    looks back already keeps its id."""
    if any(one.review for one in wanted) or len(wanted) >= MOST_ITEMS or not await _asks(uow, sitting):
        return tuple(wanted)
    there = next((one for one in known if one.review), None)
    return numbered(with_review(wanted, there or _review(sitting.id)))


async def bring_review(uow: UnitOfWork, sitting: AnySitting, person: Id) -> None:
    """When a sitting opens: work given since its agenda was planned, or without any agenda, is asked after too."""
    known = await store.of_meeting(uow.session, sitting.id)
    planned = await looking_back(uow, sitting, known, known)
    if len(planned) != len(known):
        await store.put(uow.session, sitting.id, planned)
        await record_plan(uow, sitting, person, planned)


async def record_plan(uow: UnitOfWork, sitting: AnySitting, person: Id, planned: Sequence[Item]) -> None:
    """The agenda as it now stands, into the ledger."""
    act = Act(
        cell=sitting.cell,
        name="agenda.plan",
        actor=person,
        meeting=sitting.id,
        public={"items": len(planned), "minutes": planned_minutes(planned)},
        personal={"titles": [item.title for item in planned]},
    )
    await record(uow, act)


async def _asks(uow: UnitOfWork, sitting: AnySitting) -> bool:
    """Whether this sitting looks back, and has something to look back at."""
    real = isinstance(sitting, Meeting) and sitting.mode is not Mode.ONLINE
    if not real or sitting.kind not in LOOKING_BACK:
        return False
    found = await task_store.open_of_cell(uow.session, sitting.cell)
    return any(one.meeting != sitting.id for one in found)


def _review(meeting: Id) -> Item:
    return Item(
        id=new_id(),
        meeting=meeting,
        position=1,
        title=REVIEW_TITLE,
        planned_minutes=REVIEW_MINUTES,
        review=True,
    )
