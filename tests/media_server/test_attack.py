"""Floods of a few seconds, while two people talk: they go on hearing each other."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp

from bench.media.client import Client as LoadClient
from media_server.config import Limits
from media_server.testing import RunningServer, running_server
from media_server.transport import new_certificate
from tests.media_server.people import People, token, until
from tests.media_server.strangers import check, framed

SECONDS = 2.0
PACKETS = 1500  # of one peer in a second
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
    async with running_server(auto_create=True, limits=LIMITS) as server, People(server) as people:
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


async def test_a_member_who_floods_keeps_nobody_waiting() -> None:
    """An authenticated publisher: what is over its cap is dropped, and the rest waits behind nobody else's sound."""
    async with (
        running_server(auto_create=True) as server,
        aiohttp.ClientSession() as http,
        People(server) as people,
    ):
        an, binh = [await people.join("họp", each) for each in ("an", "bình")]
        await people.speak(an)
        flooder = LoadClient(http, new_certificate())
        await asyncio.wait_for(flooder.join(server.url, token(server, "họp", "kẻ lạ")), 20)
        await asyncio.wait_for(flooder.publish({"audio": 77}), 20)
        await until(lambda: binh.heard("an", 440.0))
        mux = server.server.mux
        binh.samples["an"].clear()
        began, sent, before = time.monotonic(), 0, mux.traffic.shed
        while time.monotonic() - began < SECONDS:
            for _ in range(40):
                head = struct.pack("!BBHLL", 0x80, 111, sent & 0xFFFF, sent * 960 & 0xFFFFFFFF, 77)
                sent += flooder.publisher.transport.send_rtp(head + bytes(100))
            await asyncio.sleep(0)
        assert binh.heard("an", 440.0, seconds=0.5)
        assert sent > 2 * PACKETS * SECONDS, "otherwise nothing was flooded"
        theirs = server.server.hall.rooms["họp"].participants["kẻ lạ"].publications.values()
        taken = sum(each.track.packets for each in theirs)
        assert 0 < taken <= PACKETS * (time.monotonic() - began + 1)
        assert mux.traffic.shed > before
        assert not (an.seen("reconnecting") or binh.seen("reconnecting"))
        await flooder.close()


async def test_connections_by_the_hundred_do_not_keep_anybody_out() -> None:
    async with (
        running_server(auto_create=True, limits=LIMITS) as server,
        People(server) as people,
        AsyncExitStack() as stack,
    ):
        an = await people.join("họp", "an")
        await people.speak(an)
        host, port = server.server.mux.door.addresses()[0]
        idle = [await asyncio.open_connection(host, port) for _ in range(200)]
        for _, writer in idle:
            stack.callback(writer.close)
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
