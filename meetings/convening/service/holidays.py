"""Days off and days of work of a year, as committees enter them; and what they mean for a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import OrgKind
from meetings.committees.tree import OrgVersion
from meetings.convening.calendar import look_at, plan_month
from meetings.convening.cautions import Told, told
from meetings.convening.holidays import DayDecision, Holiday, HolidayTable, standing, vietnam
from meetings.convening.rules import AnySitting, Meeting, Standing
from meetings.convening.service.acts import Acts
from meetings.convening.service.sittings import allow_in
from meetings.convening.store import holidays
from meetings.convening.store import series as series_rows
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month, zone_of
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

MOST_DAYS = 31  # of one paper's span


class BadDays(Invalid):
    """The last day lies before the first, or far after it."""

    code = "bad-days"
    message = "Ngày cuối phải từ ngày đầu trở đi, và không quá {most} ngày một lần nhập."


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysSaid:
    """What a paper says of the days from `first` to `last`, both included: off, or days of work."""

    first: date
    last: date
    off: bool
    name: str
    citation: str

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class YearOfDays:
    """What holds for an organisation in a year: days off by day, and weekend days that are days of work."""

    holidays: tuple[Holiday, ...]
    decided: tuple[DayDecision, ...]


class HolidayActs(Acts):
    """Acts of committees; cells read."""

    async def decide_days(self, asker: Asker, org: Id, said: DaysSaid) -> list[DayDecision]:
        """Enter a paper about days, for this committee and all below it; a later entry about a day replaces it.

        Raises NoPower, BadDays.
        """
        if not 1 <= said.count <= MOST_DAYS:
            raise BadDays(most=MOST_DAYS)
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.SET_POLICY, org)
            made = _decisions((await committees.standpoint(uow, org)).org, said, uow.now)
            await holidays.add(uow.session, made, actor.person)
            public: dict[str, Json] = {"first": said.first.isoformat(), "last": said.last.isoformat()}
            public |= {"off": said.off, "citation": said.citation}
            act = Recorded(cell=org, name="convening.decide_days", actor=actor.person, public=public)
            await record(uow, act)
            return made

    async def year_of_days(self, asker: Asker, org: Id, year: int) -> YearOfDays:
        """What holds there in that year, for who belongs to it, audits or administers it, or sets its figures.

        Raises NoPower, NoSuchOrg.
        """
        async with self._units.read() as uow:
            at = await committees.standpoint(uow, org)
            view = Act.VIEW_CELL if at.org.kind is OrgKind.CELL else Act.SET_POLICY
            await committees.allow_any(uow, asker, (view, Act.AUDIT, Act.ADMINISTER), org)
            decided = await decided_for(uow, org)
            return YearOfDays(
                holidays=tuple(one for one in vietnam(decided) if one.day.year == year),
                decided=tuple(one for one in decided if one.day.year == year),
            )

    async def cautions(self, asker: Asker, meeting: Id) -> tuple[Told, ...]:
        """What to look at before people are told of it. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            found, _ = await allow_in(uow, asker, Act.CONVENE, meeting)
            return await cautions_of(uow, found)


def _decisions(committee: OrgVersion, said: DaysSaid, at: datetime) -> list[DayDecision]:
    return [
        DayDecision(
            id=new_id(),
            org=committee.org,
            org_name=committee.name,
            day=said.first + timedelta(days=step),
            off=said.off,
            name=said.name,
            citation=said.citation,
            at=at,
        )
        for step in range(said.count)
    ]


async def decided_for(uow: UnitOfWork, org: Id) -> list[DayDecision]:
    """The decisions that hold for the organisation, one for each day; by day."""
    chain = [one.org for one in (await committees.standpoint(uow, org)).chain]
    return standing(await holidays.of_orgs(uow.session, chain), chain)


async def table_for(uow: UnitOfWork, cell: Id) -> HolidayTable:
    """The cell's days off."""
    return vietnam(await decided_for(uow, cell))


async def earlier_tables(uow: UnitOfWork, cell: Id) -> list[HolidayTable]:
    """The tables that held for the cell before each of the decisions was entered."""
    chain = [one.org for one in (await committees.standpoint(uow, cell)).chain]
    known = await holidays.of_orgs(uow.session, chain)
    moments = sorted({one.at for one in known})
    return [vietnam(standing([one for one in known if one.at < at], chain)) for at in moments]


async def cautions_of(uow: UnitOfWork, sitting: AnySitting) -> tuple[Told, ...]:
    """Of a month's regular meeting; other sittings have no day that gives way."""
    if not isinstance(sitting, Meeting) or sitting.standing is not Standing.MANDATORY:
        return ()
    day, table = _day_of(sitting), await table_for(uow, sitting.cell)
    for series in await series_rows.of_cells(uow.session, [sitting.cell]):
        if series.span.covers(day):
            planned = plan_month(series, Month.of_day(day), table)
            if planned.day == day:
                return told(planned.cautions, planned.wanted, day, table)
    return told(look_at(day, day, table), day, day, table)


async def warned(uow: UnitOfWork, sitting: AnySitting) -> dict[str, Sequence[str]]:
    """What the ledger keeps of the cautions: codes, and the sentences as they were shown."""
    found = await cautions_of(uow, sitting)
    return {"cautions": [one.caution.value for one in found], "warned": [one.text for one in found]}


def _day_of(sitting: AnySitting) -> date:
    return sitting.starts_at.astimezone(zone_of(sitting.zone)).date()
