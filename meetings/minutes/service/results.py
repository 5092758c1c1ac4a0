"""Results due within days: where a sitting stands, and reminders that are told once at each stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey, whole
from meetings.committees.powers import Part
from meetings.committees.rules import Role
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting
from meetings.convening.titles import spoken_title
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.minutes import store
from meetings.minutes.results import (
    Results,
    Stage,
    late_above_text,
    reminder_text,
    results_of,
    stage_of,
)
from meetings.notices import service as notices
from meetings.notices.rules import Notice, NoticeKind, notice_key

LOOKED_BACK = timedelta(days=60)  # older ones stand in the audit; nobody is told any more
AT_ONCE = 200
_TOLD = {Stage.SOON: NoticeKind.RESULTS_DUE, Stage.LATE: NoticeKind.RESULTS_LATE}


async def results_in(uow: UnitOfWork, sitting: AnySitting, now: datetime | None = None) -> Results | None:
    """Of one sitting, by the figure in force on its day; None before it was closed, and for a practice. `now`: the
    unit's moment."""
    if not isinstance(sitting, Meeting):
        return None
    if sitting.closed_at is None:
        return None
    figure = await committees.policy(uow, PolicyKey.RESULTS_DEADLINE, sitting.cell, _closed_on(sitting))
    return results_of(
        closed_at=sitting.closed_at,
        zone=sitting.zone,
        within=whole(figure),
        done_at=(await done_at(uow, [sitting])).get(sitting.id),
        now=now or uow.now,
        citation=figure.citation,
    )


async def results_in_time(uow: UnitOfWork, sitting: AnySitting) -> bool | None:
    """Whether they were there within their days; None while that can still be either, and for a practice."""
    results = await results_in(uow, sitting)
    if results is None or (results.done_on is None and not results.late):
        return None
    return not results.late


async def results_of_many(
    uow: UnitOfWork, closed: Sequence[Meeting], day: date, now: datetime | None = None
) -> dict[Id, Results]:
    """Of closed sittings of many cells, by the figures in force that day: as many queries for one as for thousands.
    `now`: the unit's moment."""
    cells = sorted({one.cell for one in closed})
    within = await committees.figures(uow, PolicyKey.RESULTS_DEADLINE, cells, day)
    done = await done_at(uow, closed)
    return {
        one.id: results_of(
            closed_at=one.closed_at,
            zone=one.zone,
            within=whole(within[one.cell]),
            done_at=done.get(one.id),
            now=now or uow.now,
            citation=within[one.cell].citation,
        )
        for one in closed
        if one.closed_at is not None
    }


async def done_at(uow: UnitOfWork, sittings: Sequence[Meeting]) -> dict[Id, datetime]:
    """When the results of each were there: the last signature, the scan, or the photo of a page held on paper."""
    on_paper = {one.meeting: one.at for one in await convening.papers_of(uow, [one.id for one in sittings])}
    return on_paper | await store.signed_at(uow.session, [one.id for one in sittings])


class ResultReminders:
    """Due work. What is to be told is read from the tables each time, so it may run at any time, also twice."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def remind(self) -> int:
        """Tell who must act, in the last day and once more when it is late, and then the overseer too; of how many
        sittings somebody was told. The database's clock decides."""
        async with self._units.read() as uow:
            now = await self._units.moment(uow.session)
        told, after = 0, None
        while found := await self._waiting(now, after):
            told += sum([await self._tell(one) for one in await self._due(found, now)])
            after = found[-1]
        return told

    async def _due(self, found: Sequence[Meeting], now: datetime) -> list[Meeting]:
        """Of which somebody is to be told: a few questions for all that were closed on one day."""
        days: dict[date, list[Meeting]] = {}
        for one in found:
            days.setdefault(_closed_on(one), []).append(one)
        async with self._units.read() as uow:
            told, results = await notices.told_about(uow, [one.id for one in found]), dict[Id, Results]()
            for day, closed in days.items():
                results |= await results_of_many(uow, closed, day, now)
        return [one for one in found if _stage(one, results.get(one.id), now, told)]

    async def _waiting(self, now: datetime, after: Meeting | None) -> list[Meeting]:
        async with self._units.read() as uow:
            return await convening.unsigned_since(uow, now - LOOKED_BACK, after, AT_ONCE)

    async def _tell(self, sitting: Meeting) -> bool:
        async with self._units.begin() as uow:
            seen = await convening.sitting(uow, sitting.id, lock=True)  # signed meanwhile?
            results = await results_in(uow, seen)
            stage = _stage(seen, results, uow.now, await notices.told_about(uow, [seen.id]))
            if stage is None or results is None or not isinstance(seen, Meeting):
                return False
            await notices.queue(uow, await _notices(uow, seen, results, stage))
            return True


def _stage(
    sitting: AnySitting, results: Results | None, now: datetime, told: Collection[tuple[Id, NoticeKind]]
) -> Stage | None:
    """What is to be told of it and was not told yet."""
    stage = stage_of(results, sitting.zone, now) if results else None
    return None if stage is None or (sitting.id, _TOLD[stage]) in told else stage


def _closed_on(sitting: Meeting) -> date:
    closed = sitting.closed_at or sitting.starts_at
    return closed.astimezone(zone_of(sitting.zone)).date()


async def _notices(uow: UnitOfWork, sitting: Meeting, results: Results, stage: Stage) -> list[Notice]:
    title, today = spoken_title(sitting.title), await committees.today_in(uow, sitting.cell)
    words = reminder_text(results, stage, sitting.state, sitting.title)
    found = [_notice(uow, sitting, one, _TOLD[stage], words) for one in await _who_acts(uow, sitting, today)]
    if stage is Stage.LATE:
        cell = (await committees.org(uow, sitting.cell, today)).name
        above = late_above_text(results, cell, title)
        overseers = await committees.mandate_holders(uow, sitting.cell, Role.OVERSEER, today)
        found += [_notice(uow, sitting, one, NoticeKind.RESULTS_ABOVE, above) for one in overseers]
    return found


def _notice(uow: UnitOfWork, sitting: Meeting, person: Id, kind: NoticeKind, text: str) -> Notice:
    return Notice(
        key=notice_key(sitting.id, person, kind),
        cell=sitting.cell,
        subject=sitting.id,
        to=person,
        kind=kind,
        text=text,
        due_at=uow.now,
    )


async def _who_acts(uow: UnitOfWork, sitting: Meeting, today: date) -> list[Id]:
    """The secretaries, and whoever signs next: the recorder, after them the chair."""
    parts = dict(await convening.parts_of(uow, sitting.id))
    signed = len(await store.signatures(uow.session, sitting.id))
    signer = parts.get(Part.CHAIR if signed else Part.RECORDER)
    people = await committees.mandate_holders(uow, sitting.cell, Role.SECRETARY, today)
    if signer is not None:
        people.append((await committees.member_ever(uow, signer)).person)
    return list(dict.fromkeys(people))
