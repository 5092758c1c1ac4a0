from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
from livekit import api, rtc
from livekit.protocol import models
from livekit.protocol import rtc as wire

from media_server.config import Limits
from media_server.testing import RunningServer, running_server
from tests.media_server.hooks import receiving
from tests.media_server.people import Client, People, in_both_modes, token, until


def _track(client: Client, identity: str) -> Any:
    return next(iter(client.room.remote_participants[identity].track_publications.values()))


async def _microphone(people: People, client: Client) -> rtc.LocalAudioTrack:
    track = (await people.speak(client)).track
    assert isinstance(track, rtc.LocalAudioTrack)
    return track


def _hears(client: Client, identity: str, tone: float) -> Callable[[], bool]:
    return lambda: client.heard(identity, tone)


def _counted(clients: Sequence[Client], event: str, count: int) -> Callable[[], bool]:
    return lambda: all(len(each.seen(event)) == count for each in clients)


async def test_muting_is_seen_and_stops_the_sound(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    microphone = await _microphone(people, an)
    await until(lambda: binh.heard("an", 440.0))
    microphone.mute()
    await until(lambda: binh.seen("track_muted"))
    await asyncio.sleep(0.2)
    track = server.server.hall.rooms["họp"].all_publications()[0].track
    silent_since = track.packets
    await asyncio.sleep(0.2)
    assert track.packets == silent_since
    microphone.unmute()
    await until(lambda: binh.seen("track_unmuted"))
    binh.samples["an"].clear()
    await until(lambda: binh.heard("an", 440.0))


@in_both_modes
async def test_four_people_publish_and_unpublish_in_three_rounds(
    people: People, server: RunningServer
) -> None:
    clients = await asyncio.gather(*(people.join("họp", f"p{each}") for each in range(4)))
    room = server.server.hall.rooms["họp"]
    for turn in range(3):
        tones = [400.0 + 100 * turn + 500 * each for each in range(4)]
        published = await asyncio.gather(*(people.speak(c, t) for c, t in zip(clients, tones, strict=True)))
        for client in clients:
            for other, tone in enumerate(tones):
                if client is not clients[other]:
                    await until(_hears(client, f"p{other}", tone))
        for client, publication in zip(clients, published, strict=True):
            await client.room.local_participant.unpublish_track(publication.sid)
        await until(lambda: not room.all_publications())
        await until(_counted(clients, "track_unsubscribed", 3 * (turn + 1)))
    for participant in room.participants.values():
        offered_by_clients = 0 if participant.receives_apart else 6  # three of each kind, unasked
        assert participant.downlink.sections() <= offered_by_clients + 4, "sections are used again"


@in_both_modes
async def test_who_comes_late_hears_and_sees_what_there_is(people: People) -> None:
    an = await people.join("họp", "an")
    await people.speak(an)
    await people.show(an)
    binh = await people.join("họp", "bình")
    await until(lambda: binh.heard("an", 440.0) and binh.seen("frame"))
    assert max(binh.seen("frame")) == (320, 180)


async def test_a_track_set_disabled_is_not_forwarded(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    publication = server.server.hall.rooms["họp"].all_publications()[0]
    sid, me = publication.sid, server.server.hall.rooms["họp"].participants["bình"]
    me.downlink.set_settings(sid, wire.UpdateTrackSettings(disabled=True))
    assert not publication.watched
    me.downlink.set_settings(sid, wire.UpdateTrackSettings())
    binh.samples["an"].clear()
    await until(lambda: binh.heard("an", 440.0))


@in_both_modes
async def test_tracks_come_and_go_on_the_subscribers_wish(people: People) -> None:
    an = await people.join("họp", "an")
    binh = await people.join("họp", "bình", auto_subscribe=False)
    await people.speak(an)
    await until(lambda: binh.seen("track_published"))
    publication = _track(binh, "an")
    for turn in range(1, 4):
        publication.set_subscribed(True)
        await until(_counted([binh], "track_subscribed", turn))
        await until(_hears(binh, "an", 440.0))
        publication.set_subscribed(False)
        await until(_counted([binh], "track_unsubscribed", turn))


async def test_the_publisher_decides_who_may_receive(people: People, server: RunningServer) -> None:
    an, binh, chi = [await people.join("họp", each) for each in ("an", "bình", "chi")]
    an.room.local_participant.set_track_subscription_permissions(
        allow_all_participants=False,
        participant_permissions=[rtc.ParticipantTrackPermission(participant_identity="bình", allow_all=True)],
    )
    await asyncio.sleep(0.3)
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    assert chi.seen("track_subscribed") == []
    assert server.server.hall.rooms["họp"].participants["chi"].downlink.subscriptions == {}
    an.room.local_participant.set_track_subscription_permissions(allow_all_participants=True)
    await until(lambda: chi.heard("an", 440.0))


async def test_active_speakers_are_told_and_end(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    microphone = await _microphone(people, an)
    await until(lambda: any(_names(each) == ["an"] for each in binh.seen("active_speakers_changed")))
    microphone.mute()
    await until(lambda: _names(binh.seen("active_speakers_changed")[-1]) == [])


def _names(speakers: Any) -> list[str]:
    return [each.identity for each in speakers]


async def test_empty_rooms_end_after_their_time() -> None:
    async with receiving() as hooks, running_server(webhook_urls=[hooks.url]) as server:
        async with api.LiveKitAPI(server.url, server.key, server.secret) as lk:
            await lk.room.create_room(api.CreateRoomRequest(name="không ai đến", empty_timeout=1))
            await lk.room.create_room(api.CreateRoomRequest(name="đã về", departure_timeout=1))
        async with People(server) as people:
            await people.join("đã về", "an")
        await until(lambda: hooks.names().count("room_finished") == 2)
        assert not server.server.hall.rooms
        reasons = {e.room_end_reason for e in hooks.events if e.event == "room_finished"}
        assert reasons == {models.RoomEndReason.ROOM_END_IDLE_TIMEOUT}


async def test_a_client_whose_media_never_comes_up_is_told_as_aborted() -> None:
    limits = Limits(connect_timeout_s=0.5)
    async with (
        receiving() as hooks,
        aiohttp.ClientSession() as session,
        running_server(auto_create=True, webhook_urls=[hooks.url], limits=limits) as server,
    ):
        params = {"access_token": token(server, "họp", "an")}
        socket = await session.ws_connect(f"{server.url}/rtc", params=params)
        await until(lambda: "participant_connection_aborted" in hooks.names("an"))
        assert "participant_joined" not in hooks.names("an")
        await socket.close()


async def test_nothing_a_client_sends_drops_its_socket(server: RunningServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{server.url}/rtc", params={"access_token": token(server, "họp", "an")}
        ) as socket,
    ):
        await socket.send_bytes(b"\xff\xff\xff")
        await socket.send_str("hello")
        await socket.send_bytes(b"")
        for request in (
            wire.SignalRequest(publish_data_track_request=wire.PublishDataTrackRequest(pub_handle=3)),
            wire.SignalRequest(get_data_blob_request=wire.GetDataBlobRequest(request_id=8)),
            wire.SignalRequest(offer=wire.SessionDescription(sdp="nonsense")),
            wire.SignalRequest(answer=wire.SessionDescription(sdp="m=audio 9 x 0\na=fingerprint:sha-256 00")),
            wire.SignalRequest(mute=wire.MuteTrackRequest(sid="TR_none", muted=True)),
            wire.SignalRequest(subscription=wire.UpdateSubscription(track_sids=["TR_none"], subscribe=True)),
            wire.SignalRequest(track_setting=wire.UpdateTrackSettings(track_sids=["TR_none"], disabled=True)),
            wire.SignalRequest(update_metadata=wire.UpdateParticipantMetadata(metadata="x", request_id=9)),
            wire.SignalRequest(ping_req=wire.Ping(timestamp=77)),
        ):
            await socket.send_bytes(request.SerializeToString())
        answers = await _until_pong(socket)
    kinds = [each.WhichOneof("message") for each in answers]
    assert kinds[:3] == ["join", "refresh_token", "offer"]
    told = {
        a.request_response.request_id: a.request_response.reason
        for a in answers
        if a.HasField("request_response")
    }
    assert told == {
        0: wire.RequestResponse.UNSUPPORTED_TYPE,
        8: wire.RequestResponse.UNSUPPORTED_TYPE,
        9: wire.RequestResponse.NOT_ALLOWED,
    }
    assert answers[-1].pong_resp.last_ping_timestamp == 77


async def _until_pong(socket: aiohttp.ClientWebSocketResponse) -> list[wire.SignalResponse]:
    answers: list[wire.SignalResponse] = []
    async with asyncio.timeout(10):
        while not answers or not answers[-1].HasField("pong_resp"):
            answers.append(wire.SignalResponse.FromString((await socket.receive()).data))
    return answers
