"""The outbox: written with the act, sent after it, at least once, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from meetings.db.engine import Database
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import new_id
from meetings.notices import service as notices
from meetings.notices.messengers import MemoryMessenger
from meetings.notices.rules import NoSuchNotice, Notice, NoticeKind, notice_key
from meetings.notices.service import AGAIN_AFTER, NoticesService
from meetings.notices.store import MOST_TRIES
from tests.postgres import Urls


def _fill(urls: Urls) -> None:
    async def run() -> None:
        database = Database(urls.owner)
        async with database.connection() as connection:
            await connection.run_sync(create_all, SQLModel.metadata)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    return _fill


@pytest.fixture
async def units(app_url: str, clock: FixedClock) -> AsyncIterator[Units]:
    database = Database(app_url)
    yield Units(database, clock)
    await database.close()


@pytest.fixture
def messenger() -> MemoryMessenger:
    return MemoryMessenger()


@pytest.fixture
def service(units: Units, messenger: MemoryMessenger) -> NoticesService:
    return NoticesService(units, messenger)


def notice(clock: FixedClock, **facts: object) -> Notice:
    meeting, person = new_id(), new_id()
    made = Notice(
        key=notice_key(meeting, person, NoticeKind.CONVOCATION),
        cell=new_id(),
        subject=meeting,
        to=person,
        kind=NoticeKind.CONVOCATION,
        text="Kính báo đồng chí lịch sinh hoạt.",
        due_at=clock.now(),
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # facts of a notice


async def queue(units: Units, *made: Notice) -> None:
    async with units.begin() as uow:
        await notices.queue(uow, made)


async def about(units: Units, meeting: str) -> list[Notice]:
    async with units.read() as uow:
        return await notices.of_meeting(uow, meeting)


async def test_the_same_notice_twice_is_one(units: Units, clock: FixedClock) -> None:
    one = notice(clock)
    await queue(units, one)
    await queue(units, replace(one, text="khác"), one)
    assert await about(units, one.subject) == [one]
    assert await about(units, new_id()) == []


async def test_nothing_is_queued_by_an_act_that_failed(units: Units, clock: FixedClock) -> None:
    one = notice(clock)
    with pytest.raises(ZeroDivisionError):
        async with units.begin() as uow:
            await notices.queue(uow, [one])
            raise ZeroDivisionError
    assert await about(units, one.subject) == []


async def test_what_is_due_goes_out_once(
    units: Units, service: NoticesService, messenger: MemoryMessenger, clock: FixedClock
) -> None:
    now, later = notice(clock), notice(clock, due_at=clock.now() + timedelta(hours=1))
    await queue(units, now, later)
    assert await service.deliver_due() == 1
    assert await service.deliver_due() == 0
    assert messenger.sent == [now]
    assert [one.sent_at for one in await about(units, now.subject)] == [clock.now()]
    clock.move(timedelta(hours=1))
    assert await service.deliver_due() == 1


async def test_two_senders_at_once_do_no_harm(
    units: Units, service: NoticesService, messenger: MemoryMessenger, clock: FixedClock
) -> None:
    await queue(units, *(notice(clock) for _ in range(20)))
    counts = await asyncio.gather(*(NoticesService(units, messenger).deliver_due(most=7) for _ in range(4)))
    while gone := await service.deliver_due():
        counts.append(gone)
    assert sum(counts) == 20
    assert len({one.key for one in messenger.sent}) == len(messenger.sent) == 20


async def test_what_could_not_be_sent_is_tried_again_ten_times(
    units: Units, service: NoticesService, messenger: MemoryMessenger, clock: FixedClock
) -> None:
    one = notice(clock)
    await queue(units, one)
    messenger.away = True
    for tries in range(1, MOST_TRIES + 1):
        assert await service.deliver_due() == 0
        assert [found.tries for found in await about(units, one.subject)] == [tries]
        assert await service.deliver_due() == 0  # not before its time
        clock.move(AGAIN_AFTER)
    messenger.away = False
    assert await service.deliver_due() == 0


async def test_without_a_channel_nothing_counts_as_sent(units: Units, clock: FixedClock) -> None:
    one, alone = notice(clock), NoticesService(units)
    await queue(units, one)
    assert await alone.deliver_due() == 0
    assert [(told.sent_at, told.tries) for told in await about(units, one.subject)] == [(None, 0)]
    assert await alone.mine(Asker(person=one.to, session=new_id())) == [one]


async def test_what_was_seen_comes_after_what_was_not(
    units: Units, service: NoticesService, clock: FixedClock
) -> None:
    me, hour = Asker(person=new_id(), session=new_id()), timedelta(hours=1)
    old, new = notice(clock, to=me.person, due_at=clock.now() - hour), notice(clock, to=me.person)
    await queue(units, old, new)
    seen = clock.now()
    for _ in range(2):  # the first time counts
        await service.mark_read(me, new.key)
        clock.move(hour)
    assert [(one.key, one.read_at) for one in await service.mine(me)] == [(old.key, None), (new.key, seen)]
    with pytest.raises(NoSuchNotice):
        await service.mark_read(Asker(person=new_id(), session=new_id()), old.key)
    with pytest.raises(NoSuchNotice):
        await service.mark_read(me, new_id())


async def test_one_reads_one_s_own_the_newest_first(
    units: Units, service: NoticesService, clock: FixedClock
) -> None:
    me = Asker(person=new_id(), session=new_id())
    hour = timedelta(hours=1)
    old, new = notice(clock, to=me.person, due_at=clock.now() - hour), notice(clock, to=me.person)
    await queue(units, old, new, notice(clock), notice(clock, to=me.person, due_at=clock.now() + hour))
    assert await service.mine(me) == [new, old]
