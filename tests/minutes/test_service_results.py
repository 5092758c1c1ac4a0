"""Who must act is told once at each stage, the overseer when it is late, nobody after it was done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.committees.powers import Part
from meetings.committees.rules import Mandate, Role, Span
from meetings.committees.store import people
from meetings.committees.store.people import HeldMandate
from meetings.convening.rules import AnySitting, Kind, Mode
from meetings.kernel.ids import Id, new_id
from meetings.minutes.results import Results
from meetings.minutes.service import MinutesService
from meetings.minutes.service.results import ResultReminders, results_in, results_in_time
from meetings.minutes.service.score import score_facts, score_now
from meetings.notices import service as notices
from meetings.notices.rules import NoticeKind
from meetings.sitting import score_store
from meetings.sitting.scores import ScoringService, score_of
from meetings.sitting.scoring import Judged
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell
from tests.sitting.test_scoring import WITH_RESULTS

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OVERSEER = "o7"


async def told(cell: Cell, sitting: AnySitting) -> dict[NoticeKind, set[Id]]:
    found: dict[NoticeKind, set[Id]] = {}
    async with cell.world.units.read() as uow:
        for one in await notices.of_meeting(uow, sitting.id):
            found.setdefault(one.kind, set()).add(one.to)
    return found


async def seen(cell: Cell, sitting: AnySitting) -> Results:
    async with cell.world.units.read() as uow:
        stored = await cell.world.stored(uow, sitting.id)
        assert stored is not None
        found = await results_in(uow, stored)
    assert found is not None
    return found


def to_day(cell: Cell, sitting: AnySitting, days: int) -> None:
    """Noon, so many days after the sitting."""
    clock, closed = cell.world.clock, sitting.closed_at
    assert closed is not None
    noon = closed.astimezone(HERE).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)
    clock.move(noon - clock.now())


async def overseen(cell: Cell, sitting: AnySitting) -> Id:
    """Somebody of the committee above follows the cell."""
    person = cell.world.asks(OVERSEER).person
    span = Span(since=date(2020, 1, 1))
    held = HeldMandate(
        id=new_id(),
        person=person,
        mandate=Mandate(org=sitting.cell, role=Role.OVERSEER, span=span),
        paper="Công văn số 07-CV/ĐU",
    )
    async with cell.world.units.begin() as uow:
        await people.add_mandate(uow.session, held)
    return person


async def test_told_once_at_each_stage_and_not_when_it_is_done(cell: Cell, minutes: MinutesService) -> None:
    sitting = (await cell.november()).sitting
    overseer = await overseen(cell, sitting)
    job = ResultReminders(cell.world.units)
    secretary, recorder = cell.world.asks(SECRETARY), cell.world.asks(RECORDER)
    to_day(cell, sitting, 1)
    assert await job.remind() == 0
    to_day(cell, sitting, 2)
    assert (await job.remind(), await job.remind()) == (1, 0)
    both = {secretary.person, recorder.person}
    assert await told(cell, sitting) == {NoticeKind.RESULTS_DUE: both}
    await minutes.approve(secretary, sitting.id)
    await minutes.sign(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    to_day(cell, sitting, 3)
    assert (await job.remind(), await job.remind()) == (1, 0)
    late = {NoticeKind.RESULTS_LATE: {secretary.person}, NoticeKind.RESULTS_ABOVE: {overseer}}
    assert await told(cell, sitting) == {NoticeKind.RESULTS_DUE: both, **late}
    to_day(cell, sitting, 5)
    assert (await seen(cell, sitting)).late == 3
    await minutes.sign(secretary, sitting.id, Part.CHAIR, PASSPHRASE)
    to_day(cell, sitting, 9)
    assert await job.remind() == 0
    done = await seen(cell, sitting)
    assert done.done_on is not None
    assert (done.late, (done.done_on - done.last_day).days) == (3, 3)


async def test_signed_in_time_nobody_is_told(cell: Cell, minutes: MinutesService) -> None:
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    scan = b"\xff\xd8\xff\xe0" + b"an invented scan " * 8 + b"\xff\xd9"
    await minutes.sign_in_ink(cell.world.asks(SECRETARY), sitting.id, scan, cell.world.member(MEMBER))
    to_day(cell, sitting, 4)
    assert await ResultReminders(cell.world.units).remind() == 0
    assert (await seen(cell, sitting)).late == 0


async def test_a_score_takes_in_results_when_they_are_there(cell: Cell, minutes: MinutesService) -> None:
    sitting, secretary = (await cell.november()).sitting, cell.world.asks(SECRETARY)
    criteria = replace(
        WITH_RESULTS, set_by=sitting.cell, set_by_name="Chi bộ mẫu", valid_from=date(2026, 1, 1)
    )
    async with cell.world.units.begin() as uow:
        await score_store.add_criteria(uow.session, criteria, new_id(), secretary.person, uow.now)
    scoring = ScoringService(cell.world.units, results_in_time)
    given = await scoring.score(secretary, sitting.id, {"rest": Judged(points=89)})
    assert (given.total, given.of, given.rank) == (89, 99, "Khá")
    await minutes.approve(secretary, sitting.id)
    async with cell.world.units.read() as uow:
        facts = await score_facts(uow, sitting.id)
    assert facts is not None
    assert (facts.total, facts.lines[0].waits, facts.lines[1].waits) == (89, True, False)
    assert "chưa biết khi chấm" in facts.lines[0].measured
    to_day(cell, sitting, 1)
    waiting = (await scoring.look(secretary, sitting.id)).score
    assert waiting == given, "it can still be either"
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(secretary, sitting.id, Part.CHAIR, PASSPHRASE)
    done = (await scoring.look(secretary, sitting.id)).score
    assert done is not None
    assert (done.total, done.of, done.rank) == (90, 100, "Tốt")
    async with cell.world.units.read() as uow:
        stored = await cell.world.stored(uow, sitting.id)
        assert stored is not None
        assert await score_now(uow, stored) == done, "as the auditor reads it"
        assert await score_of(uow, sitting.id) == given, "what was written stays"


async def test_results_too_late_leave_their_points_out(cell: Cell) -> None:
    sitting, asker = (await cell.november()).sitting, cell.world.asks(SECRETARY)
    for days, known in ((2, None), (3, False)):
        to_day(cell, sitting, days)
        async with cell.world.units.read() as uow:
            stored = await cell.world.stored(uow, sitting.id)
            assert stored is not None
            assert await results_in_time(uow, stored) is known
    look = await ScoringService(cell.world.units, results_in_time).look(asker, sitting.id)
    assert look.score is None


async def test_two_workers_tell_once(cell: Cell) -> None:
    sitting = (await cell.november()).sitting
    to_day(cell, sitting, 3)
    jobs = [ResultReminders(cell.world.units).remind() for _ in range(3)]
    assert sum(await asyncio.gather(*jobs)) == 1
    assert set(await told(cell, sitting)) == {NoticeKind.RESULTS_LATE}


async def test_a_supplement_is_due_too_and_a_practice_never(cell: Cell) -> None:
    sitting = (await cell.supplement()).sitting
    practice = await cell.world.meeting(mode=Mode.IN_PERSON, kind=Kind.PRACTICE)
    await cell.world.close(practice)
    to_day(cell, sitting, 3)
    assert await ResultReminders(cell.world.units).remind() == 1
    async with cell.world.units.read() as uow:
        stored = await cell.world.stored(uow, practice.id)
        assert stored is not None
        assert await results_in(uow, stored) is None


@pytest.mark.parametrize("days", [61, 200])
async def test_what_is_long_past_stands_in_the_audit_only(cell: Cell, days: int) -> None:
    sitting = (await cell.november()).sitting
    to_day(cell, sitting, days)
    assert await ResultReminders(cell.world.units).remind() == 0
    assert (await seen(cell, sitting)).late == days - 2
