"""One cell looked at from above: month by month what was owed, and every sitting with the way down to its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import OrgKind
from meetings.convening import service as convening
from meetings.convening.rules import ENDED, Meeting, State
from meetings.convening.service import MonthStatus
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.oversight import store
from meetings.oversight.figures import SittingFigures
from meetings.oversight.service.counting import figures_for
from meetings.oversight.service.looking import looked
from meetings.oversight.store import Paperwork

MONTHS = 12


class CellsOnly(Invalid):
    """Only cells hold sittings."""

    code = "cells-only"
    message = "Chỉ chi bộ mới có danh sách buổi họp."


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingLook:
    """One sitting. `figures`: once it ended; `paperwork`: how far its minutes are."""

    meeting: Meeting
    figures: SittingFigures | None
    paperwork: Paperwork


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthLook:
    """What a month owed and what was held. `text`: the sentence of rules.md 6.7 and 6.8, where there is one."""

    status: MonthStatus
    text: str | None
    sittings: tuple[SittingLook, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CellAudit:
    """Twelve months of a cell, the newest first. Names nobody. `newest`: the month of today; `begun`: in which the cell
    came into this software; `decides`: the asker enters superiors' papers about its months."""

    cell: Id
    name: str
    months: tuple[MonthLook, ...]
    newest: Month
    begun: Month
    decides: bool


class CellActs:
    """Looks at a whole cell. Whoever is not of it leaves an entry in its ledger."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def cell(self, asker: Asker, cell: Id, until: Month | None = None) -> CellAudit:
        """The twelve months up to `until` (this one, without it). Raises NoSuchOrg, NoPower, CellsOnly."""
        async with self._units.read() as uow:
            actor = await committees.allow(uow, asker, Act.AUDIT, cell)
            decides = await committees.holds(uow, asker, Act.DECIDE_MONTH, cell)
            found = await _gather(uow, cell, until, decides=decides)
        await looked(self._units, actor, cell, until=str(found.months[0].status.month))
        return found


async def _gather(uow: UnitOfWork, cell: Id, until: Month | None, *, decides: bool) -> CellAudit:
    today = await committees.today_in(uow, cell)
    org, newest = await committees.org(uow, cell, today), Month.of_day(today)
    if org.kind is not OrgKind.CELL:
        raise CellsOnly
    months = back_from(until or newest)
    states = await convening.month_states(uow, [cell], months, today)
    called = [
        one for status in states.values() for one in status.sittings if one.state is not State.DRAFT
    ]  # a draft is the secretary's own affair
    ended = [one for one in called if one.state in ENDED]
    figures = await figures_for(uow, [cell], months, ended)
    papers = await store.paperworks(uow.session, [one.id for one in called])
    looks = {
        one.id: SittingLook(meeting=one, figures=figures.get(one.id), paperwork=papers[one.id])
        for one in called
    }
    return CellAudit(
        cell=cell,
        name=org.name,
        newest=newest,
        decides=decides,
        begun=Month.of_day((await committees.first_days(uow))[cell]),
        months=tuple([await _month(uow, states[cell, month], looks) for month in reversed(months)]),
    )


async def _month(uow: UnitOfWork, status: MonthStatus, looks: Mapping[Id, SittingLook]) -> MonthLook:
    mine = tuple(looks[one.id] for one in status.sittings if one.id in looks)
    return MonthLook(status=status, text=await convening.status_text(uow, status), sittings=mine)


def back_from(last: Month) -> Sequence[Month]:
    """That month and the eleven before it, in order."""
    number = last.year * 12 + last.number - 1
    return [Month(one // 12, one % 12 + 1) for one in range(number - MONTHS + 1, number + 1)]
