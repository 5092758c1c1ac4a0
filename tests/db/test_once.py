"""One state of the database is asked the same question once; a writing unit asks each time."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.db.engine import Database
from meetings.db.once import Read, once
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.db.notes import NoteRow, write


class Asked:
    """A question and how often the database heard it."""

    def __init__(self) -> None:
        self.times = 0

    async def words(self, session: AsyncSession, most: int) -> list[str]:
        self.times += 1
        return list(
            (
                await session.execute(select(col(NoteRow.word)).order_by(col(NoteRow.word)).limit(most))
            ).scalars()
        )


async def _kept(units: Units, *kept: str) -> None:
    async with units.begin() as uow:
        for word in kept:
            write(uow, word)


async def test_the_second_answer_costs_nothing(units: Units) -> None:
    await _kept(units, "một")
    asked = Asked()
    words = once(asked.words)
    async with units.read() as uow:
        assert await words(uow.session, 5) == await words(uow.session, 5) == ["một"]
        assert asked.times == 1
        assert await words(uow.session, 0) == []
    assert asked.times == 2


async def _read(units: Units, words: Read[[int], list[str]]) -> list[str]:
    async with units.read() as uow:
        return await words(uow.session, 5)


async def test_the_next_unit_knows_while_nothing_changes(units: Units) -> None:
    asked = Asked()
    words = once(asked.words)
    assert await _read(units, words) == await _read(units, words) == []
    assert asked.times == 1


async def test_any_change_by_anybody_is_asked_for_anew(units: Units, app_url: str, clock: FixedClock) -> None:
    asked = Asked()
    words = once(asked.words)
    another = Database(app_url)
    try:
        for number, writer in enumerate((units, Units(another, clock)), start=1):
            before = await _read(units, words)
            await _kept(writer, f"từ {number}")
            assert await _read(units, words) == [*before, f"từ {number}"]
    finally:
        await another.close()


async def test_what_was_rolled_back_was_never_known(units: Units) -> None:
    words = once(Asked().words)
    with pytest.raises(ZeroDivisionError):
        async with units.begin() as uow:
            write(uow, "một")
            await uow.session.flush()
            assert await _read(Units(units.database, units.clock), words) == ["một"]
            raise ZeroDivisionError
    assert await _read(units, words) == []


async def test_a_unit_sees_its_state_whatever_others_learn_meanwhile(units: Units) -> None:
    await _kept(units, "một")
    words = once(Asked().words)
    async with units.read() as uow:
        assert await words(uow.session, 1) == ["một"]
        await asyncio.create_task(_kept(units, "hai"))
        assert await asyncio.create_task(_read(units, words)) == ["hai", "một"]
        assert await words(uow.session, 5) == ["một"]
    assert await _read(units, words) == ["hai", "một"]


async def test_a_writing_unit_sees_what_it_wrote(units: Units) -> None:
    words = once(Asked().words)
    async with units.begin() as uow:
        assert await words(uow.session, 5) == []
        write(uow, "một")
        await uow.session.flush()
        assert await words(uow.session, 5) == ["một"]
        async with units.read() as inner:
            assert await words(inner.session, 5) == ["một"]


async def test_a_list_is_the_callers_own(units: Units) -> None:
    await _kept(units, "một")
    words = once(Asked().words)
    async with units.read() as uow:
        (await words(uow.session, 5)).clear()
        assert await words(uow.session, 5) == ["một"]


async def test_what_is_remembered_is_what_the_database_says(
    units: Units, app_url: str, clock: FixedClock
) -> None:
    """Readers and two writers in any order: an answer from memory never differs from one just asked for."""
    asked = Asked()
    words = once(asked.words)
    chance, another = random.Random(20261122), Database(app_url)
    writers = (units, Units(another, clock))

    async def reader() -> int:
        for _ in range(60):
            async with units.read() as uow:
                await asyncio.sleep(chance.choice((0, 0, 0.001)))
                assert await words(uow.session, 500) == await asked.words(uow.session, 500)
        return 60

    async def writer(name: str) -> None:
        for number in range(15):
            async with chance.choice(writers).begin() as uow:
                write(uow, f"{name} {number}")
                if number % 5 == 4:
                    await uow.session.flush()
                    await uow.session.execute(
                        delete(NoteRow).where(col(NoteRow.word) == f"{name} {number - 2}")
                    )
            await asyncio.sleep(chance.choice((0, 0.002)))

    try:
        times = await asyncio.gather(reader(), reader(), reader(), writer("a"), writer("b"))
    finally:
        await another.close()
    compared = sum(one for one in times if one)
    assert compared < asked.times < 2 * compared, "some answers came from memory, and not all"


async def test_who_asks_very_much_leaves_nothing(units: Units) -> None:
    asked = Asked()
    words = once(asked.words)
    for _ in range(2):
        async with units.read() as uow:
            for most in range(1001):
                await words(uow.session, most)
    assert asked.times == 2002
