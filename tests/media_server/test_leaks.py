"""Nothing of those who left stays: no task, no socket, no session, no memory."""

from __future__ import annotations

import asyncio
import gc
import math

import aiohttp
import psutil
import pytest
from livekit.protocol import rtc

from media_server.testing import RunningServer, running_server
from tests.media_server.people import People, token, until

AT_ONCE = 10


async def _come_and_go(server: RunningServer, count: int) -> None:
    for round_ in range(math.ceil(count / AT_ONCE)):
        people = People(server, single=round_ % 2 == 0)
        clients = await asyncio.gather(*(people.join("họp", f"đ/c {each}") for each in range(AT_ONCE)))
        await people.speak(clients[0])
        await until(lambda: all(len(each.room.remote_participants) == AT_ONCE - 1 for each in clients))  # noqa: B023 - awaited here
        await people.close()
        await until(lambda: not server.server.hall.rooms["họp"].participants)


async def _left_behind(server: RunningServer, tasks: int, files: int) -> None:
    await until(lambda: server.server.mux.sessions() == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks + 2)
    await until(lambda: psutil.Process().num_fds() <= files + 12)


@pytest.mark.parametrize("count", [30, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
async def test_people_come_and_go_and_leave_nothing_behind(count: int) -> None:
    async with running_server(auto_create=True) as server:
        await _come_and_go(server, AT_ONCE)  # warm
        tasks, files = len(asyncio.all_tasks()), psutil.Process().num_fds()
        await _come_and_go(server, count)
        await _left_behind(server, tasks, files)


async def test_joins_that_never_go_on_leave_no_memory() -> None:
    """The server's own memory: its clients here are bare signal connections."""
    async with running_server(auto_create=True) as server, aiohttp.ClientSession() as session:
        await _knock(session, server, 50)
        gc.collect()
        before = psutil.Process().memory_info().rss
        await _knock(session, server, 150)
        gc.collect()
        assert psutil.Process().memory_info().rss - before < 24 << 20
        await until(lambda: server.server.mux.sessions() == 0)


async def _knock(session: aiohttp.ClientSession, server: RunningServer, count: int) -> None:
    for number in range(count):
        params = {"access_token": token(server, "họp", f"kẻ lạ {number}")}
        async with session.ws_connect(f"{server.url}/rtc", params=params) as ws:
            await ws.receive()
            await ws.send_bytes(rtc.SignalRequest(leave=rtc.LeaveRequest()).SerializeToString())
    await until(lambda: not server.server.hall.rooms["họp"].participants)
