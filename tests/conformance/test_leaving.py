from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from livekit import api
from livekit.protocol import models

from tests.conformance.targets import Target
from tests.media_server.people import People, token, until
from tests.media_server.proxy import proxied

LONE = Path(__file__).parents[1] / "media_server" / "lone_client.py"
GONE_S = 35.0  # the real server waits for ICE to be disconnected and to fail


@pytest.mark.point(15)
async def test_a_second_device_takes_the_place_of_the_first(people: People, room: str) -> None:
    first = await people.join(room, "an")
    second = await people.join(room, "an")
    binh = await people.join(room, "bình")
    await until(lambda: first.seen("disconnected"))
    assert first.seen("disconnected") == [models.DisconnectReason.DUPLICATE_IDENTITY]
    assert binh.room.remote_participants["an"].sid == second.room.local_participant.sid


@pytest.mark.point(16)
async def test_removed_is_told_so(lk: api.LiveKitAPI, people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await lk.room.remove_participant(api.RoomParticipantIdentity(room=room, identity="an"))
    await until(lambda: an.seen("disconnected") and binh.seen("participant_disconnected"))
    assert an.seen("disconnected") == [models.DisconnectReason.PARTICIPANT_REMOVED]


@pytest.mark.point(16)
async def test_a_deleted_room_sends_everybody_away(lk: api.LiveKitAPI, people: People, room: str) -> None:
    both = [await people.join(room, name) for name in ("an", "bình")]
    await lk.room.delete_room(api.DeleteRoomRequest(room=room))
    await until(lambda: all(each.seen("disconnected") for each in both))
    assert {each.seen("disconnected")[0] for each in both} == {models.DisconnectReason.ROOM_DELETED}


@pytest.mark.point(17)
async def test_a_cut_signal_connection_is_resumed_without_anybody_noticing(
    target: Target, people: People, room: str
) -> None:
    async with proxied(target.url) as proxy:
        an = await people.join(room, "an", url=proxy.url)
        binh = await people.join(room, "bình")
        await people.speak(an, 440.0)
        await people.speak(binh, 660.0)
        await until(lambda: binh.heard("an", 440.0) and an.heard("bình", 660.0))
        sid = an.room.local_participant.sid
        proxy.cut()
        await until(lambda: an.seen("reconnected"))
        assert an.room.local_participant.sid == sid
        an.samples["bình"].clear()
        binh.samples["an"].clear()
        await until(lambda: binh.heard("an", 440.0) and an.heard("bình", 660.0))
        await an.room.local_participant.publish_data("còn đây", reliable=True)
        await until(lambda: binh.seen("data_received"))
        assert binh.seen("participant_disconnected") == []
        await people.close()


@pytest.mark.point(17)
async def test_reliable_data_sent_while_cut_off_arrives_once_and_in_order(
    target: Target, people: People, room: str
) -> None:
    async with proxied(target.url) as proxy:
        an = await people.join(room, "an", url=proxy.url)
        binh = await people.join(room, "bình")

        async def count() -> None:
            for number in range(60):
                await an.room.local_participant.publish_data(str(number), reliable=True)
                await asyncio.sleep(0.02)

        an.run(count())
        await until(lambda: len(binh.seen("data_received")) > 10)
        proxy.cut()
        await until(lambda: len(binh.seen("data_received")) >= 60)
        assert [int(each.data) for each in binh.seen("data_received")] == list(range(60))
        await people.close()


@pytest.mark.long
@pytest.mark.point(18)
async def test_a_killed_client_is_gone_after_a_while(target: Target, mode: str, room: str) -> None:
    async with People(target, single=mode == "single") as people:
        binh = await people.join(room, "bình")
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(LONE), target.url, token(target, room, "an"), mode
        )
        await until(lambda: "an" in binh.room.remote_participants)
        await asyncio.sleep(1.0)  # its media is up
        process.kill()
        await process.wait()
        await until(lambda: binh.seen("participant_disconnected"), GONE_S)
