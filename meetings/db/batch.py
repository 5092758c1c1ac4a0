"""Write-behind-none batching: the commit in flight is the window; an answer means committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Generic, TypeVar

from meetings.kernel.clock import check_aware
from meetings.kernel.errors import Busy

Row = TypeVar("Row")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class Batcher(Generic[Row, Answer]):
    """Collects rows while a commit is under way and writes them in one transaction.

    `write` takes rows in order, commits once, and gives one answer per row. When it raises, the
    batch is tried again row by row, so that a bad row never fails its neighbours; when it raises Busy (the
    database is away), all of them are told at once. A full queue refuses with Busy.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Row]], Awaitable[Sequence[Answer]]],
        *,
        most: int = 200,
        waiting: int = 20_000,
    ) -> None:
        self._write = write
        self._most = most
        self._queue: asyncio.Queue[tuple[Row, asyncio.Future[Answer]]] = asyncio.Queue(waiting)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write. Call inside the running loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what was accepted, then end."""
        if self._task is not None:
            await self._queue.join()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def put(self, row: Row) -> Answer:
        """The answer, once the row is durable. Raises Busy, or what `write` raised for this row."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((row, future))
        except asyncio.QueueFull:
            raise Busy from None
        return await future

    async def _run(self) -> None:
        batch: list[tuple[Row, asyncio.Future[Answer]]] = []
        while True:
            first = await self._queue.get()
            size = self._size(len(batch), 1 + self._queue.qsize())
            batch = [first, *(self._queue.get_nowait() for _ in range(size - 1))]
            try:
                await self._flush(batch)
            finally:
                for _ in batch:
                    self._queue.task_done()

    def _size(self, before: int, waiting: int) -> int:
        """Half of those who come back again and again: their other half is received while this one is written.

        All that wait would go by turns with the few who came while they were written: the loop has nothing to do then,
        and a commit of one costs as much as one of twenty.
        """
        return min(self._most, waiting, (before + waiting + 1) // 2)

    async def _flush(self, batch: Sequence[tuple[Row, asyncio.Future[Answer]]]) -> None:
        try:
            answered = list(zip(batch, await self._write([row for row, _ in batch]), strict=True))
        except Exception as exc:  # whatever it was, each row learns its own fate
            if len(batch) == 1 or isinstance(exc, Busy):  # no row is at fault, so none is tried alone
                for _, future in batch:
                    _settle(future, exc)
                return
            log.info(
                "batch failed, trying row by row", extra={"rows": len(batch), "error": type(exc).__name__}
            )
            for single in batch:
                await self._flush([single])
            return
        for (_, future), answer in answered:
            if not future.done():
                future.set_result(answer)


class Together(Generic[Row, Answer]):
    """Answers questions that come at the same time with one read. `look` gives one answer per question.

    A read begins only after its questions were asked, so that an answer is never older than its question.
    """

    def __init__(
        self, look: Callable[[Sequence[Row]], Awaitable[Sequence[Answer]]], *, most: int = 200
    ) -> None:
        self._look = look
        self._most = most
        self._asked: list[tuple[Row, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Row) -> Answer:
        """The answer, or whatever `look` raised."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked.append((question, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._asked:
                batch, self._asked = self._asked[: self._most], self._asked[self._most :]
                await self._answer(batch)
        finally:
            self._task = None

    async def _answer(self, batch: Sequence[tuple[Row, asyncio.Future[Answer]]]) -> None:
        try:
            answered = list(zip(batch, await self._look([question for question, _ in batch]), strict=True))
        except Exception as exc:  # every asker learns what happened
            for _, future in batch:
                _settle(future, exc)
            return
        for (_, future), answer in answered:
            if not future.done():
                future.set_result(answer)


def _settle(future: asyncio.Future[Answer], exc: Exception) -> None:
    if not future.done():
        future.set_exception(exc)


def json_rows(dialect: str, columns: Mapping[str, str]) -> str:
    """A FROM item that reads the rows of a JSON array bound as :rows, with typed columns, on either database.

    One bound value whatever the size of the batch, so that the statement stays the same and stays prepared. A column
    of type timestamptz holds what `json_time` gave.
    """
    if dialect == "postgresql":
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        return f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS b({typed})"
    picked = ", ".join(f"{_picked(name, kind)} AS {name}" for name, kind in columns.items())
    return f"(SELECT {picked} FROM json_each(:rows)) AS b"  # noqa: S608  names are constants of the caller


def _picked(name: str, kind: str) -> str:
    value = f"json_extract(value, '$.{name}')"
    return f"replace(substr({value}, 1, 26), 'T', ' ')" if kind == "timestamptz" else value


def json_time(moment: datetime | None) -> str | None:
    """A moment for `json_rows`, to the microsecond. Raises ValueError for a naive one."""
    return None if moment is None else check_aware(moment).isoformat(timespec="microseconds")
