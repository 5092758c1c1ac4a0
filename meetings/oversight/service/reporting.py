"""A quarter's report put together: the same number of queries for one cell and for a thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meetings.committees import service as committees
from meetings.committees.policies import Policy, PolicyKey, set_by_text
from meetings.committees.tree import OrgVersion
from meetings.convening import service as convening
from meetings.convening.afterwards import Restatement as Restated
from meetings.convening.obligations import MonthState, below_minimum_text, last_day
from meetings.convening.rules import ENDED, Meeting, Mode, Standing
from meetings.convening.service import MonthStatus, QuarterStatus
from meetings.db.unit import UnitOfWork
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, Quarter, zone_of
from meetings.minutes.results import Results
from meetings.minutes.service.results import results_of_many
from meetings.oversight.facts import as_facts
from meetings.oversight.figures import SittingFigures, restated
from meetings.oversight.findings import findings
from meetings.oversight.rules import (
    CellMonth,
    CellQuarter,
    MonthSitting,
    QuarterReport,
    Supplement,
    check_sums,
)
from meetings.oversight.service.counting import figures_for


class ReportDoesNotSum(RuntimeError):
    """The report's own sums are wrong: a programming error, and the report is not shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    months: Mapping[tuple[Id, Month], MonthStatus]
    themes: Mapping[Id, QuarterStatus]
    figures: Mapping[Id, SittingFigures]
    restated: Sequence[Restated]
    results: Mapping[Id, Results]


async def facts_of(uow: UnitOfWork, org: Id, quarter: Quarter) -> dict[str, Json]:
    """The quarter of everything below `org` as of now. Raises NoSuchOrg, ReportDoesNotSum.

    The cells are those of the quarter's last day, or of today while it runs.
    """
    day = min(last_day(quarter.months()[-1]), await committees.today_in(uow, org))
    tree = await committees.tree(uow)
    cells = tree.cells(org, day)
    known = await _known(uow, [cell.org for cell in cells], quarter, day)
    report = QuarterReport(
        org=org,
        org_name=tree.on(org, day).name,
        quarter=quarter,
        as_of=uow.now,
        cells=tuple(_cell(cell, quarter, known) for cell in cells),
    )
    if flaws := check_sums(report):
        raise ReportDoesNotSum(", ".join(flaws))
    standard = (await committees.policy(uow, PolicyKey.ATTENDANCE_STANDARD, org, day)).value
    least = await committees.figures(uow, PolicyKey.HALL_MINIMUM, [cell.org for cell in cells], day)
    texts = _short_texts(known, least, Month.of(uow.now))
    return as_facts(report, standard=standard, found=findings(report, standard=standard), short_texts=texts)


async def _known(uow: UnitOfWork, cells: Sequence[Id], quarter: Quarter, day: date) -> _Known:
    months = quarter.months()
    states = await convening.month_states(uow, cells, months, day)
    ended = [one for status in states.values() for one in status.sittings if one.state in ENDED]
    return _Known(
        months=states,
        themes=await convening.quarter_states(uow, cells, quarter, day),
        figures=await figures_for(uow, cells, months, ended),
        restated=await convening.restatements_of(uow, [one.id for one in ended]),
        results=await results_of_many(uow, ended, day),
    )


def _cell(cell: OrgVersion, quarter: Quarter, known: _Known) -> CellQuarter:
    statuses = [known.months[cell.org, month] for month in quarter.months()]
    theme = known.themes[cell.org]
    held = [one for status in statuses for one in status.sittings]
    return CellQuarter(
        cell=cell.org,
        name=cell.name,
        months=tuple(_month(status, known) for status in statuses),
        theme=theme.state,
        theme_meeting=theme.fulfilled_by,
        theme_held_on=next((_day(one) for one in held if one.id == theme.fulfilled_by), None),
        supplements=tuple(one for status in statuses for one in _supplements(status, known.figures)),
    )


def _month(status: MonthStatus, known: _Known) -> CellMonth:
    chosen = status.standing_for
    mine = {one.id for one in status.sittings if one.state in ENDED}
    said = [restated(one) for one in known.restated if one.meeting in mine]
    return CellMonth(
        month=status.month,
        state=status.state,
        sitting=None if chosen is None else _sitting(chosen, known),
        decisions=status.decisions,
        restatements=tuple(said),
    )


def _sitting(one: Meeting, known: _Known) -> MonthSitting:
    figures = known.figures[one.id]
    opened = one.opened_at or one.starts_at
    closed = one.closed_at or opened
    return MonthSitting(
        meeting=one.id,
        mode=one.mode,
        held_on=_day(one),
        opened_at=opened,
        closed_at=closed,
        device_opened_at=one.device_opened_at,
        device_closed_at=one.device_closed_at,
        hall_present=one.hall_present,
        hall_required=one.hall_required,
        minutes_held=int((closed - opened).total_seconds()) // 60,
        minimum_minutes=one.minimum_minutes,
        rate=figures.rate,
        entered_late_on=one.entered_late_on,
        signed=one.state.value == "signed",
        results=known.results.get(one.id),
        left_out=figures.left_out,
        disagreements=figures.disagreements,
    )


def _supplements(status: MonthStatus, figures: Mapping[Id, SittingFigures]) -> list[Supplement]:
    """Online supplements, and the phone list of each hybrid sitting."""
    return [
        Supplement(
            meeting=one.id,
            month=status.month,
            held_on=_day(one),
            joined=figures[one.id].joined,
            supplements=one.id if one.mode is Mode.HYBRID else one.supplements,
            of_hybrid=one.mode is Mode.HYBRID,
        )
        for one in status.sittings
        if one.state in ENDED and (one.standing is Standing.SUPPLEMENT or one.mode is Mode.HYBRID)
    ]


def _day(one: Meeting) -> date:
    return (one.opened_at or one.starts_at).astimezone(zone_of(one.zone)).date()


def _short_texts(known: _Known, least: Mapping[Id, Policy], running: Month) -> dict[tuple[Id, Month], str]:
    return {
        key: below_minimum_text(
            status.standing_for, set_by=set_by_text(least[key[0]]), running=status.month == running
        )
        for key, status in known.months.items()
        if status.state is MonthState.HELD_BELOW_MINIMUM and status.standing_for is not None
    }
