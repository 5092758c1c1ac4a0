"""The ticker: at once, again and again, whatever one job does."""

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
    await ticker.stop()
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
    await ticker.stop()
    assert "job failed" in caplog.text


async def test_a_slow_job_never_runs_beside_itself() -> None:
    running, most = 0, 0
    ran = Work()

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1
        await ran.run()

    ticker = Clockwork([Job(name="slow", every=OFTEN, run=slow)])
    ticker.start()
    await ran.reached(3)
    await ticker.stop()
    assert most == 1


async def test_what_runs_has_let_go_when_the_ticker_has_stopped() -> None:
    began, told = asyncio.Event(), []

    async def held() -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)  # a connection goes back
            told.append("let go")

    ticker = Clockwork([Job(name="held", every=NEVER, run=held)])
    ticker.start()
    await began.wait()
    await ticker.stop()
    assert told == ["let go"]
