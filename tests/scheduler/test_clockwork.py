"""The ticker: at once, again and again, whatever one job does."""
"""The ticker calls every job again and again, also after one failed, until it is stopped."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from scheduler.clockwork import Clockwork, Job

OFTEN = timedelta(milliseconds=20)
NEVER = timedelta(days=1)


class Work:
    """Counts its runs; `fails`: each run ends in an error."""

    def __init__(self, *, fails: bool = False) -> None:
        self.runs = 0
        self._fails = fails
        self._ran = asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        self._ran.set()
        if self._fails:
            raise RuntimeError("this run")

    async def reached(self, runs: int) -> None:
        async with asyncio.timeout(10):
            while self.runs < runs:
                self._ran.clear()
                await self._ran.wait()


async def test_a_job_runs_at_once_and_again_until_the_end() -> None:
    often, once = Work(), Work()
    ticker = Clockwork(
        [Job(name="often", every=OFTEN, run=often.run), Job(name="once", every=NEVER, run=once.run)]
    )
    ticker.start()
    await often.reached(3)
    await once.reached(1)
    ticker.stop()
    await asyncio.sleep(0.05)  # a run under way ends
    after = often.runs
    await asyncio.sleep(0.1)
    assert (often.runs, once.runs) == (after, 1)


async def test_a_failing_job_is_told_and_ticks_on(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = Work(fails=True), Work()
    ticker = Clockwork(
        [Job(name="bad", every=OFTEN, run=bad.run), Job(name="good", every=OFTEN, run=good.run)]
    )
    ticker.start()
    await bad.reached(2)
    await good.reached(2)
    ticker.stop()
    assert "job failed" in caplog.text
SOON = timedelta(milliseconds=20)
PATIENCE_S = 20.0


class Counter:
    """Counts its calls; each one may fail or last."""

    def __init__(self, *, fails: bool = False, lasts: float = 0.0) -> None:
        self.calls = self.running = self.most = 0
        self._fails, self._lasts = fails, lasts

    async def run(self) -> None:
        self.calls += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self._lasts)
            if self._fails:
                raise ValueError("invented")
        finally:
            self.running -= 1

    async def reached(self, calls: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.calls < calls:  # noqa: ASYNC110  a plain counter tells no event
                await asyncio.sleep(0.01)


async def test_jobs_tick_and_a_failing_one_ticks_on(caplog: pytest.LogCaptureFixture) -> None:
    good, bad = Counter(), Counter(fails=True)
    ticker = Clockwork([Job(name="good", every=SOON, run=good.run), Job(name="bad", every=SOON, run=bad.run)])
    ticker.start()
    try:
        await good.reached(3)
        await bad.reached(3)
    finally:
        ticker.stop()
    failures = [one for one in caplog.records if one.name == "scheduler.clockwork"]
    assert {one.getMessage() for one in failures} == {"job failed"}
    assert len(failures) >= 2


async def test_a_slow_job_never_runs_beside_itself() -> None:
    slow = Counter(lasts=0.1)
    ticker = Clockwork([Job(name="slow", every=SOON, run=slow.run)])
    ticker.start()
    try:
        await slow.reached(3)
    finally:
        ticker.stop()
    assert slow.most == 1


async def test_after_stopping_nothing_runs() -> None:
    counter = Counter(lasts=0.05)
    ticker = Clockwork([Job(name="one", every=SOON, run=counter.run)])
    ticker.start()
    await counter.reached(1)
    ticker.stop()
    await asyncio.sleep(0)
    seen = counter.calls
    await asyncio.sleep(0.2)
    assert (counter.calls, counter.running) == (seen, 0)
