"""Questions that come together are answered by one read, begun after they were asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from meetings.db.batch import Together


class Shelf:
    """Answers with what stands on it, and remembers how it was asked."""

    def __init__(self) -> None:
        self.value = 1
        self.asked: list[Sequence[int]] = []

    async def look(self, questions: Sequence[int]) -> list[int]:
        """Each question times the value of the moment when the look began."""
        self.asked.append(questions)
        value = self.value
        await asyncio.sleep(0)
        if 0 in questions:
            raise LookupError
        return [question * value for question in questions]


async def test_one_read_answers_all_who_wait() -> None:
    shelf = Shelf()
    together: Together[int, int] = Together(shelf.look)
    assert await asyncio.gather(*(together.ask(number) for number in range(1, 6))) == [1, 2, 3, 4, 5]
    assert [list(one) for one in shelf.asked] == [[1, 2, 3, 4, 5]]


async def test_an_answer_is_never_older_than_its_question() -> None:
    shelf = Shelf()
    together: Together[int, int] = Together(shelf.look)
    first = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert shelf.asked
    shelf.value = 10
    second = asyncio.create_task(together.ask(1))
    assert (await first, await second) == (1, 10)


async def test_a_failed_read_is_told_to_its_askers_alone() -> None:
    together: Together[int, int] = Together(Shelf().look, most=1)
    good, bad = asyncio.create_task(together.ask(2)), asyncio.create_task(together.ask(0))
    assert await good == 2
    with pytest.raises(LookupError):
        await bad
    assert await together.ask(3) == 3


async def test_a_read_that_answers_too_little_keeps_nobody_waiting() -> None:
    async def forgetful(_questions: Sequence[int]) -> list[int]:
        return []

    async with asyncio.timeout(10):
        with pytest.raises(ValueError, match="zip"):
            await Together(forgetful).ask(1)
