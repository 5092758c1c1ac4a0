"""Numbers without gaps or repeats while many write at once, on both databases, also from two processes' pools."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from meetings.db.engine import Database
from meetings.db.refusals import constraint_of
from meetings.db.unit import Units
from meetings.kernel.ids import derived_id, new_id
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.paper_store import add_paper, take_number
from tests.attendance.world import World
from tests.postgres import Urls

CELL = derived_id("org", "S")
WRITERS = 24


class Dropped(Exception):
    """A writer that fails after it took its number."""


async def issue(
    world: World, units: Units, *, fails: bool = False, kind: PaperKind = PaperKind.RESOLUTION
) -> int:
    async with units.begin() as uow:
        number = await take_number(uow.session, CELL, "2025-06-01", kind, used=14)
        paper = IssuedPaper(
            id=new_id(),
            cell=CELL,
            meeting=new_id(),
            kind=kind,
            about=new_id(),
            term="2025-06-01",
            number=number,
            day=date(2026, 11, 24),
            data=b"{}",
            by=new_id(),
            at=uow.now,
        )
        await add_paper(uow.session, paper)
        if fails:
            raise Dropped
        return number


async def test_many_writers_get_each_number_once(world: World, database_urls: Urls) -> None:
    other = Database(database_urls.app)  # as another worker would have it
    both = (world.units, Units(other, world.clock))
    done = await asyncio.gather(
        *(issue(world, both[n % 2], fails=n % 3 == 0) for n in range(WRITERS)),
        *(issue(world, both[n % 2], kind=PaperKind.COUNTING) for n in range(5)),
        return_exceptions=True,
    )
    await other.close()
    failed = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, Dropped) for one in failed)
    assert len(failed) == WRITERS // 3
    taken = sorted(one for one in done[:WRITERS] if isinstance(one, int))
    assert taken == list(range(15, 15 + WRITERS - WRITERS // 3))
    assert sorted(one for one in done[WRITERS:] if isinstance(one, int)) == [15, 16, 17, 18, 19]
    assert await issue(world, world.units) == taken[-1] + 1


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE document_number SET last = last + 2", "document_number_by_one"),
        ("UPDATE document_number SET last = last", "document_number_by_one"),
        ("UPDATE document_number SET term = 'x', last = last + 1", "document_number_by_one"),
        ("DELETE FROM document_number", "document_number_kept"),
        ("UPDATE issued_paper SET number = 99", "issued_paper_unchanged"),
        ("DELETE FROM issued_paper", "issued_paper_kept"),
    ],
)
async def test_the_database_keeps_numbers_and_papers(world: World, statement: str, guard: str) -> None:
    await issue(world, world.units)
    with pytest.raises(IntegrityError) as caught:
        async with world.units.database.connection() as connection:
            await connection.execute(text(statement))
    assert constraint_of(caught.value) == guard


async def test_the_database_refuses_a_number_twice(world: World) -> None:
    number = await issue(world, world.units)
    with pytest.raises(IntegrityError) as caught:
        async with world.units.database.connection() as connection:
            await connection.execute(
                text(
                    "INSERT INTO issued_paper (id, cell_id, meeting_id, kind, about_id, term, number, day, data,"
                    " by_id, at) SELECT 'another', cell_id, meeting_id, kind, 'another', term, number, day, data,"
                    f" by_id, at FROM issued_paper WHERE number = {number}"
                )
            )
    assert constraint_of(caught.value) == "uq_issued_paper_number"
