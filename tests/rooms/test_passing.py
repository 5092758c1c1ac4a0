"""Signalling through the application: what goes through, what does not, and who is told which address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer, make_mocked_request
from yarl import URL

from meetings.rooms.passing import PATH, Passing, seen_from


@dataclass
class Far:
    """A media server that says back what it hears, and which question it was asked."""

    asked: list[str] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)

    async def rtc(self, request: web.Request) -> web.StreamResponse:
        """Takes who shows the ticket "good"."""
        self.asked.append(request.raw_path)
        if request.query.get("access_token") != "good":
            return web.Response(status=401, text="no")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data == "bye":
                await socket.close(code=4001)
            elif message.type is WSMsgType.BINARY:
                await socket.send_bytes(message.data[::-1])
            else:
                await socket.send_str(str(message.data))
        self.heard.append(socket.close_code or 0)
        return socket

    async def validate(self, request: web.Request) -> web.Response:
        """Why not."""
        self.asked.append(request.raw_path)
        return web.Response(status=401, text="ticket is over")


@pytest.fixture
async def far() -> Far:
    return Far()


@pytest.fixture
async def near(far: Far) -> AsyncIterator[str]:
    """The address of the application's door."""
    behind, front = web.Application(), web.Application()
    behind.add_routes([web.get("/rtc", far.rtc), web.get("/rtc/validate", far.validate)])
    behind.add_routes([web.get("/admin", far.validate)])
    server = TestServer(behind)
    await server.start_server()
    front.add_routes(Passing(lambda: str(server.make_url("")).rstrip("/")).routes())
    door = TestServer(front)
    await door.start_server()
    yield str(door.make_url("")).rstrip("/") + PATH
    await door.close()
    await server.close()


async def test_messages_go_both_ways_as_they_are(near: str, far: Far) -> None:
    async with ClientSession() as http:
        async with http.ws_connect(URL(f"{near}/rtc?access_token=good&a=%2F%20x", encoded=True)) as socket:
            await socket.send_bytes(b"\x00\x01\x02")
            assert await socket.receive_bytes() == b"\x02\x01\x00"
            await socket.send_str("chào")
            assert await socket.receive_str() == "chào"
            big = bytes(500_000)
            await socket.send_bytes(big)
            assert await socket.receive_bytes() == big
        for _ in range(50):
            if far.heard:
                break
            await asyncio.sleep(0.05)
    assert far.heard == [1000]
    assert far.asked == ["/rtc?access_token=good&a=%2F%20x"]


async def test_the_end_of_the_media_server_ends_the_socket_with_its_code(near: str) -> None:
    async with ClientSession() as http, http.ws_connect(f"{near}/rtc?access_token=good") as socket:
        await socket.send_str("bye")
        assert (await socket.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
        assert socket.close_code == 4001


async def test_a_refusal_keeps_its_status_and_its_reason_can_be_asked(near: str) -> None:
    async with ClientSession() as http:
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect(f"{near}/rtc?access_token=bad")
        assert refused.value.status == 401
        async with http.get(f"{near}/rtc/validate?access_token=bad") as answer:
            assert (answer.status, await answer.text()) == (401, "ticket is over")


_ELSE = ("/admin", "/rtc/../admin", "/rtc%2F..%2Fadmin", "/twirp/livekit.RoomService/ListRooms")


@pytest.mark.parametrize("path", _ELSE)
async def test_nothing_else_goes_through(near: str, far: Far, path: str) -> None:
    async with ClientSession() as http, http.get(near + path) as answer:
        assert answer.status == 404
    assert far.asked == []


async def test_a_whole_address_in_the_request_leads_nowhere_else(near: str, far: Far) -> None:
    door = URL(near)
    reader, writer = await asyncio.open_connection(door.host, door.port)
    asked = f"GET http://elsewhere.example{PATH}/rtc/validate?a=%2F HTTP/1.1"
    writer.write(f"{asked}\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n".encode())
    assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
    writer.close()
    assert far.asked == ["/rtc/validate?a=%2F"]


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:9"])
async def test_without_a_media_server_it_says_so(address: str) -> None:
    front = web.Application()
    front.add_routes(Passing(lambda: address).routes())
    door = TestServer(front)
    await door.start_server()
    async with ClientSession() as http:
        for kind in ("/rtc", "/rtc/v1"):
            with pytest.raises(WSServerHandshakeError) as refused:
                await http.ws_connect(str(door.make_url(PATH + kind)))
            assert refused.value.status == 503
        async with http.get(str(door.make_url(f"{PATH}/rtc/validate"))) as answer:
            assert answer.status == 503
    await door.close()


_PLAIN, _SAFE = "http://192.168.1.5:7880", "wss://livekit.example.vn"


@pytest.mark.parametrize(
    ("scheme", "public", "address", "seen"),
    [
        ("https", "", _PLAIN, "https://hall:8443/media"),
        ("https", "", "", ""),
        ("https", "", _SAFE, _SAFE),
        ("http", "", _PLAIN, _PLAIN),
        ("http", "https://hop.example.vn/", _PLAIN, "https://hop.example.vn/media"),
        ("http", "http://127.0.0.1:8080", _PLAIN, _PLAIN),
    ],
)
def test_who_came_by_https_is_sent_through(scheme: str, public: str, address: str, seen: str) -> None:
    request = make_mocked_request("GET", "/", headers={"Host": "hall:8443"}).clone(scheme=scheme)

    assert seen_from(request, address, public) == seen
