from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from media_server.http_door import HttpDoor


async def _answer(_: web.Request) -> web.Response:
    return web.Response(text="OK")


@pytest.fixture
async def door() -> AsyncIterator[HttpDoor]:
    made = HttpDoor(4, first_request_within_s=0.3)
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


async def test_there_are_only_so_many_connections(door: HttpDoor) -> None:
    port = await _open(door)
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
    await asyncio.sleep(0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await _ended(reader)
    assert door.connections() == 4
    for _, each in (*held, (reader, writer)):
        each.close()
