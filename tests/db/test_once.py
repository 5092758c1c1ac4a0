"""One reading unit asks the same question once; a writing one asks each time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.db.once import once
from meetings.db.unit import Units
from tests.db.notes import NoteRow, write


class Asked:
    """A question and how often the database heard it."""

    def __init__(self) -> None:
        self.times = 0

    async def words(self, session: AsyncSession, most: int) -> list[str]:
        self.times += 1
        return list((await session.execute(select(col(NoteRow.word)).limit(most))).scalars())


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


async def test_the_next_unit_asks_anew(units: Units) -> None:
    asked = Asked()
    words = once(asked.words)
    async with units.read() as uow:
        assert await words(uow.session, 5) == []
    await _kept(units, "một")
    async with units.read() as uow:
        assert await words(uow.session, 5) == ["một"]
    assert asked.times == 2


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
