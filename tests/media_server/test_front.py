from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from livekit import api
from livekit.protocol import rtc

from media_server.config import MediaConfig
from media_server.front import Front, shard
from media_server.testing import KEY, SECRET, RunningServer, running_server
from media_server.worker import worker_settings
from tests.media_server.hooks import Hooks, receiving
from tests.media_server.people import People, until

ROOMS = ("họp 1", "họp 2", "họp 3", "họp 4")


@pytest.fixture
async def hooks() -> AsyncIterator[Hooks]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def front(hooks: Hooks) -> AsyncIterator[Front]:
    config = MediaConfig(
        keys={KEY: SECRET}, auto_create=True, processes=2, webhook_urls=(hooks.url,), webhook_key=KEY
    )
    made = Front(config)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def people(front: Front) -> AsyncIterator[People]:
    async with (
        running_server() as other,  # only its shape is needed
        People(RunningServer(url=front.url, key=KEY, secret=SECRET, server=other.server)) as group,
    ):
        yield group


def test_rooms_are_spread_the_same_way_on_every_start() -> None:
    assert [shard(name, 2) for name in ROOMS] == [shard(name, 2) for name in ROOMS]
    assert {shard(f"họp {number}", 4) for number in range(40)} == {0, 1, 2, 3}


def test_every_worker_has_its_own_ports_and_file() -> None:
    config = MediaConfig(keys={KEY: SECRET}, processes=3, rtc_port=7882, webhook_file="/x/webhooks.sqlite")
    told = [worker_settings(number, config) for number in range(3)]
    assert [each["rtc_port"] for each in told] == [7882, 7883, 7884]
    assert len({each["webhook_file"] for each in told}) == 3
    assert {each["processes"] for each in told} == {1}


async def test_people_of_rooms_in_different_workers_meet(front: Front, people: People, hooks: Hooks) -> None:
    names = [next(name for name in ROOMS if shard(name, 2) == number) for number in range(2)]
    pairs = [(await people.join(name, "an"), await people.join(name, "bình")) for name in names]
    for an, _ in pairs:
        await people.speak(an)
    await until(lambda: all(binh.heard("an", 440.0) for _, binh in pairs))
    assert len({address.rpartition(":")[2] for address in front.media_addresses()}) == 2
    async with api.LiveKitAPI(front.url, KEY, SECRET) as lk:
        listed = await lk.room.list_rooms(api.ListRoomsRequest())
        assert {each.name for each in listed.rooms} == set(names)
        seen = await lk.room.list_participants(api.ListParticipantsRequest(room=names[1]))
        assert {each.identity for each in seen.participants} == {"an", "bình"}
        await lk.room.delete_room(api.DeleteRoomRequest(room=names[0]))
        await until(lambda: pairs[0][0].seen("disconnected"))
        assert not pairs[1][0].seen("disconnected")
    await until(lambda: {each.room.name for each in hooks.events} >= set(names))
    async with aiohttp.ClientSession() as session, session.get(f"{front.url}/metrics") as response:
        page = await response.text()
    assert 'livekit_participant_total{worker="0"}' in page
    assert page.count("# TYPE livekit_participant_total gauge") == 1


async def test_refusals_come_through_with_their_texts(front: Front, people: People) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/rtc", "/rtc/validate", "/rtc/v1/validate"):
            async with session.get(front.url + path, headers={"Authorization": "Bearer x"}) as response:
                assert response.status == 401
                assert await response.text()
        async with session.get(f"{front.url}/healthz") as response:
            assert response.status == 200
        async with session.get(f"{front.url}/debug/rooms/x") as response:
            assert response.status == 401
    async with api.LiveKitAPI(front.url, KEY, SECRET) as lk:
        with pytest.raises(api.TwirpError) as refused:
            await lk.room.delete_room(api.DeleteRoomRequest(room="nowhere"))
        assert refused.value.code == "not_found"
    assert people.server.url == front.url


@pytest.mark.parametrize("path", ["RoomService/ListRooms", "RoomService/NoSuch", "Egress/ListEgress"])
async def test_what_is_no_post_is_answered_as_by_one_process(front: Front, path: str) -> None:
    async with running_server() as alone, aiohttp.ClientSession() as session:
        told = []
        for url in (front.url, alone.url):
            async with session.get(f"{url}/twirp/livekit.{path}") as response:
                told.append((response.status, response.content_type, await response.json()))
    assert told[0] == told[1]
    assert (told[0][0], told[0][2]["code"]) == (404, "bad_route")


async def test_a_worker_that_dies_comes_back_and_its_people_with_it(front: Front, people: People) -> None:
    name = ROOMS[0]
    an, binh = await people.join(name, "an"), await people.join(name, "bình")
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    worker = front.workers[shard(name, 2)]
    url = worker.url
    process = worker._process
    assert process is not None
    process.kill()
    await until(lambda: worker.url == url and worker._process is not process)
    await until(lambda: binh.seen("reconnected"), patience_s=60)
    binh.forget()
    await until(lambda: binh.heard("an", 440.0), patience_s=60)
    await asyncio.sleep(0)


async def test_a_token_with_much_metadata_comes_through(front: Front) -> None:
    made = api.AccessToken(KEY, SECRET).with_identity("an").with_metadata("đ" * 10_000)
    long = made.with_grants(api.VideoGrants(room_join=True, room=ROOMS[0])).to_jwt()
    headers = {"Authorization": f"Bearer {long}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{front.url}/rtc/validate", headers=headers) as response:
            assert response.status == 200
        async with session.ws_connect(f"{front.url}/rtc", headers=headers) as ws:
            assert rtc.SignalResponse.FromString((await ws.receive(timeout=10)).data).HasField("join")
