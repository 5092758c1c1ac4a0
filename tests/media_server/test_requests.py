"""What the server makes of requests, seen from clients that only signal."""

from __future__ import annotations

import asyncio
import contextlib
import random

import aiohttp
import pytest
from google.protobuf.message import DecodeError
from livekit import api
from livekit.protocol import models, rtc

from media_server.config import Limits
from media_server.notices import tell_speakers
from media_server.signal import BURST
from media_server.speakers import Speaking
from media_server.testing import RunningServer, running_server
from tests.media_server.offers import OFFER
from tests.media_server.people import token
from tests.media_server.raw import Raw, signalling, wrapped

RECEIVING = OFFER.replace("a=sendonly", "a=recvonly")
OFFERING = rtc.JoinRequest(
    connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
    publisher_offer=rtc.SessionDescription(type="offer", sdp=RECEIVING, id=7),
)
MICROPHONE = rtc.AddTrackRequest(cid="cid-mic", type=models.AUDIO, source=models.MICROPHONE)


async def _publish(raw: Raw) -> str:
    await raw.say(add_track=MICROPHONE)
    sid: str = (await raw.hear("track_published")).track.sid
    await raw.say(offer=rtc.SessionDescription(type="offer", sdp=OFFER))
    await raw.hear("answer")
    return sid


async def test_a_join_with_an_offer_is_answered_without_another_round(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an:
        sid = await _publish(an)
        async with signalling(server, "họp", "bình", join=OFFERING) as binh:
            join = await binh.hear("join")
            answer = await binh.hear("answer")
            assert not join.subscriber_primary and join.fast_publish
            assert dict(answer.mid_to_track_id) == {"1": sid} and answer.id == 7
            assert f"a=msid:{join.other_participants[0].sid}|{sid} {sid}" in answer.sdp
            assert await an.hear("track_subscribed")


async def test_a_track_that_comes_later_is_asked_a_section_for(server: RunningServer) -> None:
    async with (
        signalling(server, "họp", "an") as an,
        signalling(server, "họp", "bình", join=OFFERING) as binh,
    ):
        await binh.hear("answer")
        sid = await _publish(an)
        lacking = await binh.hear("media_sections_requirement")
        assert (lacking.num_audios, lacking.num_videos) == (0, 0), "one section is free"
        await binh.say(offer=rtc.SessionDescription(type="offer", sdp=RECEIVING, id=8))
        assert dict((await binh.hear("answer")).mid_to_track_id) == {"1": sid}


async def test_tracks_announced_with_the_join_are_published_by_its_offer(server: RunningServer) -> None:
    join = rtc.JoinRequest(
        add_track_requests=[MICROPHONE],
        publisher_offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1),
    )
    async with signalling(server, "họp", "an", join=join) as an:
        assert (await an.hear("track_published")).cid == "cid-mic"
        assert "a=recvonly" in (await an.hear("answer")).sdp
    assert len(server.server.hall.rooms["họp"].all_publications()) == 1


async def test_who_comes_back_is_told_the_last_number_and_everybody(server: RunningServer) -> None:
    async with signalling(server, "họp", "an", join=OFFERING) as an, signalling(server, "họp", "bình"):
        sid = (await an.hear("join")).participant.sid
        server.server.hall.rooms["họp"].participants["an"].last_sequence = 41
        again = rtc.JoinRequest(reconnect=True, participant_sid=sid)
        async with signalling(server, "họp", "an", join=again) as resumed:
            assert (await resumed.hear("reconnect")).last_message_seq == 41
            present = {each.identity for each in (await resumed.hear("update")).participants}
            assert present == {"an", "bình"}
            assert (await resumed.hear("room_update")).room.name == "họp"
            assert await resumed.hear("refresh_token")
            assert await an.closed() is not None, "the former connection is closed"


async def test_nobody_resumes_as_somebody_else(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an:
        sid = (await an.hear("join")).participant.sid
        thief = rtc.JoinRequest(reconnect=True, participant_sid=sid)
        async with signalling(server, "họp", "chi", join=thief) as chi:
            assert (await chi.hear("leave")).reason == models.STATE_MISMATCH


@pytest.mark.parametrize("known", [True, False])
async def test_a_client_that_publishes_what_we_do_not_know_starts_afresh(
    server: RunningServer, known: bool
) -> None:
    async with signalling(server, "họp", "an") as an:
        sid = await _publish(an)
        info = models.TrackInfo(sid=sid if known else "TR_other")
        await an.say(sync_state=rtc.SyncState(publish_tracks=[rtc.TrackPublishedResponse(track=info)]))
        if known:
            await an.say(ping_req=rtc.Ping(timestamp=5))
            assert await an.hear("pong_resp")
        else:
            leave = await an.hear("leave")
            assert (leave.reason, leave.action) == (models.STATE_MISMATCH, rtc.LeaveRequest.RECONNECT)


async def test_wishes_of_before_the_resume_count(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an, signalling(server, "họp", "bình") as binh:
        sid = await _publish(an)
        me = server.server.hall.rooms["họp"].participants["bình"]
        assert sid in me.downlink.subscriptions
        unwanted = rtc.UpdateSubscription(track_sids=[sid], subscribe=False)
        await binh.say(sync_state=rtc.SyncState(subscription=unwanted))
        await binh.say(ping_req=rtc.Ping(timestamp=5))
        await binh.hear("pong_resp")
        assert sid not in me.downlink.subscriptions


@pytest.mark.parametrize(
    ("scenario", "action"),
    [
        (rtc.SimulateScenario(leave_request_full_reconnect=True), rtc.LeaveRequest.RECONNECT),
        (rtc.SimulateScenario(node_failure=True), rtc.LeaveRequest.RECONNECT),
        (rtc.SimulateScenario(server_leave=True), rtc.LeaveRequest.DISCONNECT),
    ],
)
async def test_faults_are_played_for_the_one_who_asks(
    server: RunningServer, scenario: rtc.SimulateScenario, action: int
) -> None:
    async with signalling(server, "họp", "an") as an, signalling(server, "họp", "bình") as binh:
        await an.say(simulate=scenario)
        assert (await an.hear("leave")).action == action
        await binh.say(ping_req=rtc.Ping(timestamp=5))
        assert await binh.hear("pong_resp")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (models.USER_REJECTED, models.USER_REJECTED),
        (models.DUPLICATE_IDENTITY, models.CLIENT_INITIATED),
        (models.UNKNOWN_REASON, models.CLIENT_INITIATED),
    ],
)
async def test_a_client_may_say_why_it_leaves_but_not_anything(
    server: RunningServer, given: models.DisconnectReason, seen: int
) -> None:
    async with signalling(server, "họp", "bình") as binh, signalling(server, "họp", "an") as an:
        await an.hear("join")
        await an.say(leave=rtc.LeaveRequest(reason=given))
        while (told := await _last(binh)).state != models.ParticipantInfo.DISCONNECTED:
            assert told.identity == "an"
        assert told.disconnect_reason == seen


async def _last(raw: Raw) -> models.ParticipantInfo:
    infos: list[models.ParticipantInfo] = list((await raw.hear("update")).participants)
    return infos[-1]


async def test_who_may_no_longer_publish_is_told_that_the_track_ended(server: RunningServer) -> None:
    async with (
        signalling(server, "họp", "an") as an,
        api.LiveKitAPI(server.url, server.key, server.secret) as lk,
    ):
        sid = await _publish(an)
        silenced = models.ParticipantPermission(can_subscribe=True, can_publish=False)
        request = api.UpdateParticipantRequest(room="họp", identity="an", permission=silenced)
        await lk.room.update_participant(request)
        assert (await an.hear("track_unpublished")).track_sid == sid
        await an.say(add_track=MICROPHONE)
        assert (await an.hear("request_response")).reason == rtc.RequestResponse.NOT_ALLOWED


async def test_who_asks_too_fast_is_slowed_but_answered(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an:
        for number in range(BURST + 100):
            await an.say(ping_req=rtc.Ping(timestamp=number + 1))
        while (await an.hear("pong_resp")).last_ping_timestamp <= BURST + 99:
            pass


async def test_who_may_not_receive_is_told_and_told_again_when_it_changes(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an, signalling(server, "họp", "bình") as binh:
        sid = await _publish(an)
        await an.say(subscription_permission=rtc.SubscriptionPermission(all_participants=False))
        told = await binh.hear("subscription_permission_update")
        assert (told.track_sid, told.allowed) == (sid, False)
        async with signalling(server, "họp", "chi") as chi:
            assert not (await chi.hear("subscription_permission_update")).allowed
        one = rtc.TrackPermission(participant_identity="bình", track_sids=[sid])
        await an.say(subscription_permission=rtc.SubscriptionPermission(track_permissions=[one]))
        assert (await binh.hear("subscription_permission_update")).allowed
        assert sid in server.server.hall.rooms["họp"].participants["bình"].downlink.subscriptions


async def test_only_those_let_in_are_told_who_speaks(server: RunningServer) -> None:
    async with (
        signalling(server, "họp", "an") as an,
        signalling(server, "họp", "bình") as binh,
        signalling(server, "họp", "chi") as chi,
    ):
        sid = await _publish(an)
        one = rtc.TrackPermission(participant_identity="bình", all_tracks=True)
        await an.say(subscription_permission=rtc.SubscriptionPermission(track_permissions=[one]))
        await chi.hear("subscription_permission_update")
        room = server.server.hall.rooms["họp"]
        speaker = next(each.publisher_sid for each in room.all_publications() if each.sid == sid)
        speaking = [Speaking(sid=speaker, level=0.5, active=True)]
        everybody = list(room.participants.values())
        tell_speakers(speaking, everybody, room.hears)
        assert (await binh.hear("speakers_changed")).speakers[0].sid == speaker
        assert (await an.hear("speakers_changed")).speakers[0].sid == speaker
        await chi.say(ping_req=rtc.Ping(timestamp=5))
        await chi.hear("pong_resp")
        assert not any(each.HasField("speakers_changed") for each in chi.heard)


async def test_how_many_are_there_is_told_when_it_changes(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an, signalling(server, "họp", "bình"):
        while (await an.hear("room_update")).room.num_participants != 2:
            pass


async def test_malformed_messages_are_borne_for_a_while(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an:
        await an.hear("join")
        for _ in range(30):
            await an.socket.send_bytes(b"\xff\xff\xff")
        assert await an.closed() == aiohttp.WSCloseCode.INVALID_TEXT


async def test_an_oversized_message_closes_its_own_connection_only() -> None:
    limits = Limits(signal_message=4096)
    async with (
        running_server(auto_create=True, limits=limits) as server,
        signalling(server, "họp", "bình") as binh,
        signalling(server, "họp", "an") as an,
    ):
        await an.hear("join")
        await an.socket.send_bytes(b"\0" * 5000)
        assert await an.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        await binh.say(ping_req=rtc.Ping(timestamp=5))
        assert await binh.hear("pong_resp")


@pytest.mark.parametrize(
    "request_text",
    [
        "",
        "!",
        wrapped(b"\xff\xff\xff"),
        wrapped(b"\0" * (8 << 20)),
        wrapped(b"\0" * (8 << 20))[:-9],
        wrapped(b"\xff", packed=False),
    ],
    ids=["empty", "no base64", "no message", "a bomb", "a broken bomb", "no message, unpacked"],
)
async def test_join_requests_that_cannot_be_read_are_refused(
    server: RunningServer, request_text: str
) -> None:
    params = {"access_token": token(server, "họp", "an"), "join_request": request_text}
    async with aiohttp.ClientSession() as session:
        for path in ("/rtc/v1/validate", "/rtc/v1"):
            async with session.get(server.url + path, params=params) as response:
                assert response.status == 400


async def test_too_much_metadata_is_refused_wherever_it_stands(server: RunningServer) -> None:
    long = rtc.JoinRequest(metadata="x" * (Limits().metadata + 1))
    params = {"access_token": token(server, "họp", "an"), "join_request": wrapped(long.SerializeToString())}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/rtc/v1/validate", params=params) as response,
    ):
        assert response.status == 400


async def test_the_last_place_is_given_once() -> None:
    limits = Limits(participants_per_room=3)
    async with (
        running_server(auto_create=True, limits=limits) as server,
        contextlib.AsyncExitStack() as stack,
    ):
        joins = [stack.enter_async_context(signalling(server, "họp", f"p{each}")) for each in range(8)]
        came = await asyncio.gather(*joins, return_exceptions=True)
        firsts = [await each.first() for each in came if isinstance(each, Raw)]
        assert firsts.count("join") == 3


async def test_single_mode_is_validated(server: RunningServer) -> None:
    params = {"access_token": token(server, "họp", "an"), "join_request": wrapped(b"")}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/rtc/v1/validate", params=params) as response:
            assert (response.status, await response.text()) == (200, "success")
        async with session.get(f"{server.url}/rtc/v1/validate", params={"access_token": "x"}) as response:
            assert response.status == 401


REQUESTS = (
    rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=3)),
    rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp=RECEIVING, id=1)),
    rtc.SignalRequest(add_track=MICROPHONE),
    rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid="cid-cam", type=models.VIDEO, width=640, height=360)),
    rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid="TR_x", muted=True)),
    rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=["TR_x"], subscribe=True)),
    rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_x"], width=320, fps=15)),
    rtc.SignalRequest(subscription_permission=rtc.SubscriptionPermission(all_participants=False)),
    rtc.SignalRequest(sync_state=rtc.SyncState(track_sids_disabled=["TR_x"])),
    rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name="x", attributes={"tổ": "1"})),
    rtc.SignalRequest(update_layers=rtc.UpdateVideoLayers(track_sid="TR_x")),
    rtc.SignalRequest(trickle=rtc.TrickleRequest(candidateInit="{}")),
    rtc.SignalRequest(update_video_track=rtc.UpdateLocalVideoTrack(track_sid="TR_x", width=1)),
    rtc.SignalRequest(store_data_blob_request=rtc.StoreDataBlobRequest(request_id=4)),
)


def _damaged(source: random.Random) -> bytes | None:
    """A request with some bytes changed, if it can still be read."""
    data = bytearray(source.choice(REQUESTS).SerializeToString())
    for _ in range(source.randrange(4)):
        data[source.randrange(len(data))] = source.randrange(256)
    try:
        request = rtc.SignalRequest.FromString(bytes(data))
    except DecodeError:
        return None
    kind = request.WhichOneof("message")
    return None if kind in ("leave", "simulate") else bytes(data)


@pytest.mark.parametrize("single", [True, False])
async def test_damaged_requests_harm_nobody(
    server: RunningServer, caplog: pytest.LogCaptureFixture, single: bool
) -> None:
    source = random.Random(20261122)
    messages = [each for each in (_damaged(source) for _ in range(500)) if each is not None]
    join = OFFERING if single else None
    async with (
        signalling(server, "họp", "bình", join=OFFERING) as binh,
        signalling(server, "họp", "an", join=join) as an,
    ):
        for message in messages:
            await an.socket.send_bytes(message)
        await an.say(ping_req=rtc.Ping(timestamp=5))
        assert await an.hear("pong_resp")
        await binh.say(ping_req=rtc.Ping(timestamp=5))
        assert await binh.hear("pong_resp")
    assert not [each for each in caplog.messages if "failed" in each]
