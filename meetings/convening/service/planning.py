"""A cell's series yields its meetings; every cell owes its months. Due work of the clock, safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import OrgKind, Role, Span
from meetings.committees.tree import OrgVersion
from meetings.convening import states
from meetings.convening.calendar import Planned, Rollover, Series, check_series, meeting_plan, plan_months
from meetings.convening.rules import AnySitting, Kind, Meeting, Mode, Standing, State, draft
from meetings.convening.service.acts import Acts, note
from meetings.convening.service.calling import least_minutes
from meetings.convening.service.holidays import earlier_tables, table_for, warned
from meetings.convening.service.sittings import forgotten, of_cells, save
from meetings.convening.store import meetings, obligations
from meetings.convening.store import series as series_rows
from meetings.db.types import load
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id, derived_id
from meetings.kernel.months import DEFAULT_ZONE, Month, zone_of
from meetings.kernel.text import time_text
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import of_meeting, record
from meetings.notices.rules import Notice, NoticeKind, notice_key
from meetings.notices.service import queue

MONTHS_AHEAD = 2


class SeriesTaken(Conflict):
    """A newer series of this cell begins then or later already."""

    code = "series-taken"
    message = "Chi bộ đã có lịch hằng tháng bắt đầu từ ngày đó hoặc muộn hơn."


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedDay:
    """What a secretary asks for: the day of the month and the local time, valid from `since`."""

    since: date
    day_of_month: int
    local_time: time
    place: str
    rollover: Rollover = Rollover.NEXT_WORKDAY
    kind: Kind = Kind.REGULAR
    mode: Mode = Mode.IN_PERSON
    planned_minutes: int | None = None


class PlanningActs(Acts):
    """Acts of who leads the cell, and of the clock."""

    async def set_series(self, asker: Asker, cell: Id, wanted: FixedDay) -> Series:
        """From that day on the cell meets on this day of the month; the coming meetings are drafted.

        Drafts of an earlier series that nobody convened move along. Raises NoPower, BadSeries, SeriesTaken.
        """
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.CONVENE, cell)
            made = await _series(uow, cell, wanted)
            await _end_before(uow, cell, made.span.since)
            await series_rows.add(uow.session, made)
            await record(uow, _recorded(made, actor.person))
            await _draft_months(uow, made, _coming(Month.of(uow.now, made.zone)), actor.person)
            return made

    async def series_of(self, asker: Asker, cell: Id) -> list[Series]:
        """The cell's series over time. Raises NoPower."""
        async with self._units.read() as uow:
            await committees.allow_any(uow, asker, (Act.VIEW_CELL, Act.AUDIT), cell)
            return await series_rows.of_cells(uow.session, [cell])

    async def plan_ahead(self) -> int:
        """Due work: draft what every series yields in this and the coming months; how many were new. Cell by
        cell, so that nobody waits for a whole province."""
        async with self._units.read() as uow:
            known = await series_rows.of_cells(uow.session)
        return sum([await self._plan_cell(series) for series in known])

    async def _plan_cell(self, series: Series) -> int:
        async with self._units.begin() as uow:
            if series not in await series_rows.of_cells(uow.session, [series.cell]):
                return 0  # ended meanwhile
            return await _draft_months(uow, series, _coming(Month.of(uow.now, series.zone)), None)

    async def owe_months(self) -> None:
        """Due work: every cell of today owes this month and this quarter, by the clock of Việt Nam."""
        async with self._units.begin() as uow:
            month, today = Month.of(uow.now), uow.now.astimezone(zone_of(DEFAULT_ZONE)).date()
            cells = [one.org for one in await committees.tree(uow) if _is_cell(one, today)]
            await obligations.ensure_months(uow.session, [(cell, month) for cell in cells])
            await obligations.ensure_quarters(uow.session, [(cell, month.quarter) for cell in cells])

    async def ask_forgotten(self) -> int:
        """Due work: ask the secretaries of sittings open for three hours whether they are over; how many."""
        async with self._units.begin() as uow:
            found = await forgotten(uow)
            for sitting in found:
                await _ask(uow, sitting)
            return len(found)


def _recorded(made: Series, actor: Id) -> Recorded:
    return Recorded(
        cell=made.cell,
        name="convening.series",
        actor=actor,
        public={
            "day_of_month": made.day_of_month,
            "local_time": made.local_time.strftime("%H:%M"),
            "rollover": made.rollover.value,
            "since": made.span.since.isoformat(),
        },
    )


def _is_cell(version: OrgVersion, day: date) -> bool:
    return version.kind is OrgKind.CELL and version.span.covers(day)


def _coming(first: Month) -> Sequence[Month]:
    months = [first]
    while len(months) < MONTHS_AHEAD:
        months.append(months[-1].next())
    return months


async def _series(uow: UnitOfWork, cell: Id, wanted: FixedDay) -> Series:
    least = await least_minutes(uow, cell, wanted.kind, wanted.since)
    made = Series(
        cell=cell,
        day_of_month=wanted.day_of_month,
        local_time=wanted.local_time,
        place=wanted.place,
        span=Span(since=wanted.since),
        rollover=wanted.rollover,
        kind=wanted.kind,
        mode=wanted.mode,
        planned_minutes=wanted.planned_minutes or least,
        minimum_minutes=least,
        zone=await committees.cell_zone(uow, cell),
    )
    check_series(made)
    return made


async def _end_before(uow: UnitOfWork, cell: Id, since: date) -> None:
    for old in await series_rows.of_cells(uow.session, [cell]):
        if old.span.since >= since:
            raise SeriesTaken
        if old.span.covers(since):
            await series_rows.end(uow.session, cell, old.span.since, since - timedelta(days=1))


async def _draft_months(uow: UnitOfWork, series: Series, months: Sequence[Month], by: Id | None) -> int:
    coming = await of_cells(uow, [series.cell], months[0], months[-1])
    made = 0
    for planned in plan_months(series, months, await table_for(uow, series.cell)):
        if planned.starts_at > uow.now:
            made += await _draft_one(uow, series, planned, coming, by)
    return made


async def _draft_one(
    uow: UnitOfWork, series: Series, planned: Planned, coming: Iterable[AnySitting], by: Id | None
) -> int:
    """Draft the month's meeting, or move the undisturbed draft of an earlier series or an earlier table of days;
    1 if it is new."""
    sitting_id = derived_id("meeting of series", series.cell, str(planned.month))
    for one in coming:
        if one.id == sitting_id and one.state is State.DRAFT and by is not None:
            await save(uow, states.moved(one, starts_at=planned.starts_at, place=series.place))
            return 0
        if one.id == sitting_id and await _left_behind(uow, series, planned, one):
            await _follow(uow, one, planned)
            return 0
        if one.id == sitting_id or _is_months_meeting(one, planned.month):
            return 0
    if await meetings.get(uow.session, sitting_id) is not None:
        return 0  # moved by hand to another month
    made = draft(meeting_plan(series, planned), sitting=sitting_id)
    await meetings.add(uow.session, made)
    await obligations.ensure_months(uow.session, [(made.cell, made.month)])
    await obligations.ensure_quarters(uow.session, [(made.cell, made.month.quarter)])
    await note(uow, "draft", made, by, public=await warned(uow, made))
    return 1


async def _left_behind(uow: UnitOfWork, series: Series, planned: Planned, one: AnySitting) -> bool:
    """Whether it is a draft where the series put it before a committee's decision about days, and nobody by hand."""
    if one.state is not State.DRAFT or one.starts_at == planned.starts_at or await _put_by_hand(uow, one):
        return False
    tables = await earlier_tables(uow, series.cell)
    before = [past for table in tables for past in plan_months(series, [planned.month], table)]
    return any(past.starts_at == one.starts_at for past in before)


async def _put_by_hand(uow: UnitOfWork, one: AnySitting) -> bool:
    """Whether somebody gave it this very time; the ledger remembers."""
    leaves = [load(entry.leaf) for entry in await of_meeting(uow, one.cell, one.id)]
    moves = [leaf["p"] for leaf in leaves if leaf["act"] == "convening.move" and leaf["actor"] is not None]
    times = [[datetime.fromisoformat(said[name]) for name in ("before", "starts_at")] for said in moves]
    return any(before != at == one.starts_at for before, at in times)


async def _follow(uow: UnitOfWork, one: AnySitting, planned: Planned) -> None:
    gone = states.moved(one, starts_at=planned.starts_at, place=one.place)
    await save(uow, gone)
    public = {"before": one.starts_at.isoformat(), **await warned(uow, gone)}
    await note(uow, "move", gone, None, public=public)


def _is_months_meeting(one: AnySitting, month: Month) -> bool:
    mandatory = isinstance(one, Meeting) and one.standing is Standing.MANDATORY
    return mandatory and one.month == month and one.state is not State.CANCELLED


async def _ask(uow: UnitOfWork, sitting: AnySitting) -> None:
    today = await committees.today_in(uow, sitting.cell)
    leaders = await committees.mandate_holders(uow, sitting.cell, Role.SECRETARY, today)
    since = time_text(sitting.opened_at or sitting.starts_at, zone_of(sitting.zone))
    text = f"Buổi họp khai mạc lúc {since} chưa ghi giờ kết thúc. Buổi họp đã xong chưa, lúc mấy giờ?"
    await queue(
        uow,
        [
            Notice(
                key=notice_key(sitting.id, person, NoticeKind.REMINDER, "forgotten"),
                cell=sitting.cell,
                subject=sitting.id,
                to=person,
                kind=NoticeKind.REMINDER,
                text=text,
                due_at=uow.now,
            )
            for person in leaders
        ],
    )
