"""What an auditor looks down on: cells, and sittings held in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from meetings.attendance.rules import Decision as Leave
from meetings.attendance.rules import Reason
from meetings.committees.rules import OrgKind, Span
from meetings.committees.service import roster
from meetings.committees.store import orgs
from meetings.committees.tree import OrgVersion
from meetings.convening import service as convening
from meetings.convening.convocations import convoke
from meetings.convening.obligations import Decision
from meetings.convening.rules import AnySitting, Kind, Meeting, MeetingPlan, Mode, draft
from meetings.convening.states import convened
from meetings.convening.store import convocations, meetings, papers
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.kernel.months import Month, Quarter
from meetings.ledger import files
from meetings.notices.rules import Channel
from meetings.oversight.service import OversightService, QuarterLook, recount_sitting
from meetings.rooms.rules import PresenceKind
from tests.attendance.world import AUDITOR, EXCUSED, HALL, PHONE, SECRETARY, UNEXCUSED, World

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
COMMUNE = derived_id("org", "commune")
MORE = tuple(f"U{number:02d}" for number in range(16))
CELLS = ("S", "T", *MORE)
Q4 = Quarter(2026, 4)
OCTOBER, NOVEMBER, DECEMBER = Q4.months()


def cell(name: str) -> Id:
    """The organisation behind a name."""
    return derived_id("org", name)


def evening(month: Month, day: int, hour: int = 19, minute: int = 0) -> datetime:
    """That moment in Việt Nam."""
    return datetime(month.year, month.number, day, hour, minute, tzinfo=HANOI)


async def more_cells(units: Units) -> None:
    """Sixteen cells beside S and T, without members."""
    async with units.begin() as uow:
        for name in MORE:
            version = OrgVersion(
                org=cell(name),
                name=f"Chi bộ thôn {name}",
                kind=OrgKind.CELL,
                parent=COMMUNE,
                span=Span(since=date(2020, 1, 1)),
            )
            await orgs.add_org(uow.session, version, "Asia/Ho_Chi_Minh", uow.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Above:
    """The auditor's view, and the hands of those below."""

    units: Units
    clock: FixedClock
    service: OversightService
    below: World

    @property
    def auditor(self) -> Asker:
        """Of the whole commune."""
        return self.below.asks(AUDITOR)

    async def look(self, org: Id = COMMUNE, quarter: Quarter = Q4) -> QuarterLook:
        """The auditor opens the quarter."""
        return await self.service.quarter(self.auditor, org, quarter)

    async def plan(
        self,
        name: str,
        starts: datetime,
        *,
        kind: Kind = Kind.REGULAR,
        mode: Mode = Mode.IN_PERSON,
        supplements: Id | None = None,
        left_out: dict[Id, str] | None = None,
    ) -> AnySitting:
        """A convened sitting; its clock is that of its start."""
        self.clock.set(starts)
        plan = MeetingPlan(
            cell=cell(name), kind=kind, mode=mode, title="Sinh hoạt chi bộ", place="Nhà văn hóa thôn",
            starts_at=starts.astimezone(UTC), supplements=supplements,
        )  # fmt: skip
        made = draft(plan, sitting=new_id())
        async with self.units.begin() as uow:
            await meetings.add(uow.session, made)
            await meetings.save(uow.session, convened(made))
            await _call(uow, made, left_out or {})
        return convened(made)

    async def hold(
        self,
        name: str,
        starts: datetime,
        *,
        present: int = 14,
        required: int = 11,
        minutes: int = 95,
        hook: bool = True,
        **how: Any,
    ) -> AnySitting:
        """Convened, opened and closed with these counts of the hall."""
        made = await self.plan(name, starts, **how)
        return await self.close(await self.open(made), present, required, minutes=minutes, hook=hook)

    async def open(self, made: AnySitting) -> AnySitting:
        """It opens now."""
        async with self.units.begin() as uow:
            return await convening.open_sitting(uow, made, uow.now)

    async def close(
        self,
        made: AnySitting,
        present: int,
        required: int,
        *,
        minutes: int = 95,
        hook: bool = True,
        stated: datetime | None = None,
    ) -> AnySitting:
        """It closes so many minutes later (or is stated to have closed then), and oversight counts it."""
        self.clock.move(timedelta(minutes=minutes))
        async with self.units.begin() as uow:
            ended, _ = await convening.close_sitting(
                uow,
                made,
                roster=await convening.roster_of(uow, made),
                hall_present=present,
                hall_required=required,
                at=stated or uow.now,
            )
            if hook:
                await recount_sitting(uow, ended)
        return ended

    async def decide(self, name: str, month: Month, scan: bytes | None = None) -> None:
        """A superior's letter about a month."""
        async with self.units.begin() as uow:
            kept = await files.keep_scan(uow, scan) if scan else None
        letter = Decision(
            id=new_id(), cell=cell(name), month=month, number="Công văn số 45-CV/ĐU",
            issued_on=date(2026, 11, 20), issuer="Đảng ủy xã Thử", reason="bão lũ", scan_sha256=kept,
        )  # fmt: skip
        async with self.units.begin() as uow:
            await papers.add_decision(uow.session, letter, self.auditor.person, uow.now)

    async def november(self) -> Meeting:
        """Cell S's hybrid of rules.md 7: hall 16, phone 4, excused 2, unexcused 1."""
        opened = await self.open(await self.plan("S", evening(NOVEMBER, 24, 19, 30), mode=Mode.HYBRID))
        below, at = self.below, self.clock.now()
        joined = [below.event(opened.id, label, PresenceKind.JOINED, at) for label in PHONE]
        await below.service.record_presence(joined)
        await below.roll(opened.id, HALL)
        await self._decide_absences(opened.id)
        closed = await self.close(opened, 14, 11)
        assert isinstance(closed, Meeting)
        return closed

    async def _decide_absences(self, meeting: Id) -> None:
        below, secretary = self.below, self.below.asks(SECRETARY)
        for label in (*EXCUSED, *PHONE):
            member = below.member(label)
            await below.service.leave.decide(secretary, meeting, member, Leave.EXCUSED, Reason.WORKING_AWAY)
        for label in UNEXCUSED:
            await below.service.leave.decide(secretary, meeting, below.member(label), Leave.UNEXCUSED, None)


async def _call(uow: UnitOfWork, made: AnySitting, left_out: dict[Id, str]) -> None:
    called = await roster(uow, made.cell, made.starts_at.date())
    by = derived_id("person", SECRETARY)
    told = convoke(called, left_out, meeting=made.id, how=Channel.PHONE_CALL, by=by, at=uow.now)
    await convocations.append(uow.session, told)


def month_of(look: QuarterLook, name: str, month: Month) -> Any:
    """One cell's month as facts."""
    (found,) = [one for one in look.facts["cells"] if one["cell"] == cell(name)]
    (mine,) = [one for one in found["months"] if one["month"] == str(month)]
    return mine


def supplements_of(look: QuarterLook, name: str) -> Sequence[Any]:
    """One cell's supplements as facts."""
    (found,) = [one for one in look.facts["cells"] if one["cell"] == cell(name)]
    supplements: Sequence[Any] = found["supplements"]
    return supplements


def states(look: QuarterLook, month: Month) -> dict[str, int]:
    """How many cells stand in each state."""
    (found,) = [one for one in look.facts["totals"] if one["month"] == str(month)]
    return {one["state"]: one["cells"] for one in found["states"]}
