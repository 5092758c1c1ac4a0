from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from media_server.http_door import HttpDoor
from tests.media_server.people import until


async def _answer(_: web.Request) -> web.Response:
    return web.Response(text="OK")


@pytest.fixture
async def door() -> AsyncIterator[HttpDoor]:
    made = HttpDoor(4, 2, first_request_within_s=0.3)
    yield made
    await made.close()


async def _open(door: HttpDoor) -> int:
    app = web.Application(middlewares=[door.watch])
    app.add_routes([web.get("/", _answer)])
    return await door.open(app, "127.0.0.1", 0)


async def _ended(reader: asyncio.StreamReader) -> bool:
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            return await reader.read() == b""
    return True


async def test_slow_askers_are_cut_off_and_others_are_served(door: HttpDoor) -> None:
    port = await _open(door)
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    slow[0][1].write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/") as response:
            assert response.status == 200
        for reader, writer in slow:
            assert await _ended(reader)
            writer.close()
        assert door.refused == 3
        async with session.get(f"http://127.0.0.1:{port}/") as response:
            assert response.status == 200, "the kept connection was not cut"


class Line(asyncio.Transport):
    """A connection from anywhere."""

    def __init__(self, host: str) -> None:
        super().__init__({"peername": (host, 5)})
        self.ended = False

    def abort(self) -> None:
        """End."""
        self.ended = True

    def close(self) -> None:
        """End."""
        self.ended = True

    def is_closing(self) -> bool:
        """Whether it ended."""
        return self.ended


def _come(door: HttpDoor, host: str) -> tuple[asyncio.BaseProtocol, Line]:
    protocol, line = door._accept(), Line(host)
    protocol.connection_made(line)
    return protocol, line


async def test_one_address_cannot_take_all_places(door: HttpDoor) -> None:
    await _open(door)
    lines = [_come(door, f"2001:db8::{each}")[1] for each in range(1, 4)]
    assert [each.ended for each in lines] == [False, False, True]
    protocol, line = _come(door, "192.0.2.1")
    assert not line.ended
    assert (door.connections(), door.refused) == (3, 1)
    await asyncio.sleep(0)
    protocol.connection_lost(None)
    await until(lambda: door.connections() == 2)
    assert [_come(door, "192.0.2.1")[1].ended for _ in range(2)] == [False, False]


async def test_proxies_of_this_machine_have_no_bound_of_their_own(door: HttpDoor) -> None:
    await _open(door)
    assert [_come(door, "127.0.0.1")[1].ended for _ in range(4)] == [False] * 4


async def test_there_are_only_so_many_connections(door: HttpDoor) -> None:
    port = await _open(door)
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
    await asyncio.sleep(0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await _ended(reader)
    assert door.connections() == 4
    for _, each in (*held, (reader, writer)):
        each.close()
