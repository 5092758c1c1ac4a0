"""The first organisation, cell and people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from meetings.committees import service as committees
from meetings.committees.powers import Act, NoPower
from meetings.committees.service import CommitteesService, FirstLinks, FirstSetup, Newcomer, NotEmpty
from meetings.committees.service.sign_in import Attempt
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.months import BadZone
from tests.committees.house import build

SETUP = FirstSetup(
    org_name="Đảng bộ xã Mường Thử",
    cell_name="Chi bộ thôn Nà Thử",
    secretary=Newcomer(full_name="Sùng A Thử"),
    cell_code="NT-01",
)


async def first(units: Units, setup: FirstSetup = SETUP) -> FirstLinks:
    async with units.begin() as uow:
        return await committees.first_setup(uow, setup, uow.now)


async def enter(service: CommitteesService, token: str) -> Asker:
    attempt = Attempt(token=token, browser="b", client="c", label="l")
    return (await service.sign_in.enter(attempt)).asker


async def test_the_secretary_alone_is_administrator_too(units: Units, service: CommitteesService) -> None:
    made = await first(units)
    assert made.secretary is not None
    assert made.administrator is None
    asker = await enter(service, made.secretary.token)
    async with units.read() as uow:
        for act in (Act.CONVENE, Act.ADMINISTER, Act.IMPORT):
            await committees.allow(uow, asker, act, made.cell)
        day = date(2026, 11, 24)
        assert [one.full_name for one in await committees.roster(uow, made.cell, day)] == ["Sùng A Thử"]


async def test_an_administrator_of_their_own(units: Units, service: CommitteesService) -> None:
    made = await first(units, replace(SETUP, administrator=Newcomer(full_name="Lù Thị Máy")))
    assert made.secretary is not None
    assert made.administrator is not None
    asker = await enter(service, made.administrator.token)
    secretary = await enter(service, made.secretary.token)
    async with units.read() as uow:
        await committees.allow(uow, asker, Act.ADMINISTER, made.cell)
        with pytest.raises(NoPower):
            await committees.allow(uow, secretary, Act.ADMINISTER, made.cell)


async def test_repeating_it_is_idle_and_other_data_refuses_it(units: Units) -> None:
    made = await first(units)
    again = await first(units)
    assert (again.org, again.cell, again.secretary) == (made.org, made.cell, None)
    with pytest.raises(NotEmpty):
        await first(units, replace(SETUP, cell_name="Chi bộ khác"))


async def test_it_never_mixes_with_other_data(units: Units) -> None:
    await build(units)
    with pytest.raises(NotEmpty):
        await first(units)


async def test_a_bad_zone_changes_nothing(units: Units) -> None:
    with pytest.raises(BadZone):
        await first(units, replace(SETUP, zone="Mars/Olympus"))
    assert (await first(units)).secretary is not None


async def test_links_live_by_real_time_under_any_domain_clock(units: Units, clock: FixedClock) -> None:
    clock.set(datetime(2031, 1, 1, tzinfo=UTC))
    real = FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
    service = CommitteesService(units, clock=real)
    async with units.begin() as uow:
        made = await committees.first_setup(uow, SETUP, real.now())
    assert made.secretary is not None
    assert (await enter(service, made.secretary.token)).person
