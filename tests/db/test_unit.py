"""One act, one transaction: commit, rollback, joining, dooming, what comes after."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from meetings.db.refusals import GuardedByDatabase, NoRoomLeft, refusing
from meetings.db.unit import DoomedUnit, UnitOfWork, Units
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import Conflict
from tests.db.notes import words, write


class WordTaken(Conflict):
    """The note's word is taken."""

    code = "word-taken"
    message = "Từ này đã có."


async def test_left_normally_it_commits(units: Units) -> None:
    async with units.begin() as uow:
        write(uow, "một")
    assert await words(units) == ["một"]


async def test_left_by_an_exception_it_rolls_back(units: Units) -> None:
    with pytest.raises(ZeroDivisionError):
        async with units.begin() as uow:
            write(uow, "một")
            await uow.session.flush()
            raise ZeroDivisionError
    assert await words(units) == []


async def test_a_unit_has_one_moment(units: Units, clock: FixedClock) -> None:
    async with units.begin() as uow:
        clock.move(timedelta(hours=1))
        assert uow.now == clock.now() - timedelta(hours=1)


async def test_an_act_inside_an_act_joins_it(units: Units) -> None:
    async with units.begin() as outer:
        write(outer, "ngoài")
        async with units.begin() as inner:
            assert inner is outer
            write(inner, "trong")
        async with units.read() as reading:
            assert reading is outer
            await reading.session.flush()
            assert await words(units) == ["ngoài", "trong"]
    assert await words(units) == ["ngoài", "trong"]


async def test_a_failed_inner_act_dooms_the_outer_one(units: Units) -> None:
    with pytest.raises(DoomedUnit):
        async with units.begin() as outer:
            write(outer, "ngoài")
            try:
                async with units.begin():
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass
    assert await words(units) == []


async def test_a_write_inside_a_reading_unit_is_a_mistake(units: Units) -> None:
    async with units.read():
        with pytest.raises(DoomedUnit):
            async with units.begin():
                pass


async def test_nothing_written_in_a_reading_unit_stays(units: Units) -> None:
    async with units.read() as uow:
        write(uow, "lạc")
        await uow.session.flush()
    assert await words(units) == []


async def test_a_task_started_inside_does_not_join(units: Units) -> None:
    async def child() -> bool:
        async with units.begin() as uow:
            write(uow, "con")
            return uow.task is asyncio.current_task()

    async with units.begin() as outer:
        task = asyncio.create_task(child())
        write(outer, "mẹ")
        assert not task.done()
    assert await task
    assert await words(units) == ["con", "mẹ"]


async def test_after_commit_comes_after_the_commit_and_only_then(units: Units) -> None:
    seen: list[list[str]] = []

    async def look() -> None:
        seen.append(await words(units))

    async with units.begin() as uow:
        write(uow, "một")
        uow.after_commit.append(look)
        assert seen == []
    assert seen == [["một"]]
    with pytest.raises(ZeroDivisionError):
        async with units.begin() as uow:
            uow.after_commit.append(look)
            raise ZeroDivisionError
    assert len(seen) == 1


async def test_a_known_constraint_becomes_its_refusal(units: Units) -> None:
    async with units.begin() as uow:
        write(uow, "một")
    with pytest.raises(WordTaken):
        async with units.begin() as uow:
            write(uow, "một", id="khác", one=1, two=2)
            with refusing({"uq_test_note_word": WordTaken}):
                await uow.session.flush()
    with pytest.raises(GuardedByDatabase, match="uq_test_note_word"):
        async with units.begin() as uow:
            write(uow, "một", id="khác", one=1, two=2)


async def test_what_the_database_does_not_name_is_not_guessed(units: Units) -> None:
    with pytest.raises((IntegrityError, GuardedByDatabase)) as caught:
        async with units.begin() as uow:
            write(uow, "một", parent="không có")
    on_sqlite = isinstance(caught.value, IntegrityError)
    assert on_sqlite or "fk_test_note_parent" in str(caught.value)


FULL = {
    "sqlite": "PRAGMA max_page_count = 1",  # not below what is there: no page more
    "postgresql": "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
}
ROOM = {"sqlite": "PRAGMA max_page_count = 1073741823", "postgresql": "SELECT 1"}


async def test_a_full_disk_is_said_and_nothing_is_written(units: Units) -> None:
    """SQLite really finds no page; PostgreSQL's own state is raised. Later the same act is done."""
    with pytest.raises(NoRoomLeft, match="đĩa đầy"):
        async with units.begin() as uow:
            await uow.session.execute(text(FULL[_dialect(uow)]))
            write(uow, "một", data="dữ liệu " * 100_000)
    async with units.begin() as uow:
        await uow.session.execute(text(ROOM[_dialect(uow)]))
        assert await words(units) == []
        write(uow, "một", data="dữ liệu " * 100_000)
    assert await words(units) == ["một"]


def _dialect(uow: UnitOfWork) -> str:
    return uow.session.get_bind().dialect.name
