from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aioice import stun
from livekit.protocol import rtc as wire

from media_server.testing import Lossy, RunningServer
from media_server.transport import is_rtcp, missing_names
from tests.media_server.people import People, token, until


def test_the_pinned_libraries_have_all_names() -> None:
    assert missing_names() == []


def test_rtcp_is_told_from_rtp() -> None:
    assert is_rtcp(b"\x80\xc8") and is_rtcp(b"\x80\xcd")
    assert not is_rtcp(b"\x80\x6f") and not is_rtcp(b"\x80\xe0") and not is_rtcp(b"\x80")


async def test_video_survives_loss_by_asking_again(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    lossy = Lossy(server.server.hall.rooms["họp"].participants["bình"], every=7)
    await people.show(an)
    await until(lambda: len(binh.seen("frame")) >= 60)
    assert lossy.dropped >= 5


@asynccontextmanager
async def _intruder(server: RunningServer, room: str) -> AsyncIterator[tuple[socket.socket, tuple[str, int]]]:
    """A socket with a valid ICE path, from a client that never completes its handshake."""
    params = {"access_token": token(server, room, "kẻ lạ")}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/rtc", params=params) as ws,
    ):
        offer = ""
        while not offer:
            offer = wire.SignalResponse.FromString((await ws.receive()).data).offer.sdp
        lines = dict(
            line[2:].split(":", 1)
            for line in offer.splitlines()
            if line.startswith("a=ice-"[:6]) and ":" in line
        )
        answer = (
            "m=application 9 UDP/DTLS/SCTP x\r\na=mid:0\r\na=setup:active\r\na=fingerprint:sha-256 00\r\n"
        )
        reply = wire.SignalRequest(answer=wire.SessionDescription(type="answer", sdp=answer))
        await ws.send_bytes(reply.SerializeToString())
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{lines['ice-ufrag']}:x"
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(lines["ice-pwd"].encode())
        address = server.server.mux.addresses()[0]
        sock.sendto(bytes(message), address)
        yield sock, address
        sock.close()


async def test_garbage_harms_nobody(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    chance = random.Random(7)
    async with _intruder(server, "họp") as (sock, address):
        for number in range(2000):
            first = chance.choice([0, 1, 20, 22, 23, 63, 128, 144, 191, 255])
            sock.sendto(bytes([first]) + chance.randbytes(chance.randrange(0, 1600)), address)
            if number % 50 == 0:
                await asyncio.sleep(0)
        binh.samples.clear() if not binh.samples else binh.samples["an"].clear()
        await until(lambda: binh.heard("an", 440.0))


async def test_big_messages_pass_and_bigger_ones_do_not(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    body = os.urandom(15_000)
    for _ in range(20):
        await an.room.local_participant.publish_data(body, reliable=True)
    await until(lambda: len(binh.seen("data_received")) == 20)
    assert all(each.data == body for each in binh.seen("data_received"))
