from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc
from livekit.protocol import models

from media_server.testing import RunningServer
from tests.media_server.people import People, token, until

PROTOBUF = {"Content-Type": "application/protobuf"}
Calls = Callable[[Any], Awaitable[Any]]


@pytest.fixture
async def lk(server: RunningServer) -> AsyncIterator[api.LiveKitAPI]:
    async with api.LiveKitAPI(server.url, server.key, server.secret) as client:
        yield client


async def _fails(call: Awaitable[Any]) -> tuple[str, int]:
    with pytest.raises(api.TwirpError) as refusal:
        await call
    return refusal.value.code, refusal.value.status


async def test_rooms_are_made_once_listed_and_deleted(lk: api.LiveKitAPI) -> None:
    first = await lk.room.create_room(api.CreateRoomRequest(name="Chi bộ thôn Đoài", metadata="tháng 11"))
    again = await lk.room.create_room(api.CreateRoomRequest(name="Chi bộ thôn Đoài"))
    assert first.sid == again.sid
    assert (again.empty_timeout, again.departure_timeout, again.metadata) == (300, 20, "tháng 11")
    listed = await lk.room.list_rooms(api.ListRoomsRequest(names=["Chi bộ thôn Đoài", "không có"]))
    assert [each.name for each in listed.rooms] == ["Chi bộ thôn Đoài"]
    await lk.room.delete_room(api.DeleteRoomRequest(room="Chi bộ thôn Đoài"))
    assert await _fails(lk.room.delete_room(api.DeleteRoomRequest(room="Chi bộ thôn Đoài"))) == (
        "not_found",
        404,
    )


async def test_participants_are_listed_changed_and_muted(lk: api.LiveKitAPI, people: People) -> None:
    an = await people.join("họp", "an")
    binh = await people.join("họp", "bình")
    await people.speak(an)
    await until(lambda: binh.seen("track_subscribed"))
    listed = await lk.room.list_participants(api.ListParticipantsRequest(room="họp"))
    assert {each.identity for each in listed.participants} == {"an", "bình"}
    who = await lk.room.get_participant(api.RoomParticipantIdentity(room="họp", identity="an"))
    mute = api.MuteRoomTrackRequest(room="họp", identity="an", track_sid=who.tracks[0].sid, muted=True)
    assert (await lk.room.mute_published_track(mute)).track.muted
    await until(lambda: binh.seen("track_muted"))
    mute.muted = False
    assert (await _fails(lk.room.mute_published_track(mute)))[0] == "failed_precondition"
    changed = api.UpdateParticipantRequest(
        room="họp", identity="an", name="Trần Thị Ẩn", metadata="bí thư", attributes={"vai": "chủ trì"}
    )
    assert (await lk.room.update_participant(changed)).name == "Trần Thị Ẩn"
    await until(lambda: binh.room.remote_participants["an"].attributes == {"vai": "chủ trì"})
    await lk.room.update_room_metadata(api.UpdateRoomMetadataRequest(room="họp", metadata="mục 2"))
    await until(lambda: an.room.metadata == "mục 2")


async def test_permissions_taken_away_end_the_tracks(lk: api.LiveKitAPI, people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    await until(lambda: binh.seen("track_subscribed"))
    permission = models.ParticipantPermission(can_subscribe=True, can_publish=False, can_publish_data=True)
    await lk.room.update_participant(
        api.UpdateParticipantRequest(room="họp", identity="an", permission=permission)
    )
    await until(lambda: binh.seen("track_unpublished"))


async def test_subscriptions_are_changed_from_outside(lk: api.LiveKitAPI, people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    sid = (await people.speak(an)).sid
    await until(lambda: binh.heard("an", 440.0))
    wish = api.UpdateSubscriptionsRequest(room="họp", identity="bình", track_sids=[sid], subscribe=False)
    await lk.room.update_subscriptions(wish)
    await asyncio.sleep(0.3)
    former = len(binh.samples["an"])
    await asyncio.sleep(0.3)
    assert len(binh.samples["an"]) == former
    wish.subscribe = True
    await lk.room.update_subscriptions(wish)
    await until(lambda: len(binh.seen("track_subscribed")) == 2 and binh.heard("an", 440.0))


async def test_data_of_the_server_reaches_those_named(lk: api.LiveKitAPI, people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await lk.room.send_data(
        api.SendDataRequest(
            room="họp", data="mời phát biểu".encode(), topic="t", destination_identities=["bình"]
        )
    )
    await lk.room.send_data(api.SendDataRequest(room="họp", data=b"2"))
    await until(lambda: len(binh.seen("data_received")) == 2 and an.seen("data_received"))
    got = binh.seen("data_received")[0]
    assert (got.data.decode(), got.participant, got.topic) == ("mời phát biểu", None, "t")


async def test_a_removed_person_does_not_come_back_with_an_old_token(
    lk: api.LiveKitAPI, people: People, server: RunningServer
) -> None:
    an = await people.join("họp", "an")
    old = token(server, "họp", "an")
    await lk.room.remove_participant(api.RoomParticipantIdentity(room="họp", identity="an"))
    await until(lambda: an.seen("disconnected"))
    assert an.seen("disconnected")[0] == models.DisconnectReason.PARTICIPANT_REMOVED
    assert await _validate(server, old) == 403
    with pytest.raises(Exception, match="removed"):
        await rtc.Room().connect(server.url, old)
    await lk.room.delete_room(api.DeleteRoomRequest(room="họp"))
    assert await _validate(server, old) == 200


async def test_asking_whether_one_may_come_in_makes_no_room(server: RunningServer) -> None:
    full = server.server.config.limits.rooms
    assert await _validate(server, token(server, "họp", "an")) == 200
    assert server.server.hall.rooms == {}
    for number in range(full):
        server.server.hall.create(api.CreateRoomRequest(name=f"họp {number}"))
    assert await _validate(server, token(server, "họp", "an")) == 503
    assert await _validate(server, token(server, "họp 1", "an")) == 200


async def test_deleting_a_room_sends_everybody_away(lk: api.LiveKitAPI, people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await lk.room.delete_room(api.DeleteRoomRequest(room="họp"))
    await until(lambda: an.seen("disconnected") and binh.seen("disconnected"))
    assert an.seen("disconnected")[0] == models.DisconnectReason.ROOM_DELETED


async def test_calls_on_nobody_say_not_found(lk: api.LiveKitAPI) -> None:
    nobody = api.RoomParticipantIdentity(room="không", identity="ai")
    for call in (
        lk.room.get_participant(nobody),
        lk.room.remove_participant(nobody),
        lk.room.update_participant(api.UpdateParticipantRequest(room="không", identity="ai")),
        lk.room.update_room_metadata(api.UpdateRoomMetadataRequest(room="không", metadata="x")),
        lk.room.mute_published_track(api.MuteRoomTrackRequest(room="không", identity="ai", muted=True)),
        lk.room.send_data(api.SendDataRequest(room="không", data=b"x")),
        lk.room.update_subscriptions(api.UpdateSubscriptionsRequest(room="không", identity="ai")),
    ):
        assert await _fails(call) == ("not_found", 404)


async def test_every_call_without_its_grant_is_unauthenticated(server: RunningServer) -> None:
    only_join = token(server, "họp", "an")
    calls = ("CreateRoom", "ListRooms", "DeleteRoom", "ListParticipants", "RemoveParticipant", "SendData")
    async with aiohttp.ClientSession() as session:
        for call in (*calls, "UpdateParticipant", "MoveParticipant"):
            url = f"{server.url}/twirp/livekit.RoomService/{call}"
            for headers in ({}, {"Authorization": f"Bearer {only_join}"}, {"Authorization": "Bearer x.y.z"}):
                async with session.post(url, headers=headers, json={"room": "họp"}) as response:
                    assert (response.status, (await response.json())["code"]) == (401, "unauthenticated")


async def test_move_and_forward_are_unimplemented(lk: api.LiveKitAPI) -> None:
    move = api.MoveParticipantRequest(room="a", identity="an", destination_room="b")
    assert (await _unimplemented(lk.room.move_participant(move))) == "unimplemented"
    forward = api.ForwardParticipantRequest(room="a", identity="an", destination_room="b")
    assert (await _unimplemented(lk.room.forward_participant(forward))) == "unimplemented"


async def _unimplemented(call: Awaitable[Any]) -> str:
    return (await _fails(call))[0]


async def test_a_body_that_cannot_be_read_is_malformed(server: RunningServer) -> None:
    url = f"{server.url}/twirp/livekit.RoomService/CreateRoom"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=b"\xff\xff\xff", headers=PROTOBUF) as response,
    ):
        assert (response.status, (await response.json())["code"]) == (400, "malformed")


async def _validate(server: RunningServer, jwt: str) -> int:
    url = f"{server.url}/rtc/validate"
    async with aiohttp.ClientSession() as session, session.get(url, params={"access_token": jwt}) as response:
        return response.status


CALLS = (
    *("CreateRoom", "ListRooms", "DeleteRoom", "UpdateRoomMetadata", "ListParticipants", "GetParticipant"),
    *(
        "RemoveParticipant",
        "MutePublishedTrack",
        "UpdateParticipant",
        "UpdateSubscriptions",
        "SendData",
        "NoSuch",
    ),
)


async def test_no_body_makes_a_call_fail_unexpectedly(server: RunningServer) -> None:
    chance = random.Random(11)
    admin = token(server, "họp", "an", room_admin=True, room_create=True, room_list=True)
    headers = {"Authorization": f"Bearer {admin}", **PROTOBUF}
    async with aiohttp.ClientSession(headers=headers) as session:
        for call in CALLS:
            for _ in range(20):
                body = b"\x0a\x05h\xe1\xbb\x8dp" + chance.randbytes(chance.randrange(12))
                async with session.post(
                    f"{server.url}/twirp/livekit.RoomService/{call}", data=body
                ) as response:
                    assert response.status in (200, 400, 401, 404, 412), call


async def test_a_person_cannot_grow_without_bound(lk: api.LiveKitAPI, people: People) -> None:
    await people.join("họp", "an")
    for number in range(2):
        change = api.UpdateParticipantRequest(
            room="họp", identity="an", attributes={f"k{number}": "x" * 40_000}
        )
        if number == 0:
            await lk.room.update_participant(change)
        else:
            assert (await _fails(lk.room.update_participant(change)))[0] == "invalid_argument"
