from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc
from livekit.protocol import models

from tests.conformance.targets import Target
from tests.media_server.people import Client, People, token, until

Refusal = tuple[str, int]
Note = Callable[[str], None]
NOBODY: Mapping[str, str] = {"room": "không có", "identity": "không ai"}
ON_ROOMS = ("DeleteRoom", "UpdateRoomMetadata", "SendData")
ON_PEOPLE = (
    *("GetParticipant", "RemoveParticipant", "UpdateParticipant"),
    *("MutePublishedTrack", "UpdateSubscriptions"),
)
CALLS = ("CreateRoom", "ListRooms", "ListParticipants", *ON_ROOMS, *ON_PEOPLE)
PASSED_ON = ("ForwardParticipant", "MoveParticipant")


async def _refusal(call: Awaitable[Any]) -> Refusal:
    with pytest.raises(api.TwirpError) as refused:
        await call
    return refused.value.code, refused.value.status


@pytest.mark.point(19)
async def test_rooms_are_made_once_listed_changed_and_deleted(lk: api.LiveKitAPI, room: str) -> None:
    first = await lk.room.create_room(api.CreateRoomRequest(name=room, metadata="tháng 11"))
    again = await lk.room.create_room(api.CreateRoomRequest(name=room))
    assert (first.sid, again.metadata) == (again.sid, "tháng 11")
    assert (again.empty_timeout, again.departure_timeout) == (300, 20)
    listed = await lk.room.list_rooms(api.ListRoomsRequest(names=[room, "không có"]))
    assert [each.name for each in listed.rooms] == [room]
    changed = await lk.room.update_room_metadata(api.UpdateRoomMetadataRequest(room=room, metadata="mục 2"))
    assert changed.metadata == "mục 2"
    await lk.room.delete_room(api.DeleteRoomRequest(room=room))
    assert not (await lk.room.list_rooms(api.ListRoomsRequest(names=[room]))).rooms


@pytest.mark.point(19)
async def test_a_room_that_is_there_stays_as_it_was_made(lk: api.LiveKitAPI, room: str) -> None:
    made = await lk.room.create_room(api.CreateRoomRequest(name=room, metadata="1", max_participants=3))
    other = api.CreateRoomRequest(name=room, metadata="2", max_participants=7, empty_timeout=77)
    again = await lk.room.create_room(other)
    [listed] = (await lk.room.list_rooms(api.ListRoomsRequest(names=[room]))).rooms
    for each in (again, listed):
        assert (each.sid, each.metadata, each.max_participants) == (made.sid, "1", 3)
        assert each.empty_timeout == made.empty_timeout


@pytest.mark.point(1)
async def test_asking_whether_one_may_come_in_makes_no_room(
    lk: api.LiveKitAPI, target: Target, room: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{target.url}/rtc/validate", params={"access_token": token(target, room, "an")}
        ) as response,
    ):
        assert response.status == 200
    assert not (await lk.room.list_rooms(api.ListRoomsRequest(names=[room]))).rooms


@pytest.mark.point(19)
async def test_people_are_listed_found_and_changed(lk: api.LiveKitAPI, target: Target, room: str) -> None:
    async with People(target) as people:
        an, binh = await people.join(room, "an"), await people.join(room, "bình")
        listed = await lk.room.list_participants(api.ListParticipantsRequest(room=room))
        assert {each.identity for each in listed.participants} == {"an", "bình"}
        who = await lk.room.get_participant(api.RoomParticipantIdentity(room=room, identity="an"))
        assert (who.sid, who.name) == (an.room.local_participant.sid, "an")
        change = api.UpdateParticipantRequest(
            room=room, identity="an", name="Trần Thị Ẩn", metadata="bí thư", attributes={"vai": "chủ trì"}
        )
        assert (await lk.room.update_participant(change)).name == "Trần Thị Ẩn"
        other = binh.room.remote_participants["an"]
        await until(lambda: (other.name, other.attributes) == ("Trần Thị Ẩn", {"vai": "chủ trì"}))


@pytest.mark.point(19)
async def test_permissions_taken_away_end_the_tracks(lk: api.LiveKitAPI, target: Target, room: str) -> None:
    async with People(target) as people:
        an, binh = await people.join(room, "an"), await people.join(room, "bình")
        await people.speak(an)
        await until(lambda: binh.seen("track_subscribed"))
        silent = models.ParticipantPermission(can_subscribe=True, can_publish=False, can_publish_data=True)
        await lk.room.update_participant(
            api.UpdateParticipantRequest(room=room, identity="an", permission=silent)
        )
        await until(lambda: binh.seen("track_unpublished"))


@pytest.mark.point(19)
async def test_subscriptions_are_changed_from_outside(lk: api.LiveKitAPI, target: Target, room: str) -> None:
    async with People(target) as people:
        an, binh = await people.join(room, "an"), await people.join(room, "bình")
        sid = (await people.speak(an)).sid
        await until(lambda: binh.heard("an", 440.0))
        wish = api.UpdateSubscriptionsRequest(room=room, identity="bình", track_sids=[sid], subscribe=False)
        await lk.room.update_subscriptions(wish)
        await asyncio.sleep(1.0)
        binh.samples["an"].clear()
        await asyncio.sleep(1.0)
        assert not binh.heard("an", 440.0)
        wish.subscribe = True
        await lk.room.update_subscriptions(wish)
        await until(lambda: len(binh.seen("track_subscribed")) == 2 and binh.heard("an", 440.0))


@pytest.mark.point(19)
async def test_data_of_the_server_reaches_those_named(lk: api.LiveKitAPI, target: Target, room: str) -> None:
    async with People(target) as people:
        an, binh = await people.join(room, "an"), await people.join(room, "bình")
        # livekit-server drops what it is given before a participant's data channel is open
        while not (_told(an, "open") and _told(binh, "open")):
            await lk.room.send_data(api.SendDataRequest(room=room, data=b"open", topic="open"))
            await asyncio.sleep(0.1)
        for text, names in (("mời phát biểu", ["bình"]), ("nghỉ", [])):
            await lk.room.send_data(
                api.SendDataRequest(room=room, data=text.encode(), topic="t", destination_identities=names)
            )
        await until(lambda: len(_told(binh, "t")) == 2 and _told(an, "t"))
        assert sorted(_told(binh, "t")) == sorted([("mời phát biểu", None), ("nghỉ", None)])
        assert _told(an, "t") == [("nghỉ", None)]


def _told(client: Client, topic: str) -> list[tuple[str, rtc.RemoteParticipant | None]]:
    heard = (each for each in client.seen("data_received") if each.topic == topic)
    return [(each.data.decode(), each.participant) for each in heard]


@pytest.mark.point(7)
async def test_a_track_is_muted_from_outside_but_never_unmuted(
    lk: api.LiveKitAPI, people: People, room: str
) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    sid = (await people.speak(an)).sid
    await until(lambda: binh.heard("an", 440.0))
    mute = api.MuteRoomTrackRequest(room=room, identity="an", track_sid=sid, muted=True)
    assert (await lk.room.mute_published_track(mute)).track.muted
    await until(lambda: binh.seen("track_muted") and an.seen("track_muted"))
    mute.muted = False
    assert await _refusal(lk.room.mute_published_track(mute)) == ("failed_precondition", 412)


def _calls_on(room: Mapping[str, str], lk: api.LiveKitAPI) -> Mapping[str, Callable[[], Awaitable[Any]]]:
    name, identity = room["room"], room["identity"]
    service = lk.room
    who = api.RoomParticipantIdentity(room=name, identity=identity)
    return {
        "GetParticipant": lambda: service.get_participant(who),
        "RemoveParticipant": lambda: service.remove_participant(who),
        "UpdateParticipant": lambda: service.update_participant(
            api.UpdateParticipantRequest(room=name, identity=identity)
        ),
        "MutePublishedTrack": lambda: service.mute_published_track(
            api.MuteRoomTrackRequest(room=name, identity=identity, track_sid="TR_x", muted=True)
        ),
        "UpdateSubscriptions": lambda: service.update_subscriptions(
            api.UpdateSubscriptionsRequest(room=name, identity=identity, track_sids=["TR_x"])
        ),
        "DeleteRoom": lambda: service.delete_room(api.DeleteRoomRequest(room=name)),
        "UpdateRoomMetadata": lambda: service.update_room_metadata(
            api.UpdateRoomMetadataRequest(room=name, metadata="x")
        ),
        "SendData": lambda: service.send_data(api.SendDataRequest(room=name, data=b"x")),
    }


@pytest.mark.point(19)
async def test_calls_on_rooms_and_people_that_are_not_there(lk: api.LiveKitAPI, note: Note) -> None:
    told = {name: await _refusal(call()) for name, call in _calls_on(NOBODY, lk).items()}
    _check_absence(told, note)
    nobody = await lk.room.list_participants(api.ListParticipantsRequest(room="không có"))
    assert not nobody.participants


@pytest.mark.point(19)
async def test_calls_on_people_that_are_not_in_the_room(lk: api.LiveKitAPI, room: str, note: Note) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room))
    calls = _calls_on({"room": room, "identity": "không ai"}, lk)
    _check_absence({name: await _refusal(calls[name]()) for name in ON_PEOPLE}, note)


def _check_absence(told: Mapping[str, Refusal], note: Note) -> None:
    """Not found; but livekit-server 1.13 finds nobody listening for some calls and says `unavailable`."""
    absent = {name for name, refusal in told.items() if refusal == ("not_found", 404)}
    unheard = {name for name, refusal in told.items() if refusal == ("unavailable", 503)}
    assert absent | unheard == set(told)
    assert unheard <= {"SendData", "UpdateSubscriptions", "MutePublishedTrack"}
    if unheard:
        note("unavailable instead of not_found: " + ", ".join(sorted(unheard)))


@pytest.mark.point(19)
@pytest.mark.parametrize("call", [*CALLS, *PASSED_ON])
async def test_a_call_without_its_grant(target: Target, call: str) -> None:
    bearer = {"Authorization": f"Bearer {token(target, 'họp', 'an')}"}
    refused = {}
    async with aiohttp.ClientSession() as session:
        for name, headers in (
            ("join only", bearer),
            ("none", {}),
            ("garbage", {"Authorization": "Bearer x.y.z"}),
        ):
            async with session.post(
                f"{target.url}/twirp/livekit.RoomService/{call}", headers=headers, json={"room": "họp"}
            ) as response:
                refused[name] = response.status
    assert refused == {"join only": 401, "none": 401, "garbage": 401}


@pytest.mark.point(21)
async def test_one_more_than_the_room_holds_is_refused(lk: api.LiveKitAPI, people: People, room: str) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room, max_participants=1))
    await people.join(room, "an")
    with pytest.raises(Exception, match=r"."):
        await people.join(room, "bình")
    listed = await lk.room.list_participants(api.ListParticipantsRequest(room=room))
    assert [each.identity for each in listed.participants] == ["an"]


@pytest.mark.point(21)
@pytest.mark.parametrize("helper", [{"kind": "agent"}, {"kind": "egress"}, {"recorder": True}], ids=str)
async def test_agents_and_recorders_take_no_place_and_keep_no_room_alive(
    lk: api.LiveKitAPI, people: People, room: str, helper: dict[str, Any]
) -> None:
    await lk.room.create_room(
        api.CreateRoomRequest(name=room, max_participants=1, empty_timeout=300, departure_timeout=1)
    )
    machine = await people.join(room, "máy", **helper)
    an = await people.join(room, "an")
    with pytest.raises(Exception, match=r"."):
        await people.join(room, "bình")
    listed = await lk.room.list_participants(api.ListParticipantsRequest(room=room))
    assert {each.identity for each in listed.participants} == {"an", "máy"}
    await an.room.disconnect()
    await _ended(lk, room)
    await until(lambda: machine.seen("disconnected"))


@pytest.mark.point(21)
async def test_a_room_nobody_enters_ends_by_itself(lk: api.LiveKitAPI, room: str) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room, empty_timeout=1, departure_timeout=300))
    await _ended(lk, room)


@pytest.mark.point(21)
async def test_a_room_everybody_left_ends_by_itself(lk: api.LiveKitAPI, people: People, room: str) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room, empty_timeout=300, departure_timeout=1))
    an = await people.join(room, "an")
    await asyncio.sleep(2.0)
    assert (await lk.room.list_rooms(api.ListRoomsRequest(names=[room]))).rooms
    await an.room.disconnect()
    await _ended(lk, room)


async def _ended(lk: api.LiveKitAPI, room: str) -> None:
    async with asyncio.timeout(30):
        while (await lk.room.list_rooms(api.ListRoomsRequest(names=[room]))).rooms:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.1)


@pytest.mark.point(19)
async def test_recording_ingress_and_telephony_are_refused(lk: api.LiveKitAPI, note: Note) -> None:
    refused = {
        await _refusal(lk.egress.list_egress(api.ListEgressRequest())),
        await _refusal(lk.egress.stop_egress(api.StopEgressRequest(egress_id="EG_x"))),
        await _refusal(lk.ingress.list_ingress(api.ListIngressRequest())),
        await _refusal(lk.sip.list_inbound_trunk(api.ListSIPInboundTrunkRequest())),
    }
    assert len(refused) == 1
    assert refused <= {("unimplemented", 501), ("internal", 500)}
    note(f"recording, ingress and SIP are refused as {refused.pop()[0]}")


@pytest.mark.point(19)
async def test_nobody_is_passed_on_to_another_room(lk: api.LiveKitAPI, room: str, note: Note) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room))
    there = {"room": room, "identity": "không ai", "destination_room": f"{room} 2"}
    refused = {
        (await _refusal(lk.room.move_participant(api.MoveParticipantRequest(**there))))[0],
        (await _refusal(lk.room.forward_participant(api.ForwardParticipantRequest(**there))))[0],
    }
    assert len(refused) == 1
    note(f"moving and forwarding somebody absent is refused as {refused.pop()}")


@pytest.mark.point(19)
@pytest.mark.parametrize(
    ("method", "content", "body", "told"),
    [
        ("GET", "application/json", b"{}", (404, "bad_route")),
        ("POST", "text/plain", b"{}", (404, "bad_route")),
        ("POST", "application/json", b"{bad", (400, "malformed")),
        ("POST", "application/protobuf", b"\xff\xff", (400, "malformed")),
    ],
)
async def test_what_is_no_call_is_told_so(
    target: Target, method: str, content: str, body: bytes, told: tuple[int, str]
) -> None:
    url = f"{target.url}/twirp/livekit.RoomService/ListRooms"
    headers = {
        "Authorization": f"Bearer {token(target, 'họp', 'an', room_list=True)}",
        "Content-Type": content,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body, headers=headers) as response,
    ):
        assert (response.status, (await response.json(content_type=None))["code"]) == told


@pytest.mark.point(19)
async def test_json_has_the_protocols_own_names(target: Target, lk: api.LiveKitAPI, room: str) -> None:
    await lk.room.create_room(api.CreateRoomRequest(name=room, empty_timeout=77))
    url = f"{target.url}/twirp/livekit.RoomService/ListRooms"
    headers = {"Authorization": f"Bearer {token(target, 'họp', 'an', room_list=True)}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json={"names": [room]}) as response,
    ):
        [told] = (await response.json())["rooms"]
    assert (told["name"], told["empty_timeout"], told["num_participants"]) == (room, 77, 0)
