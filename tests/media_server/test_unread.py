"""Clients that write much or read nothing on their signal connection."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from urllib.parse import urlsplit

import aiohttp
import pytest
from livekit import api
from livekit.protocol import rtc

from media_server.config import Limits
from media_server.signal import BURST, BYTES, FASTEST_S, Pace
from media_server.testing import RunningServer, running_server
from tests.media_server.people import token, until

CUT_OFF = "signal queue full, client cut off"


async def _deaf(server: RunningServer, identity: str) -> socket.socket:
    """A signal connection whose owner never reads, not even the answer to its request."""
    parts = urlsplit(server.url)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, (parts.hostname, parts.port))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        *(f"GET /rtc?access_token={token(server, 'họp', identity)} HTTP/1.1", f"Host: {parts.netloc}"),
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        *(f"Sec-WebSocket-Key: {key}", "", ""),
    )
    await loop.sock_sendall(sock, "\r\n".join(head).encode())
    return sock


async def test_who_does_not_read_is_cut_off_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async with running_server(auto_create=True, limits=Limits(signal_queue=20)) as server:
        sock = await _deaf(server, "điếc")
        rooms = server.server.hall.rooms
        await until(lambda: "họp" in rooms and "điếc" in rooms["họp"].participants)
        deaf = rooms["họp"].participants["điếc"]
        link = deaf.link
        assert link is not None
        news = rtc.SignalResponse(refresh_token="x" * 500_000).SerializeToString()
        async with asyncio.timeout(5):
            while deaf.link is not None:
                link.send(news)
                await asyncio.sleep(0.01)
        assert server.server.admission.connections() == 0
        for _ in range(100):
            link.send(news)
        assert [each.getMessage() for each in caplog.records].count(CUT_OFF) == 1
        sock.close()


def test_a_client_is_slowed_down_by_number_and_by_size() -> None:
    pace = Pace(0.0)
    assert [pace.after(100, 0.0) for _ in range(BURST // 2)] == [0.0] * (BURST // 2)
    now = 0.0
    for _ in range(10_000):
        now += pace.after(100, now)
    assert now == pytest.approx((10_000 - BURST / 2) * (1 + 100 / BYTES) * FASTEST_S, rel=0.1)
    pace, now = Pace(0.0), 0.0
    for _ in range(50):
        now += pace.after(1 << 20, now)
    assert now >= (50 * (1 << 20) / BYTES - BURST) * FASTEST_S


async def test_a_token_with_much_metadata_comes_in_the_header(server: RunningServer) -> None:
    made = api.AccessToken(server.key, server.secret).with_identity("an").with_metadata("đ" * 10_000)
    first = made.with_grants(api.VideoGrants(room_join=True, room="họp")).to_jwt()
    assert len(first) > 20_000
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {first}"}
        async with session.ws_connect(f"{server.url}/rtc", headers=headers) as ws:
            later = ""
            while not later:
                later = rtc.SignalResponse.FromString((await ws.receive(timeout=10)).data).refresh_token
        headers = {"Authorization": f"Bearer {later}"}
        async with session.get(f"{server.url}/rtc/validate", headers=headers) as response:
            assert response.status == 200
