"""What a page asks of the database: one state for all of it, and not more statements than were thought needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from demo.client import Person
from meetings.committees.store.access import SessionRow
from meetings.pages.reading import APART
from tests.journeys.hybrid import Hybrid, hybrid
from tests.pages.reader import Reader
from tests.serving import CELL, Serving

# Statements of a page with those that say who asks and which state it is, without BEGIN, when everything has changed
# since the last page. Raise one only for a question that is new.
MOST = {
    "member /": 20,
    "member /m/{meeting}": 33,
    "member /m/{meeting}/room": 32,
    "secretary /": 18,
    "secretary /m/{meeting}": 33,
    "secretary /m/{meeting}/run": 28,
    "secretary /m/{meeting}/roll": 18,
    "secretary /m/{meeting}/notes": 28,
    "secretary /m/{meeting}/questions/{vote}": 28,
    "secretary /c/{cell}/members": 10,
}


class Heard:
    """What the database heard."""

    def __init__(self) -> None:
        self.begun = 0
        self.asked: list[str] = []

    def hear(
        self, _connection: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        """One statement."""
        if statement.startswith("BEGIN"):
            self.begun += 1
        else:
            self.asked.append(f"{statement} {parameters}")

    @property
    def repeated(self) -> list[str]:
        """Asked before with the same values."""
        return [one for one in set(self.asked) if self.asked.count(one) > 1]


@contextmanager
def listening() -> Iterator[Heard]:
    heard = Heard()
    event.listen(Engine, "before_cursor_execute", heard.hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", heard.hear)


@pytest.fixture
async def evening(house: Serving) -> AsyncIterator[tuple[Hybrid, str]]:
    sitting = await hybrid(house)
    yield sitting, await sitting.vote(elder=True)


async def _open_each(
    house: Serving, evening: tuple[Hybrid, str], before: Callable[[], Awaitable[None]]
) -> dict[str, Heard]:
    sitting, vote = evening
    people: dict[str, Person] = {
        "member": await house.person(sitting.cast.phone[0]),
        "secretary": await house.secretary(),
    }
    found = {}
    for name in MOST:
        who, _, path = name.partition(" ")
        address = path.format(meeting=sitting.id, vote=vote, cell=CELL)
        await before()
        with listening() as found[name]:
            page = await Reader(house, people[who]).open(address)
        assert page.status == 200, name
    return found


async def test_pages_ask_no_more_than_they_need(house: Serving, evening: tuple[Hybrid, str]) -> None:
    async def change() -> None:
        async with house.house.units.begin() as uow:
            await uow.session.execute(update(SessionRow).values(label=SessionRow.label + "!"))

    found = await _open_each(house, evening, change)
    for name, heard in found.items():
        assert heard.begun == 2, f"{name}: one look at the cookie, one unit for the page"
        assert heard.repeated == [], name
    counted = {name: len(heard.asked) for name, heard in found.items()}
    assert {name: n for name, n in counted.items() if n > MOST[name]} == {}


async def test_while_nothing_changes_pages_hardly_ask(house: Serving, evening: tuple[Hybrid, str]) -> None:
    async def nothing() -> None: ...

    await _open_each(house, evening, nothing)
    found = await _open_each(house, evening, nothing)
    counted = {name: len(heard.asked) for name, heard in found.items()}
    assert {name: n for name, n in counted.items() if n > 4} == {}, (
        "who asks, which state, and what is personal"
    )


async def test_pages_change_nothing_of_what_is_known(house: Serving, evening: tuple[Hybrid, str]) -> None:
    """An answer that a page altered in place would be wrong on the next one."""

    async def nothing() -> None: ...

    await _open_each(house, evening, nothing)
    async with house.house.units.read() as uow:
        known = dict(uow.session.info.pop("known"))
        assert len(known) > 50
        for (read, args, kwargs), answer in known.items():
            assert await read(uow.session, *args, **dict(kwargs)) == answer


def test_what_is_read_apart_exists(house: Serving) -> None:
    known = {route.resource.canonical for route in house.app.router.routes() if route.resource is not None}
    assert known >= APART
