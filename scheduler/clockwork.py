"""The ticker: APScheduler calls each job every so often; what is due is decided by the job from the tables."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from meetings.kernel.clock import real_now
from meetings.kernel.errors import Busy

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Something that may run at any time, also twice: it claims its due work from the database."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Clockwork:
    """Ticks the jobs while the application runs, the first time at once. A failing job is logged and ticks on."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick. Call inside the running loop."""
        for job in self._jobs:
            trigger = IntervalTrigger(seconds=job.every.total_seconds(), timezone="UTC")
            self._scheduler.add_job(
                partial(self._run, job), trigger, id=job.name, name=job.name, next_run_time=real_now()
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop ticking. What runs is interrupted, and has let go of everything when this returns."""
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler stops in the loop's next turn, and cancels what it runs
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # the scheduler makes one
        self._running.add(task)
        try:
            await job.run()
        except Busy as busy:  # the database is away, say: it ticks on, and one line is enough
            log.warning("job put off", extra={"job": job.name, "code": busy.code})
        except Exception:
            log.exception("job failed", extra={"job": job.name})
        finally:
            self._running.discard(task)
