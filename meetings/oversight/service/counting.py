"""The cell-month table: counted anew when a sitting closes or is corrected, and checked against the rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from meetings.attendance import service as attendance
from meetings.convening import service as convening
from meetings.convening.rules import ENDED, AnySitting, Meeting
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.oversight import store
from meetings.oversight.figures import SittingFigures, figures_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A cell and month whose kept figures are not what the rows say; `missing`: never counted."""

    cell: Id
    month: Month
    missing: bool


async def recount(uow: UnitOfWork, cell: Id, month: Month) -> None:
    """Count the cell's ended sittings of that month anew. Repeating it changes nothing."""
    await store.keep_month(uow.session, cell, month, await _count(uow, cell, month), uow.now)


async def recount_sitting(uow: UnitOfWork, sitting: AnySitting) -> None:
    """The hook for closing and correcting: counts the sitting's month anew. Nothing for a practice, nothing
    before the sitting has ended."""
    if isinstance(sitting, Meeting) and sitting.state in ENDED:
        await recount(uow, sitting.cell, sitting.month)


async def figures_in(uow: UnitOfWork, meeting: Meeting) -> SittingFigures:
    """Count one sitting from its rows."""
    record = await attendance.record_of(uow, meeting)
    told = await convening.convoked(uow, meeting.id)
    return figures_of(
        meeting,
        roster=record.roster,
        attendance=record.attendance,
        left_out={one.member for one in told if one.left_out_reason is not None},
    )


async def figures_for(
    uow: UnitOfWork, cells: Sequence[Id], months: Sequence[Month], ended: Collection[Meeting]
) -> dict[Id, SittingFigures]:
    """The figures of these ended sittings: from the table in one query, from the rows where it lacks one."""
    kept = await store.kept_months(uow.session, cells, months)
    found = {meeting: figures for one in kept.values() for meeting, figures in one.items()}
    for meeting in ended:
        if meeting.id not in found:
            found[meeting.id] = await figures_in(uow, meeting)
    return found


async def _count(uow: UnitOfWork, cell: Id, month: Month) -> dict[Id, SittingFigures]:
    sittings = await convening.of_cells(uow, [cell], month, month)
    ended = [one for one in sittings if isinstance(one, Meeting) and one.state in ENDED]
    return {one.id: await figures_in(uow, one) for one in ended}


class CountingActs:
    """Checking and repairing, for the command line and the clock."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def check_figures(self, cells: Sequence[Id] | None = None) -> list[Difference]:
        """Count every month anew (of these cells, or all) and say which kept figures differ."""
        async with self._units.read() as uow:
            held = await store.held_months(uow.session, cells)
            found = []
            for cell, month in held:
                kept = (await store.kept_months(uow.session, [cell], [month])).get((cell, month))
                if kept != await _count(uow, cell, month):
                    found.append(Difference(cell=cell, month=month, missing=kept is None))
            return found

    async def recount_figures(self, cells: Sequence[Id] | None = None) -> list[Difference]:
        """Put right what `check_figures` finds; gives back what was wrong."""
        wrong = await self.check_figures(cells)
        for one in wrong:
            async with self._units.begin() as uow:
                await recount(uow, one.cell, one.month)
        return wrong
