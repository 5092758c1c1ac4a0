"""Committees enter a year's days; drafts follow, convened meetings stay and their secretary is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import text

from meetings.committees.powers import NoPower
from meetings.convening.calendar import Caution
from meetings.convening.rules import AnySitting, Kind, Mode
from meetings.convening.service import Calling, DaysSaid, FixedDay
from meetings.convening.service.holidays import BadDays
from meetings.db.types import load
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.ledger.service import of_meeting
from meetings.notices.rules import Channel
from tests.committees.house import AUDITOR, COMMUNE_SECRETARY, MEMBER, SECRETARY
from tests.convening.holding import Hall

DECEMBER = Month(2026, 12)
PAPER = "Thông báo mẫu số 12-TB/ĐU ngày 20/11/2026"


def said(first: date, last: date | None = None, *, off: bool = True) -> DaysSaid:
    return DaysSaid(first=first, last=last or first, off=off, name="Nghỉ hoán đổi", citation=PAPER)


async def drafted(hall: Hall, day: int = 28) -> AnySitting:
    """December's meeting as the series has it; 28/12/2026 is a Monday."""
    wanted = FixedDay(
        since=date(2026, 11, 24), day_of_month=day, local_time=time(19, 30), place="Nhà văn hóa thôn Mẫu"
    )
    await hall.service.set_series(hall.house.asks(SECRETARY), hall.house.cell, wanted)
    return await december(hall)


async def december(hall: Hall) -> AnySitting:
    asker, cell = hall.house.asks(SECRETARY), hall.house.cell
    [found] = await hall.service.meetings_of(asker, cell, DECEMBER, DECEMBER)
    return found


async def decide(hall: Hall, what: DaysSaid, who: str = COMMUNE_SECRETARY) -> None:
    await hall.service.decide_days(hall.house.asks(who), hall.house.commune, what)


async def warnings(hall: Hall, meeting: Id, cell: Id) -> list[list[str]]:
    async with hall.units.read() as uow:
        kept = [load(entry.leaf)["p"] for entry in await of_meeting(uow, cell, meeting)]
    return [public["cautions"] for public in kept if "cautions" in public]


async def test_a_draft_that_nobody_was_told_of_follows_the_paper(hall: Hall) -> None:
    first = await drafted(hall)
    assert first.starts_at == datetime(2026, 12, 28, 12, 30, tzinfo=UTC)
    await decide(hall, said(date(2026, 12, 28), date(2026, 12, 29)))
    assert await hall.service.plan_ahead() == 0
    gone = await december(hall)
    assert (gone.id, gone.starts_at) == (first.id, datetime(2026, 12, 30, 12, 30, tzinfo=UTC))
    assert await hall.service.plan_ahead() == 0
    assert await december(hall) == gone
    hall.clock.set(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    await decide(hall, said(date(2026, 12, 28), off=False))
    await hall.service.plan_ahead()
    assert (await december(hall)).starts_at == first.starts_at


async def test_a_draft_moved_by_hand_and_a_convened_meeting_stay(hall: Hall) -> None:
    asker, first = hall.house.asks(SECRETARY), await drafted(hall)
    by_hand = datetime(2026, 12, 22, 12, 30, tzinfo=UTC)
    await hall.service.move(asker, first.id, by_hand, None)
    await decide(hall, said(date(2026, 12, 22), date(2026, 12, 31)))
    await hall.service.plan_ahead()
    assert (await december(hall)).starts_at == by_hand
    [told] = await hall.service.cautions(asker, first.id)
    assert told.text == "Ngày 22/12/2026 là ngày nghỉ: Nghỉ hoán đổi."
    await hall.service.convene(asker, first.id, Channel.ZALO_TEXT, {})
    assert (await warnings(hall, first.id, hall.house.cell))[-1] == ["on_day_off"]


async def test_a_draft_put_back_by_hand_to_where_the_series_had_it_stays(hall: Hall) -> None:
    asker, first = hall.house.asks(SECRETARY), await drafted(hall)
    await decide(hall, said(date(2026, 12, 28), date(2026, 12, 29)))
    await hall.service.plan_ahead()
    gone = await december(hall)
    await hall.service.move(asker, gone.id, gone.starts_at, "Nhà ông Mẫu")
    await hall.service.move(asker, first.id, first.starts_at, None)
    await hall.service.plan_ahead()
    assert await december(hall) == replace(first, place="Nhà ông Mẫu")


async def test_the_secretary_is_told_of_a_weekend_but_not_for_a_supplement(hall: Hall) -> None:
    asker, cell = hall.house.asks(SECRETARY), hall.house.cell
    sunday = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
    codes, ids = [], []
    for kind, mode in ((Kind.REGULAR, Mode.IN_PERSON), (Kind.ONLINE_SESSION, Mode.ONLINE)):
        made = await hall.service.call_meeting(
            asker, cell, Calling(kind=kind, mode=mode, starts_at=sunday, place="Nhà văn hóa thôn Mẫu")
        )
        ids.append(made.id)
        codes.append([one.caution for one in await hall.service.cautions(asker, made.id)])
    assert codes == [[Caution.ON_DAY_OFF], []]
    with pytest.raises(NoPower):
        await hall.service.cautions(hall.house.asks(MEMBER), ids[0])


async def test_a_short_month_is_said_where_the_series_took_its_last_day(hall: Hall) -> None:
    first = await drafted(hall, 31)
    await decide(hall, said(date(2026, 12, 31)))
    await hall.service.plan_ahead()
    [told] = await hall.service.cautions(hall.house.asks(SECRETARY), first.id)
    assert told.caution is Caution.LEFT_MONTH
    assert (await december(hall)).starts_at.day == 30


@pytest.mark.parametrize("who", [SECRETARY, MEMBER, AUDITOR])
async def test_only_who_leads_a_committee_enters_days(hall: Hall, who: str) -> None:
    with pytest.raises(NoPower):
        await decide(hall, said(date(2026, 12, 28)), who)
    with pytest.raises(NoPower):
        await hall.service.decide_days(hall.house.asks(who), hall.house.cell, said(date(2026, 12, 28)))


@pytest.mark.parametrize("last", [date(2026, 12, 27), date(2027, 1, 28)])
async def test_a_span_is_a_span(hall: Hall, last: date) -> None:
    with pytest.raises(BadDays):
        await decide(hall, said(date(2026, 12, 28), last))


async def test_everybody_of_the_cell_reads_what_holds(hall: Hall) -> None:
    await decide(hall, said(date(2027, 2, 4)))
    await decide(hall, said(date(2027, 2, 13), off=False))
    year = await hall.service.year_of_days(hall.house.asks(MEMBER), hall.house.cell, 2027)
    assert [(one.day.day, one.off) for one in year.decided] == [(4, True), (13, False)]
    assert [one.citation for one in year.holidays if one.day == date(2027, 2, 4)] == [PAPER]
    with pytest.raises(NoPower):
        await hall.service.year_of_days(hall.house.asks(MEMBER), hall.house.commune, 2027)


async def test_what_was_entered_stays(hall: Hall) -> None:
    await decide(hall, said(date(2027, 2, 4)))
    for statement in ("DELETE FROM holiday_decision", "UPDATE holiday_decision SET off = NOT off"):
        with pytest.raises(Exception, match="holiday_decision"):
            async with hall.units.begin() as uow:
                await uow.session.execute(text(statement))
