"""Floods of a few seconds, while two people talk: they go on hearing each other."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Callable

import aiohttp

from media_server.config import Limits
from media_server.testing import RunningServer, running_server
from tests.media_server.people import People, until
from tests.media_server.strangers import check, framed

SECONDS = 2.0
LIMITS = Limits(joins_at_once=60, joins_per_s=5)


async def _flood(server: RunningServer, datagram: Callable[[], bytes]) -> int:
    """As fast as this process can beside the two clients."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    address, sent, end = server.server.mux.addresses()[0], 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        for _ in range(50):
            sock.sendto(datagram(), address)
            sent += 1
        await asyncio.sleep(0)
    sock.close()
    return sent


async def test_people_hear_each_other_through_floods() -> None:
    chance = random.Random(7)
    strange = check("nobodyxx", "x" * 24)
    async with running_server(auto_create=True, limits=LIMITS) as server:
        people = People(server)
        an, binh = [await people.join("họp", each) for each in ("an", "bình")]
        await people.speak(an)
        await until(lambda: binh.heard("an", 440.0))
        session = server.server.hall.rooms["họp"].participants["bình"].downlink.transport.ice
        forged = check(session.current.ufrag, "x" * 24)
        kinds = (lambda: strange, lambda: forged, lambda: b"\x80" + chance.randbytes(200))
        for kind in kinds:
            binh.samples["an"].clear()
            assert await _flood(server, kind) > 1000
            assert binh.heard("an", 440.0, seconds=0.5)
            assert not binh.seen("reconnecting")
        traffic = server.server.mux.traffic
        assert traffic.strangers > 1000
        await people.close()


async def test_connections_by_the_hundred_do_not_keep_anybody_out() -> None:
    async with running_server(auto_create=True, limits=LIMITS) as server:
        people = People(server)
        an = await people.join("họp", "an")
        await people.speak(an)
        host, port = server.server.mux.door.addresses()[0]
        idle = [await asyncio.open_connection(host, port) for _ in range(200)]
        for _, writer in idle[:100]:
            writer.write(framed(b"\x16nothing"))
        async with aiohttp.ClientSession() as session:
            statuses = []
            for _ in range(100):
                async with session.get(f"{server.url}/rtc/validate") as response:
                    statuses.append(response.status)
        assert statuses.count(401) >= 40
        assert statuses.count(429) >= 30, "a flood of joins is refused before tokens are read"
        assert len(server.server.mux.door.connections) <= 64 + 2
        await asyncio.sleep(0.5)
        binh = await people.join("họp", "bình")
        await until(lambda: binh.heard("an", 440.0))
        for _, writer in idle:
            writer.close()
        await people.close()
