"""Heavy work in a worker process: rendering, keys, signatures. Started at first use, gone after a minute."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import ParamSpec, TypeVar

from meetings.kernel.errors import Busy

P = ParamSpec("P")
R = TypeVar("R")

_IDLE_SECONDS = 60.0


class WorkLost(Busy):
    """The worker process ended in the middle of its work; nothing was changed."""

    code = "work-lost"
    message = "Việc lập tệp vừa bị ngắt, chưa có gì thay đổi. Xin làm lại lần nữa."


class ProcessWorkshop:
    """A pool of spawned processes that retires when idle, so that an idle service stays small."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._retire: asyncio.TimerHandle | None = None
        self._busy = 0

    async def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """See Workshop."""
        loop = asyncio.get_running_loop()
        if self._retire is not None:
            self._retire.cancel()
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, spawn, initializer=_follow_the_service)
        pool = self._pool
        self._busy += 1
        try:
            return await loop.run_in_executor(pool, partial(work, *args, **kwargs))
        except BrokenProcessPool:  # somebody killed the worker: the next one starts anew
            if self._pool is pool:
                self._pool = None
            raise WorkLost from None
        finally:
            self._busy -= 1
            self._rest(loop)

    def _rest(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._retire is not None:
            self._retire.cancel()
        self._retire = loop.call_later(_IDLE_SECONDS, self._retire_now)

    def _retire_now(self) -> None:
        if self._pool is not None and not self._busy:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def close(self) -> None:
        """See Workshop."""
        if self._retire is not None:
            self._retire.cancel()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)


def _follow_the_service() -> None:
    """A worker waits for work at a pipe that it holds open itself, so it would outlive a service that was killed."""
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    if (service := multiprocessing.parent_process()) is not None:
        service.join()
        os._exit(1)


class ThreadWorkshop:
    """In-process twin for tests: the same contract, in a thread."""

    async def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """See Workshop."""
        return await asyncio.to_thread(work, *args, **kwargs)

    async def close(self) -> None:
        """See Workshop."""
