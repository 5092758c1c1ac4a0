"""The embedded media server as a child: it starts, comes back where it was, and never outlives its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from meetings.kernel.clock import SystemClock
from meetings.kernel.ids import new_id
from meetings.rooms.child import ChildPlan, MediaChild, MediaServerFailed
from meetings.rooms.gateway import LiveKitGateway
from meetings.rooms.rules import room_name

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40.0
PLAN = ChildPlan(
    key="testkey",
    secret="a secret for tests only, long enough for HS256",
    host="127.0.0.1",
    port=0,
    rtc_addresses=["127.0.0.1"],
    rtc_port=0,
    webhook_url="http://127.0.0.1:9/none",
)
PARENT = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from tests.rooms.test_child import PLAN
from meetings.rooms.child import MediaChild

async def main():
    child = MediaChild(PLAN)
    await child.start()
    print(child.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def eventually(ask: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await ask():  # noqa: ASYNC110  another process tells no event
            await asyncio.sleep(0.05)


async def listens(url: str) -> bool:
    """Whether anybody takes connections there."""
    parts = urlsplit(url)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def serves(url: str) -> bool:
    """Whether it answers as a media server that knows our key."""
    gateway = LiveKitGateway(address=lambda: url, key=PLAN.key, secret=PLAN.secret, clock=SystemClock())
    try:
        await gateway.create_room(room_name(new_id()), most=3)
        return await gateway.seats(room_name(new_id())) == ()
    finally:
        await gateway.close()


@pytest.fixture
async def child() -> AsyncIterator[MediaChild]:
    made = MediaChild(PLAN)
    await made.start()
    yield made
    await made.stop()


async def test_it_serves_and_ends_when_told(child: MediaChild) -> None:
    assert await serves(child.url)
    await child.stop()
    assert not await listens(child.url)


async def test_killed_it_comes_back_on_the_same_port(child: MediaChild) -> None:
    url, first = child.url, child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    async def back() -> bool:
        return child.pid != first and await listens(url)

    await eventually(back)
    assert child.url == url
    assert await serves(url)


async def test_several_processes_serve_as_one(tmp_path: Path) -> None:
    file = tmp_path / "media" / "webhooks.sqlite"
    child = MediaChild(replace(PLAN, processes=2, webhook_file=file))
    await child.start()
    assert await serves(child.url)
    assert sorted(each.name for each in file.parent.glob("*.sqlite")) == [
        "webhooks-0.sqlite",
        "webhooks-1.sqlite",
    ]
    await child.stop()
    assert not await listens(child.url)


async def test_a_taken_port_is_a_typed_failure(child: MediaChild) -> None:
    other = MediaChild(replace(PLAN, port=urlsplit(child.url).port or 0))
    with pytest.raises(MediaServerFailed):
        await other.start()
    assert await serves(child.url)


async def test_it_does_not_outlive_a_killed_parent() -> None:

    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(ROOT), stdout=subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    url = (await asyncio.wait_for(parent.stdout.readline(), PATIENCE_S)).decode().strip()
    assert await listens(url)
    parent.kill()
    await parent.wait()

    async def gone() -> bool:
        return not await listens(url)

    await eventually(gone)
