"""While a PDF, a signature or a key is being made, others write: nothing holds the database meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import pytest

from meetings.kernel.ids import new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.ports import Workshop
from meetings.minutes.service import MinutesService, SigningKeys
from tests.attendance.world import SECRETARY
from tests.browser import Browser, Said, browsing
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Gate:
    """A workshop that begins to work only when it is let."""

    inner: Workshop
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """See Workshop."""
        self.begun.set()
        await self.go.wait()
        return await self.inner.do(work, *args, **kwargs)

    async def close(self) -> None:
        """See Workshop."""
        await self.inner.close()


@pytest.fixture
def gate(workshop: Workshop) -> Gate:
    return Gate(workshop)


@pytest.fixture
async def browser(cell: Cell, gate: Gate) -> AsyncIterator[Browser]:
    units = cell.world.units
    keys = SigningKeys(units, gate, INSTALLATION)
    minutes = MinutesService(units, gate, keys, form=FORM, timestamp_url=None)
    async with browsing(cell.world, MinutesHandlers(minutes).endpoints()) as made:
        yield made


async def somebody_writes(cell: Cell, meeting_cell: str) -> None:
    """An act in the very cell whose minutes are being made."""
    async with asyncio.timeout(60), cell.world.units.begin() as uow:
        await record(uow, Act(cell=meeting_cell, name="test.act", actor=cell.world.asks("o3").person))


async def at_work(gate: Gate, asking: Callable[[], asyncio.Task[Said]]) -> asyncio.Task[Said]:
    """The request, stopped in the middle of its slow part."""
    gate.begun.clear()
    gate.go.clear()
    task = asking()
    async with asyncio.timeout(60):
        await gate.begun.wait()
    return task


@pytest.mark.parametrize("act", ["approve", "signatures", "signing-key"])
async def test_others_write_while_slow_work_is_done_under_a_key(
    cell: Cell, browser: Browser, gate: Gate, minutes: MinutesService, act: str
) -> None:
    sitting = (await cell.november()).sitting
    base = f"/meetings/{sitting.id}/minutes"
    if act == "signatures":
        await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    path, who, body = {
        "approve": (f"{base}/approve", SECRETARY, {}),
        "signatures": (f"{base}/signatures", RECORDER, {"role": "recorder", "passphrase": PASSPHRASE}),
        "signing-key": ("/me/signing-key", RECORDER, {"passphrase": PASSPHRASE}),
    }[act]
    key = new_id()
    asked = [browser.post(path, who, body, key=key) for _ in range(2)]  # an impatient phone sends twice
    task = await at_work(gate, lambda: asyncio.ensure_future(asked[0]))
    twin = asyncio.ensure_future(asked[1])
    await somebody_writes(cell, sitting.cell)
    assert not task.done()
    gate.go.set()
    first, second = await task, await twin
    assert (first.status, second.body) == (200, first.body)
    assert (await browser.post(path, who, body, key=key)).body == first.body
    assert (await browser.post(path, who, {**body, "x": 1}, key=key)).code == (409, "key-reused")


async def test_minutes_that_moved_meanwhile_are_refused_and_may_be_approved_again(
    cell: Cell, browser: Browser, gate: Gate
) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    key = new_id()
    approve = browser.post(f"{base}/approve", SECRETARY, key=key)
    task = await at_work(gate, lambda: asyncio.ensure_future(approve))
    item = (await browser.get(base, SECRETARY)).json["minutes"]["facts"]["items"][0]["id"]
    words = {"words": "Đồng chí A phát biểu."}
    assert (await browser.ask("PUT", f"{base}/texts/{item}", RECORDER, words, key=new_id())).status == 200
    gate.go.set()
    assert (await task).code == (409, "minutes-moved")
    assert (await browser.post(f"{base}/approve", SECRETARY, key=key)).status == 200
