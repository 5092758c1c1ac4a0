"""The batching writer: committed before it answers, nobody fails for a neighbour, nothing accepted is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from meetings.db.batch import Batcher
from meetings.db.refusals import GuardedByDatabase
from meetings.db.unit import Units
from meetings.kernel.errors import Busy
from tests.db.notes import words, write


class Writer:
    """Writes words, a batch in one unit, and keeps the sizes of the batches. `gate` holds commits back."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.sizes: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, rows: Sequence[str]) -> list[str]:
        await self.gate.wait()
        async with self.units.begin() as uow:
            for word in rows:
                write(uow, word)
        self.sizes.append(len(rows))
        return [word.upper() for word in rows]


@pytest.fixture
def writer(units: Units) -> Writer:
    return Writer(units)


async def test_an_answer_means_committed(writer: Writer, units: Units) -> None:
    batcher = Batcher(writer)
    batcher.start()
    assert await batcher.put("một") == "MỘT"
    assert await words(units) == ["một"]
    await batcher.stop()


async def test_what_comes_during_a_commit_goes_together(writer: Writer) -> None:
    batcher = Batcher(writer, most=10)
    writer.gate.clear()
    batcher.start()
    first = asyncio.create_task(batcher.put("đầu"))
    await asyncio.sleep(0.01)
    rest = [asyncio.create_task(batcher.put(f"từ {number}")) for number in range(25)]
    await asyncio.sleep(0.01)
    writer.gate.set()
    await asyncio.gather(first, *rest)
    assert writer.sizes == [1, 10, 10, 5]
    await batcher.stop()


async def test_those_who_come_again_and_again_are_written_by_halves(writer: Writer) -> None:
    """Else seven and one by turns: whoever is answered alone comes back alone."""
    batcher = Batcher(writer)
    batcher.start()

    async def comes_again(who: int) -> None:
        for turn in range(10):
            await batcher.put(f"{who} {turn}")

    await asyncio.gather(*(comes_again(who) for who in range(8)))
    assert set(writer.sizes[2:-2]) == {4}
    assert sum(writer.sizes) == 80
    await batcher.stop()


async def test_a_bad_row_never_fails_its_neighbours(writer: Writer, units: Units) -> None:
    batcher = Batcher(writer)
    writer.gate.clear()
    batcher.start()
    puts = [asyncio.create_task(batcher.put(word)) for word in ("đầu", "một", "một", "hai")]
    await asyncio.sleep(0.01)
    writer.gate.set()
    answers = await asyncio.gather(*puts, return_exceptions=True)
    assert answers[:2] == ["ĐẦU", "MỘT"]
    assert isinstance(answers[2], GuardedByDatabase)
    assert answers[3] == "HAI"
    assert await words(units) == sorted(["đầu", "một", "hai"])
    await batcher.stop()


async def test_a_full_queue_is_busy_and_takes_again_later(writer: Writer) -> None:
    batcher = Batcher(writer, most=1, waiting=2)
    writer.gate.clear()
    batcher.start()
    puts = [asyncio.create_task(batcher.put("một"))]
    await asyncio.sleep(0.01)  # it is being written, the queue is empty again
    puts += [asyncio.create_task(batcher.put(word)) for word in ("hai", "ba")]
    await asyncio.sleep(0.01)
    with pytest.raises(Busy):
        await batcher.put("bốn")
    writer.gate.set()
    await asyncio.gather(*puts)
    assert await batcher.put("bốn") == "BỐN"
    await batcher.stop()


async def test_stopping_writes_what_was_accepted(writer: Writer, units: Units) -> None:
    batcher = Batcher(writer)
    batcher.start()
    puts = [asyncio.create_task(batcher.put(f"từ {number}")) for number in range(5)]
    await asyncio.sleep(0)
    await batcher.stop()
    assert all(put.done() for put in puts)
    assert len(await words(units)) == 5


async def test_a_caller_who_leaves_disturbs_nobody(writer: Writer, units: Units) -> None:
    batcher = Batcher(writer)
    writer.gate.clear()
    batcher.start()
    leaving = asyncio.create_task(batcher.put("đi"))
    staying = asyncio.create_task(batcher.put("ở"))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.sleep(0)
    writer.gate.set()
    assert await staying == "Ở"
    assert leaving.cancelled()
    assert await words(units) == sorted(["đi", "ở"])
    assert await batcher.put("sau") == "SAU"
    await batcher.stop()


async def test_stopping_what_never_began_is_nothing(writer: Writer) -> None:
    await Batcher(writer).stop()
    assert writer.sizes == []


async def test_a_write_that_answers_too_little_keeps_nobody_waiting() -> None:
    async def forgetful(rows: Sequence[str]) -> list[str]:
        return [word.upper() for word in rows if word != "quên"]

    batcher = Batcher(forgetful)
    batcher.start()
    async with asyncio.timeout(10):
        told = await asyncio.gather(batcher.put("quên"), batcher.put("một"), return_exceptions=True)
        assert isinstance(told[0], ValueError)
        assert (told[1], await batcher.put("hai")) == ("MỘT", "HAI")
        await batcher.stop()
