"""Hostile peers on the wire: the meeting goes on, and nothing of them stays."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import logging
import random
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest
from livekit.protocol import rtc

from media_server.signal import MOST_MALFORMED
from media_server.testing import RunningServer
from tests.media_server.hostile import OFFER, PARSERS
from tests.media_server.people import Client, People, token, until
from tests.media_server.strangers import check, framed, intruder

ROUNDS = 300


@pytest.fixture(autouse=True)
def _no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing of a hostile peer is a failure of the server."""
    yield
    told = [*caplog.get_records("setup"), *caplog.get_records("call")]
    servers = [each for each in told if each.name != "livekit"]  # what the clients' SDK says of itself
    assert [each.getMessage() for each in servers if each.levelno >= logging.ERROR] == []


@asynccontextmanager
async def undisturbed(people: People) -> AsyncIterator[None]:
    """A call under way, which is still one after the block."""
    an, binh = await people.join("họp", "an"), await people.join("họp", "bình")
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    yield
    binh.samples["an"].clear()
    await until(lambda: binh.heard("an", 440.0))
    assert _undisturbed(an) and _undisturbed(binh)


def _undisturbed(client: Client) -> bool:
    return not (client.seen("reconnecting") or client.seen("disconnected"))


def _mangled(chance: random.Random, samples: Iterable[bytes], count: int) -> Iterable[bytes]:
    pool = list(samples)
    for _ in range(count):
        body = bytearray(chance.choice(pool))
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
            body = body or bytearray(b"\x00")
        yield bytes(body)


async def test_mangled_and_oversized_datagrams(people: People, server: RunningServer) -> None:
    chance = random.Random(3)
    samples = [sample for name in ("STUN", "RTP", "RTCP") for sample in PARSERS[name].samples]
    async with undisturbed(people), intruder(server, "họp") as (sock, address):
        known = list(server.server.hall.rooms["họp"].participants["an"].uplink.transport.ice.known)
        samples += [check(each.ufrag, "wrong" * 5) for each in known]
        for number, body in enumerate(_mangled(chance, samples, ROUNDS)):
            sock.sendto(body, address)
            if number % 25 == 0:
                sock.sendto(
                    bytes([chance.choice((0, 22, 128, 200))]) * chance.choice((1501, 9000, 60_000)), address
                )
                await asyncio.sleep(0)


async def test_mangled_frames_over_tcp(people: People, server: RunningServer) -> None:
    chance = random.Random(4)
    async with undisturbed(people):
        of_friends = len(server.server.mux.door.connections)
        for body in _mangled(chance, [framed(check("none", "x" * 22)), b"GET / HTTP/1.1\r\n\r\n"], 40):
            address = server.server.mux.door.addresses()[0]
            _, writer = await asyncio.open_connection(*address)
            writer.write(body)
            writer.write(framed(bytes(2000)) * 3)
            writer.close()
        await until(lambda: len(server.server.mux.door.connections) <= of_friends)


async def test_mangled_requests_on_a_signal_connection(people: People, server: RunningServer) -> None:
    chance = random.Random(5)
    add = rtc.AddTrackRequest(cid="t", type="AUDIO")
    good = [
        rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=OFFER)),
        rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp=OFFER, id=1)),
        rtc.SignalRequest(add_track=add),
        rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid="TR_x", muted=True)),
        rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=["TR_x"], subscribe=True)),
        rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name="kẻ lạ", metadata="x" * 90_000)),
        rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_x"] * 2000)),
        rtc.SignalRequest(ping_req=rtc.Ping(timestamp=-1, rtt=1 << 62)),
    ]
    params = {"access_token": token(server, "họp", "kẻ lạ")}
    async with (
        undisturbed(people),
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/rtc", params=params) as ws,
    ):
        whole = [each.SerializeToString() for each in good]
        for body in _mangled(chance, whole, MOST_MALFORMED - 1):
            await ws.send_bytes(body)
        await ws.send_str("không phải nhị phân")
        await ws.send_bytes(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=77)).SerializeToString())
        await _ponged(ws, 77)
        for body in _mangled(chance, whole, ROUNDS):
            with contextlib.suppress(ConnectionError):  # it is closed after too many
                await ws.send_bytes(body)
        await _ended(ws)
        assert ws.close_code == aiohttp.WSCloseCode.INVALID_TEXT


async def _ponged(ws: aiohttp.ClientWebSocketResponse, timestamp: int) -> None:
    async with asyncio.timeout(10):
        while True:
            response = rtc.SignalResponse.FromString((await ws.receive()).data)
            if response.pong_resp.last_ping_timestamp == timestamp:
                return


async def _ended(ws: aiohttp.ClientWebSocketResponse) -> None:
    async with asyncio.timeout(10):
        while not ws.closed:
            await ws.receive()


async def test_slow_askers(people: People, server: RunningServer) -> None:
    parts = urlsplit(server.url)
    beginnings = (
        b"",
        b"G",
        b"GET /rtc HTTP/1.1\r\nHost: x\r\n",
        b"POST /twirp/livekit.RoomService/ListRooms HTTP/1.1",
    )
    writers = []
    async with undisturbed(people):
        for number in range(200):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(beginnings[number % len(beginnings)])
            writers.append(writer)
        late = await people.join("họp", "chi")
        await until(lambda: late.heard("an", 440.0))
    for writer in writers:
        writer.close()
    await asyncio.gather(*(each.wait_closed() for each in writers), return_exceptions=True)


async def test_a_gzip_bomb_in_a_join(server: RunningServer) -> None:
    bomb = gzip.compress(bytes(64 << 20), compresslevel=9, mtime=0)
    request = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=bomb)
    params = {
        "access_token": token(server, "họp", "an"),
        "join_request": base64.urlsafe_b64encode(request.SerializeToString()).decode(),
    }
    process = psutil.Process()
    before = process.memory_info().rss
    async with aiohttp.ClientSession() as session:
        for path in ("/rtc/v1", "/rtc/v1/validate"):
            async with session.get(server.url + path, params=params) as response:
                assert (response.status, await response.text()) == (400, "join request too large or cut off")
    assert process.memory_info().rss - before < 32 << 20


@pytest.mark.parametrize("path", ["/twirp/livekit.RoomService/CreateRoom"])
async def test_gzip_bombs(server: RunningServer, path: str) -> None:
    admin = {"Authorization": f"Bearer {token(server, 'họp', 'an', room_create=True)}"}
    bomb = gzip.compress(bytes(128 << 20), compresslevel=9, mtime=0)
    process = psutil.Process()
    before = process.memory_info().rss
    async with aiohttp.ClientSession(headers=admin) as session:
        headers = {"Content-Type": "application/protobuf", "Content-Encoding": "gzip"}
        async with session.post(server.url + path, data=bomb, headers=headers) as response:
            assert response.status in (400, 413)
        async with session.get(server.url + "/healthz") as response:
            assert response.status == 200
    assert process.memory_info().rss - before < 64 << 20


async def test_nothing_of_them_stays(server: RunningServer) -> None:
    async with People(server) as people:
        tasks, files = len(asyncio.all_tasks()), psutil.Process().num_fds()
        async with undisturbed(people), intruder(server, "họp") as (sock, address):
            for _ in range(200):
                sock.sendto(socket.inet_aton("127.0.0.1") * 30, address)
    await until(lambda: not server.server.hall.rooms["họp"].participants)
    await until(lambda: server.server.mux.sessions() == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks + 2 and psutil.Process().num_fds() <= files + 12)
