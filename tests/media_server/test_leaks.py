"""Nothing of those who left stays: no task, no socket, no session, no memory."""

from __future__ import annotations

import asyncio
import gc
import math
from collections import deque
from dataclasses import dataclass

import aiohttp
import psutil
import pytest
from livekit import api
from livekit.protocol import models, rtc

from bench.media import servers
from media_server.hall import Hall
from media_server.layers import Layer
from media_server.room import Room
from media_server.testing import RunningServer, running_server
from media_server.transport import PeerTransport
from tests.media_server.people import People, Reachable, token, until
from tests.media_server.present import RECEIVING, SILENT, Present

AT_ONCE = 10
WARM_UP = 200  # people, after whom memory is as large as it will be
MOST_GROWN = (
    12 << 20
)  # bytes: 12 KiB for each of 1,000, a tenth of what one who is there takes; it varies by 7 MB
HOLDERS = (dict, list, set, tuple, deque)


@dataclass(frozen=True, slots=True)
class _Process:
    """A server in a process of its own."""

    url: str
    key: str = servers.KEY
    secret: str = servers.SECRET


async def _come_and_go(server: Reachable, count: int) -> None:
    for round_ in range(math.ceil(count / AT_ONCE)):
        async with People(server, single=round_ % 2 == 0) as people:
            clients = await asyncio.gather(*(people.join("họp", f"đ/c {each}") for each in range(AT_ONCE)))
            await people.speak(clients[0])
            await until(lambda: all(len(each.room.remote_participants) == AT_ONCE - 1 for each in clients))  # noqa: B023 - awaited here
        await _emptied(server)


async def _emptied(server: Reachable) -> None:
    everybody = api.ListParticipantsRequest(room="họp")
    async with api.LiveKitAPI(server.url, server.key, server.secret) as lk, asyncio.timeout(30):
        while (await lk.room.list_participants(everybody)).participants:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.03)


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


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("count", [1000])
async def test_the_memory_of_those_who_came_and_went_is_used_again(count: int) -> None:
    """The server is alone in its process: what the clients' SDK keeps is not counted."""
    with servers.running(servers.EMBEDDED) as running:
        server, process = _Process(running.url), psutil.Process(running.pid)
        await _come_and_go(server, WARM_UP)
        before = await servers.held(process)
        await _come_and_go(server, count)
        assert await servers.held(process) - before < MOST_GROWN


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


@pytest.mark.parametrize(
    "single", [True, pytest.param(False, marks=pytest.mark.long)], ids=["single", "dual"]
)
async def test_tracks_that_ended_leave_nothing_with_who_goes_on_listening(*, single: bool) -> None:
    async with running_server() as server:
        hall = server.server.hall
        room = hall.create(api.CreateRoomRequest(name="họp"))
        binh = Present(hall, room, "bình", single=single)
        if single:
            binh.offer(RECEIVING)
        sizes = []
        for turn in range(200):
            _speak_and_go(hall, room, binh, turn)
            if turn in (20, 199):
                sizes.append(_entries(binh.me.downlink, room))
        layers = [each for each in gc.get_objects() if isinstance(each, Layer)]
        assert (len(layers), sizes[1]) == (0, sizes[0])


def _speak_and_go(hall: Hall, room: Room, listener: Present, turn: int) -> None:
    """Somebody comes, publishes twice, is heard and goes."""
    an = Present(hall, room, f"an {turn}", single=turn % 2 == 0)
    for _ in range(2):
        an.speak()
        listener.negotiate()
        for number in range(3):
            an.sound(number)
            listener.report()
        [subscription] = listener.me.downlink.subscriptions.values()
        assert subscription.feed.layer is not None
        an.offer(SILENT)
        listener.negotiate()
    room._board.update(room.participants.values(), 0.0)
    room.leave(an.me, models.DisconnectReason.CLIENT_INITIATED)
    listener.negotiate()


def _entries(*roots: object) -> int:
    """How many entries all containers have that are reachable within the server's own objects."""
    gc.collect()
    seen, waiting, count = set[int](), list(roots), 0
    while waiting:
        each = waiting.pop()
        own = type(each).__module__.startswith("media_server")
        if (
            id(each) in seen
            or isinstance(each, PeerTransport | Hall)
            or not (own or isinstance(each, HOLDERS))
        ):
            continue
        seen.add(id(each))
        count += len(each) if isinstance(each, HOLDERS) else 0
        waiting += gc.get_referents(each)
    return count


async def _knock(session: aiohttp.ClientSession, server: RunningServer, count: int) -> None:
    for number in range(count):
        params = {"access_token": token(server, "họp", f"kẻ lạ {number}")}
        async with session.ws_connect(f"{server.url}/rtc", params=params) as ws:
            await ws.receive()
            await ws.send_bytes(rtc.SignalRequest(leave=rtc.LeaveRequest()).SerializeToString())
    await until(lambda: not server.server.hall.rooms["họp"].participants)
