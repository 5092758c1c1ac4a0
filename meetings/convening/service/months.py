"""A month as seen from above: its state, a superior's paper, the attempt to fulfil it, restatements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey, set_by_text
from meetings.committees.powers import Act
from meetings.convening.afterwards import Restatement, may_restate
from meetings.convening.fulfilment import AlreadyFulfilled, may_fulfil
from meetings.convening.obligations import (
    Decision,
    MonthState,
    ThemeState,
    below_minimum,
    below_minimum_text,
    deadline,
    decision_text,
    fulfilling,
    last_day,
    month_state,
    theme_state,
)
from meetings.convening.rules import AnySitting, Meeting
from meetings.convening.service.acts import Acts, note
from meetings.convening.service.sittings import NoSuchMeeting, allow_in, of_cells, sitting
from meetings.convening.store import obligations, papers
from meetings.db.refusals import refusing
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month, Quarter, zone_of
from meetings.ledger import files
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class DecisionTaken(Conflict):
    """The same paper about the same month is recorded already."""

    code = "decision-taken"
    message = "Văn bản này đã được ghi cho tháng đó."


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthStatus:
    """One cell's month: the state, the sitting that stands for it, and everything beside it.

    `decisions` count nothing. `due`: when silence becomes "not held". `sittings` has no practice.
    """

    cell: Id
    month: Month
    state: MonthState
    standing_for: Meeting | None
    decisions: tuple[Decision, ...]
    sittings: tuple[Meeting, ...]
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterStatus:
    """One cell's thematic obligation of a quarter, and the sitting that fulfils it."""

    cell: Id
    quarter: Quarter
    state: ThemeState
    fulfilled_by: Id | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What a committee enters about a month. `lifts_month` False: a permission to pilot online meetings;
    `scan`: the paper itself, as PDF, JPEG or PNG."""

    number: str
    issued_on: date
    issuer: str
    reason: str
    lifts_month: bool = True
    scan: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What was said of a closed sitting, what is said now, and why."""

    what: str
    before: str
    after: str
    reason: str


async def month_states(
    uow: UnitOfWork, cells: Sequence[Id], months: Sequence[Month], today: date
) -> dict[tuple[Id, Month], MonthStatus]:
    """The status of each cell in each month (given in order); as many queries for one cell as for a thousand.

    Deadlines are the committees' of `today`, by the clock of Việt Nam. A month that ended before the cell
    came into this software says nothing about it: no data, however long ago.
    """
    since = await committees.first_days(uow)
    days = await committees.figures(uow, PolicyKey.REPORTING_DEADLINE, cells, today)
    held = _by_cell(await of_cells(uow, cells, months[0], months[-1]))
    found = await papers.decisions(uow.session, cells, months)
    attached = await obligations.months_fulfilled(uow.session, cells, months)
    return {
        (cell, month): _status(
            cell,
            month,
            held.get(cell, ()),
            [one for one in found if (one.cell, one.month) == (cell, month)],
            attached.get((cell, month)),
            deadline(last_day(month), int(days[cell].value)),
            uow.now,
            known=last_day(month) >= since[cell],
        )
        for cell in cells
        for month in months
    }


async def decisions_of(uow: UnitOfWork, cell: Id, month: Month) -> list[Decision]:
    """The papers of superiors about that month, by day of issue."""
    return await papers.decisions(uow.session, [cell], [month])


def _by_cell(found: Sequence[AnySitting]) -> Mapping[Id, Sequence[Meeting]]:
    sorted_out: dict[Id, list[Meeting]] = {}
    for one in found:
        if isinstance(one, Meeting):
            sorted_out.setdefault(one.cell, []).append(one)
    return sorted_out


def _status(
    cell: Id,
    month: Month,
    held: Sequence[Meeting],
    decisions: Sequence[Decision],
    attached: Id | None,
    due: datetime,
    now: datetime,
    *,
    known: bool,
) -> MonthStatus:
    mine = [one for one in held if one.month == month]
    chosen = next((one for one in mine if one.id == attached), None)
    return MonthStatus(
        cell=cell,
        month=month,
        state=month_state(mine, month, decisions=decisions, due=due, now=now, known=known),
        standing_for=chosen or fulfilling(mine, month) or below_minimum(mine, month),
        decisions=tuple(decisions),
        sittings=tuple(mine),
        due=due,
    )


async def quarter_states(
    uow: UnitOfWork, cells: Sequence[Id], quarter: Quarter, today: date
) -> dict[Id, QuarterStatus]:
    """The thematic obligation of each cell, in four queries."""
    months = quarter.months()
    days = await committees.figures(uow, PolicyKey.REPORTING_DEADLINE, cells, today)
    held = _by_cell(await of_cells(uow, cells, months[0], months[-1]))
    attached = await obligations.quarters_fulfilled(uow.session, cells, quarter)
    final = last_day(months[-1])
    return {
        cell: QuarterStatus(
            cell=cell,
            quarter=quarter,
            state=theme_state(
                held.get(cell, ()), quarter, due=deadline(final, int(days[cell].value)), now=uow.now
            ),
            fulfilled_by=attached.get(cell),
        )
        for cell in cells
    }


async def status_text(uow: UnitOfWork, status: MonthStatus) -> str | None:
    """The sentence that goes with the state (rules.md 6.7, 6.8), where there is one."""
    lifting = [one for one in status.decisions if one.lifts_month]
    if status.state is MonthState.BY_SUPERIOR_DECISION:
        return decision_text(lifting[0])
    if status.state is MonthState.HELD_BELOW_MINIMUM and status.standing_for is not None:
        short = status.standing_for
        day = (short.opened_at or short.starts_at).astimezone(zone_of(short.zone)).date()
        policy = await committees.policy(uow, PolicyKey.HALL_MINIMUM, status.cell, day)
        running = Month.of(uow.now, short.zone) == status.month
        return below_minimum_text(short, set_by=set_by_text(policy), running=running)
    return None


async def restate(uow: UnitOfWork, found: AnySitting, said: Correction, by: Id) -> Restatement:
    """Append a dated correction of a closed sitting; it changes nothing that was counted. The caller checks
    the power. Raises NothingToRestate."""
    may_restate(found)
    made = Restatement(
        id=new_id(),
        meeting=found.id,
        what=said.what,
        before=said.before,
        after=said.after,
        reason=said.reason,
        at=uow.now,
        by=by,
    )
    await papers.add_restatement(uow.session, made)
    personal = {"what": said.what, "before": said.before, "after": said.after, "reason": said.reason}
    await note(uow, "restate", found, by, personal=personal)
    return made


async def restatements_of(uow: UnitOfWork, meetings: Sequence[Id]) -> list[Restatement]:
    """The restatements of these sittings in order."""
    return await papers.restatements(uow.session, meetings)


class MonthActs(Acts):
    """Acts about months and about what was already closed."""

    async def month_of(
        self, asker: Asker, cell: Id, month: Month
    ) -> tuple[MonthStatus, QuarterStatus, str | None]:
        """The month, its quarter's theme, and the sentence that goes with the state. Raises NoPower."""
        async with self._units.read() as uow:
            await committees.allow_any(uow, asker, (Act.VIEW_CELL, Act.AUDIT), cell)
            today = await committees.today_in(uow, cell)
            status = (await month_states(uow, [cell], [month], today))[cell, month]
            theme = (await quarter_states(uow, [cell], month.quarter, today))[cell]
            return status, theme, await status_text(uow, status)

    async def decide_month(self, asker: Asker, cell: Id, month: Month, paper: Paper) -> Decision:
        """A superior's paper about the month; it counts nothing. Raises NoPower, DecisionTaken, ScanTooLarge,
        NotAScan."""
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.DECIDE_MONTH, cell)
            made = Decision(
                id=new_id(),
                cell=cell,
                month=month,
                number=paper.number,
                issued_on=paper.issued_on,
                issuer=paper.issuer,
                reason=paper.reason,
                lifts_month=paper.lifts_month,
                scan_sha256=await files.keep_scan(uow, paper.scan) if paper.scan is not None else None,
            )
            with refusing({"uq_month_decision_paper": DecisionTaken}):
                await papers.add_decision(uow.session, made, actor.person, uow.now)
            facts = {"month": str(month), "number": made.number, "issued_on": made.issued_on.isoformat()}
            act = Recorded(
                cell=cell,
                name="convening.decide_month",
                actor=actor.person,
                subject=made.id,
                public=facts | {"lifts_month": made.lifts_month, "scan": made.scan_sha256},
            )
            await record(uow, act)
            return made

    async def fulfil(self, asker: Asker, cell: Id, month: Month, meeting: Id) -> MonthStatus:
        """The attempt to make a sitting the month's meeting. Only its closed mandatory meeting can be.

        Raises NoPower, NoSuchMeeting, a NeverFulfils, AlreadyFulfilled.
        """
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.CONVENE, cell)
            found = await sitting(uow, meeting, lock=True)
            if found.cell != cell and not await committees.can_view(uow, asker, found.cell):
                raise NoSuchMeeting
            may_fulfil(found, cell, month)
            if await obligations.fulfil_month(uow.session, cell, month, meeting):
                await note(uow, "fulfil", found, actor.person)
            attached = await obligations.months_fulfilled(uow.session, [cell], [month])
            if attached.get((cell, month)) != meeting:
                raise AlreadyFulfilled(month=month.spoken())
            today = await committees.today_in(uow, cell)
            return (await month_states(uow, [cell], [month], today))[cell, month]

    async def restate(self, asker: Asker, meeting: Id, said: Correction) -> Restatement:
        """Append a dated correction of a closed sitting; it changes nothing that was counted.

        Raises NoSuchMeeting, NoPower, NothingToRestate.
        """
        async with self._units.begin() as uow:
            found, actor = await allow_in(uow, asker, Act.ENTER_LATE, meeting, lock=True)
            return await restate(uow, found, said, actor.person)

    async def restatements(self, asker: Asker, meeting: Id) -> list[Restatement]:
        """What was restated of a sitting, in order. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            return await restatements_of(uow, [meeting])
