"""A fixed day yields its meetings once; every cell owes its months; the clock may come twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from meetings.committees.powers import NoPower
from meetings.convening.calendar import BadSeries
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.convening.service import FixedDay
from meetings.convening.service.planning import SeriesTaken
from meetings.kernel.months import Month
from meetings.notices.service import of_meeting
from tests.committees.house import MEMBER, SECRETARY
from tests.convening.holding import Hall

NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)


def fixed(day: int = 28, since: date = date(2026, 11, 24), kind: Kind = Kind.REGULAR) -> FixedDay:
    return FixedDay(
        since=since, day_of_month=day, local_time=time(19, 30), place="Nhà văn hóa thôn Mẫu", kind=kind
    )


async def sittings(hall: Hall) -> list[AnySitting]:
    return await hall.service.meetings_of(hall.house.asks(SECRETARY), hall.house.cell, NOVEMBER, JANUARY)


async def test_a_series_drafts_this_month_and_the_next(hall: Hall) -> None:
    await hall.service.set_series(
        hall.house.asks(SECRETARY), hall.house.cell, fixed(kind=Kind.REGULAR_WITH_THEMATIC)
    )
    found = await sittings(hall)
    # 28/11/2026 is a Saturday and its month has no later working day but Monday the 30th
    assert [one.starts_at for one in found] == [
        datetime(2026, 11, 30, 12, 30, tzinfo=UTC),
        datetime(2026, 12, 28, 12, 30, tzinfo=UTC),
    ]
    assert {(one.state, one.kind, one.planned_minutes) for one in found} == {
        (State.DRAFT, Kind.REGULAR_WITH_THEMATIC, 120)
    }


async def test_planning_again_changes_nothing_and_time_brings_more(hall: Hall) -> None:
    await hall.service.set_series(hall.house.asks(SECRETARY), hall.house.cell, fixed())
    before = await sittings(hall)
    assert await hall.service.plan_ahead() == 0
    assert await sittings(hall) == before
    hall.clock.move(timedelta(days=10))
    assert (await hall.service.plan_ahead(), await hall.service.plan_ahead()) == (1, 0)
    assert [one.month for one in await sittings(hall)] == [NOVEMBER, DECEMBER, JANUARY]


async def test_a_cancelled_or_called_meeting_is_not_drafted_again(hall: Hall) -> None:
    asker = hall.house.asks(SECRETARY)
    own = await hall.called(mode=Mode.HYBRID)
    await hall.service.set_series(asker, hall.house.cell, fixed())
    found = await sittings(hall)
    assert [one.month for one in found if one.id != own.id] == [DECEMBER]
    drafted = next(one for one in found if one.id != own.id)
    await hall.service.cancel(asker, drafted.id, "mưa lũ")
    assert await hall.service.plan_ahead() == 0


async def test_a_draft_moved_by_hand_stays_where_it_is(hall: Hall) -> None:
    asker = hall.house.asks(SECRETARY)
    await hall.service.set_series(asker, hall.house.cell, fixed())
    first = (await sittings(hall))[0]
    moved = await hall.service.move(asker, first.id, datetime(2027, 1, 5, 12, 30, tzinfo=UTC), None)
    assert await hall.service.plan_ahead() == 0
    assert await hall.service.look_at(asker, first.id) == moved


async def test_a_new_series_ends_the_old_one_and_moves_its_drafts(hall: Hall) -> None:
    asker = hall.house.asks(SECRETARY)
    await hall.service.set_series(asker, hall.house.cell, fixed())
    with pytest.raises(SeriesTaken):
        await hall.service.set_series(asker, hall.house.cell, fixed(3))
    await hall.service.set_series(asker, hall.house.cell, fixed(3, since=date(2026, 12, 1)))
    old, new = await hall.service.series_of(hall.house.asks(MEMBER), hall.house.cell)
    assert (old.span.until, new.span.until) == (date(2026, 11, 30), None)
    assert [one.starts_at.day for one in await sittings(hall)] == [30, 3]


async def test_a_series_is_a_monthly_meeting_in_a_hall_set_by_the_leaders(hall: Hall) -> None:
    asker = hall.house.asks(SECRETARY)
    for wrong in (fixed(0), fixed(32), fixed(kind=Kind.THEMATIC)):
        with pytest.raises(BadSeries):
            await hall.service.set_series(asker, hall.house.cell, wrong)
    with pytest.raises(NoPower):
        await hall.service.set_series(hall.house.asks(MEMBER), hall.house.cell, fixed())
    assert await hall.service.series_of(asker, hall.house.cell) == []


async def test_every_cell_owes_this_month_and_quarter(hall: Hall) -> None:
    await hall.service.owe_months()
    await hall.service.owe_months()
    async with hall.units.read() as uow:
        owed = await uow.session.execute(text("SELECT cell_id, month, fulfilled_by FROM obligation"))
        theme = await uow.session.execute(text("SELECT cell_id, quarter FROM thematic_obligation"))
        cells = {hall.house.cell, hall.house.other}
        assert {tuple(row) for row in owed} == {(cell, "2026-11", None) for cell in cells}
        assert {tuple(row) for row in theme} == {(cell, "2026-Q4") for cell in cells}


async def test_the_secretary_is_asked_about_a_forgotten_sitting_once(hall: Hall) -> None:
    begun = await hall.opened()
    hall.clock.move(timedelta(hours=12))
    await hall.service.ask_forgotten()
    hall.clock.move(timedelta(hours=1))
    await hall.service.ask_forgotten()
    async with hall.units.read() as uow:
        asked = await of_meeting(uow, begun.id)
    assert [one.to for one in asked] == [hall.house.persons[SECRETARY]]
    assert "khai mạc lúc 19:00" in asked[0].text
    assert (await hall.service.look_at(hall.house.asks(SECRETARY), begun.id)).state is State.OPEN
