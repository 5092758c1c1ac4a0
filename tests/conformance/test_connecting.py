from __future__ import annotations

import base64

import aiohttp
import pytest
from livekit import api, rtc
from livekit.protocol import models
from livekit.protocol import rtc as signal

from tests.conformance.targets import Target
from tests.media_server.people import People, Reachable, token, until
from tests.media_server.proxy import proxied

JOIN = base64.urlsafe_b64encode(
    signal.WrappedJoinRequest(
        join_request=signal.JoinRequest(
            client_info=models.ClientInfo(sdk="PYTHON", protocol=16)
        ).SerializeToString()
    ).SerializeToString()
).decode()
PATHS = {"single": "/rtc/v1", "dual": "/rtc"}


async def _validate(target: Reachable, mode: str, jwt: str) -> tuple[int, str | None]:
    params = {"access_token": jwt} | ({"join_request": JOIN} if mode == "single" else {})
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{target.url}{PATHS[mode]}/validate", params=params) as response,
    ):
        return response.status, response.headers.get("Access-Control-Allow-Origin")


@pytest.mark.point(1)
async def test_a_good_token_is_told_from_a_bad_one(target: Target, mode: str, room: str) -> None:
    assert await _validate(target, mode, token(target, room, "an")) == (200, "*")
    stranger = Target(name="", url=target.url, key=target.key, secret="x" * 40)
    assert await _validate(target, mode, token(stranger, room, "an")) == (401, "*")
    only_looks = api.AccessToken(target.key, target.secret).with_identity("an")
    only_looks = only_looks.with_grants(api.VideoGrants(room_list=True))
    assert (await _validate(target, mode, only_looks.to_jwt()))[0] == 401


@pytest.mark.point(1)
@pytest.mark.closed
async def test_a_room_that_nobody_made_is_not_found(target: Target, mode: str, room: str) -> None:
    assert (await _validate(target, mode, token(target, room, "an")))[0] == 404


@pytest.mark.point(2)
async def test_a_client_connects_by_the_path_of_its_mode(
    target: Target, people: People, mode: str, room: str
) -> None:
    async with proxied(target.url) as proxy:
        an = await people.join(room, "an", url=proxy.url)
        assert an.room.connection_state == rtc.ConnectionState.CONN_CONNECTED
        assert set(proxy.paths) == {PATHS[mode]}
        await people.close()


@pytest.mark.point(2)
async def test_without_the_newer_path_the_older_one_serves(target: Target, room: str) -> None:
    async with proxied(target.url, absent="/rtc/v1") as proxy, People(target, single=True) as people:
        an = await people.join(room, "an", url=proxy.url)
        binh = await people.join(room, "bình")
        await people.speak(an)
        await until(lambda: binh.heard("an", 440.0))
        assert set(proxy.paths) == {"/rtc"}


@pytest.mark.point(10)
async def test_who_comes_late_finds_people_and_their_tracks(people: People, room: str) -> None:
    an = await people.join(room, "an")
    await people.speak(an)
    await people.show(an)
    late = await people.join(room, "bình")
    assert set(late.room.remote_participants) == {"an"}
    await until(lambda: len(late.seen("track_subscribed")) == 2)
    await until(lambda: late.heard("an", 440.0) and late.seen("frame"))


@pytest.mark.point(24)
async def test_names_are_vietnamese_everywhere(people: People, room: str) -> None:
    an = await people.join(room, "đ/c Nguyễn Thị Ánh", name="Nguyễn Thị Ánh (Bí thư) ☂")
    binh = await people.join(room, "đ/c Trần Văn Ước", name="Trần Văn Ước")
    assert an.room.name == room
    await until(lambda: "đ/c Trần Văn Ước" in an.room.remote_participants)
    assert binh.room.remote_participants["đ/c Nguyễn Thị Ánh"].name == "Nguyễn Thị Ánh (Bí thư) ☂"
    await binh.room.local_participant.publish_data("Kính thưa các đồng chí", topic="phát biểu")
    await until(lambda: an.seen("data_received"))
    [got] = an.seen("data_received")
    assert (got.data.decode(), got.topic, got.participant.identity) == (
        "Kính thưa các đồng chí",
        "phát biểu",
        "đ/c Trần Văn Ước",
    )
