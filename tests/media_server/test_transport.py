from __future__ import annotations

import asyncio
import os
import random

import pytest

from media_server import transport
from media_server.config import Limits
from media_server.srtp import is_rtcp
from media_server.testing import Lossy, RunningServer, running_server
from media_server.transport import missing_names
from tests.media_server.people import People, until
from tests.media_server.strangers import intruder


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


async def test_garbage_harms_nobody(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    chance = random.Random(7)
    async with intruder(server, "họp") as (sock, address):
        for number in range(2000):
            first = chance.choice([0, 1, 20, 22, 23, 63, 128, 144, 191, 255])
            sock.sendto(bytes([first]) + chance.randbytes(chance.randrange(0, 1600)), address)
            if number % 50 == 0:
                await asyncio.sleep(0)
        binh.forget()
        await until(lambda: binh.heard("an", 440.0))


async def test_big_messages_pass_and_bigger_ones_do_not(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    body = os.urandom(15_000)
    for _ in range(20):
        await an.room.local_participant.publish_data(body, reliable=True)
    await until(lambda: len(binh.seen("data_received")) == 20)
    assert all(each.data == body for each in binh.seen("data_received"))


async def test_a_handshake_that_does_not_go_on_loses_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HANDSHAKE_WITHIN_S", 0.5)
    async with (
        running_server(auto_create=True, limits=Limits(handshakes=1)) as server,
        People(server) as people,
    ):
        an = await people.join("họp", "an")
        async with intruder(server, "họp") as (sock, address):
            sock.sendto(b"\x16 the beginning of nothing", address)
            await asyncio.sleep(0.05)
            binh = await people.join("họp", "bình")
            await people.speak(an)
            await until(lambda: binh.heard("an", 440.0))
