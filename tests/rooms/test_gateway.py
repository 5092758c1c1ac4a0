"""The adapter of LiveKit before the embedded server, with the unmodified SDK as its guests."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import jwt
import orjson
import pytest
from aiohttp import web
from livekit import api, rtc

from media_server.auth import sign_webhook
from media_server.testing import RunningServer, running_server
from meetings.kernel.clock import SystemClock
from meetings.kernel.ids import new_id
from meetings.rooms.gateway import LiveKitGateway
from meetings.rooms.ports import MediaServerAway, NotAuthentic
from meetings.rooms.rules import SeatRole, Ticket, meeting_of, room_name
from tests.contracts.gateway_contract import GatewayContract, Told, a_ticket, eventually


class Ear:
    """Keeps webhooks as they came."""

    def __init__(self) -> None:
        self.heard: list[Told] = []

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((await request.read(), request.headers["Authorization"]))
        return web.Response()

    async def listen(self, stack: AsyncExitStack) -> str:
        """Where to send them."""
        app = web.Application()
        app.router.add_post("/", self.hear)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"


class LiveKitStage:
    """The embedded server with guests of the SDK."""

    def __init__(self, server: RunningServer, ear: Ear) -> None:
        self.server, self._ear = server, ear
        self.gateway = LiveKitGateway(
            address=lambda: server.url, key=server.key, secret=server.secret, clock=SystemClock()
        )
        self.guests: dict[str, rtc.Room] = {}

    async def enter(self, given: Ticket) -> None:
        room = rtc.Room()
        self.guests[given.identity] = room
        await room.connect(self.server.url, self.gateway.token(given))

    async def leave(self, given: Ticket) -> None:
        await self.guests.pop(given.identity).disconnect()

    def told(self) -> list[Told]:
        return self._ear.heard

    def signed(self, body: bytes) -> Told:
        return body, sign_webhook(body, self.server.key, self.server.secret, time.time())

    def body_of(self, room: str) -> bytes:
        return _said(room)

    async def go_away(self) -> None:
        await self.server.server.stop()

    async def close(self) -> None:
        for room in self.guests.values():
            await room.disconnect()
        await self.gateway.close()


@pytest.fixture
async def stage() -> AsyncIterator[LiveKitStage]:
    async with AsyncExitStack() as stack:
        ear = Ear()
        server = await stack.enter_async_context(running_server(webhook_urls=[await ear.listen(stack)]))
        made = LiveKitStage(server, ear)
        stack.push_async_callback(made.close)
        yield made


class TestLiveKitGateway(GatewayContract):
    """See GatewayContract."""


def _said(room: str, **changes: Any) -> bytes:
    said: dict[str, Any] = {
        "event": "participant_joined",
        "id": "EV_1",
        "createdAt": str(int(time.time())),
        "room": {"name": room, "sid": "RM_1"},
        "participant": {"identity": new_id(), "sid": "PA_1", "joinedAt": str(int(time.time()))},
    }
    return orjson.dumps(said | changes)


def _claims(stage: LiveKitStage, given: Ticket) -> Mapping[str, Any]:
    token = stage.gateway.token(given)
    claims: Mapping[str, Any] = jwt.decode(token, stage.server.secret, algorithms=["HS256"])
    return claims


async def test_a_token_lives_sixty_seconds_and_allows_the_least(stage: LiveKitStage) -> None:
    given = a_ticket(SeatRole.RECORDER)
    claims = _claims(stage, given)
    assert claims["exp"] - claims["nbf"] == 60
    assert (claims["sub"], claims["name"]) == (given.identity, "Người Thử")
    video = claims["video"]
    assert video["room"] == given.room
    assert video["canPublishSources"] == ["camera", "microphone"]
    assert (video["canPublish"], video["canPublishData"], video["canSubscribe"]) == (True, True, True)
    granted = {name for name, value in video.items() if value and name.startswith("room")}
    assert granted == {"room", "roomJoin"}


async def test_a_listener_publishes_nothing(stage: LiveKitStage) -> None:
    video = _claims(stage, a_ticket(SeatRole.LISTENER))["video"]
    assert (video["canPublish"], video["canPublishData"]) == (False, False)


@pytest.mark.parametrize(
    ("role", "sources"),
    [
        (SeatRole.CHAIR, {"CAMERA", "MICROPHONE", "SCREEN_SHARE"}),
        (SeatRole.MEMBER, {"CAMERA", "MICROPHONE"}),
        (SeatRole.RECORDER, {"CAMERA", "MICROPHONE"}),
    ],
)
async def test_the_server_grants_what_the_ticket_says(
    stage: LiveKitStage, role: SeatRole, sources: set[str]
) -> None:
    given = a_ticket(role)
    await stage.gateway.create_room(given.room, most=10)
    await stage.enter(given)
    async with api.LiveKitAPI(stage.server.url, stage.server.key, stage.server.secret) as lk:
        who = api.RoomParticipantIdentity(room=given.room, identity=given.identity)
        found = await lk.room.get_participant(who)
    names = {api.TrackSource.Name(one) for one in found.permission.can_publish_sources}
    assert names == sources
    assert found.name == given.name


async def test_a_token_of_another_key_is_not_let_in(stage: LiveKitStage) -> None:
    given = a_ticket()
    await stage.gateway.create_room(given.room, most=10)
    stranger = LiveKitGateway(
        address=lambda: stage.server.url, key=stage.server.key, secret="x" * 40, clock=SystemClock()
    )
    with pytest.raises(rtc.ConnectError):
        await rtc.Room().connect(stage.server.url, stranger.token(given))
    assert await stage.gateway.seats(given.room) == ()


def _signed(body: bytes, secret: str, **changes: Any) -> str:
    now = int(time.time())
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": "testkey", "nbf": now, "exp": now + 300, "sha256": digest} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret)


SIGNINGS: Mapping[str, Mapping[str, Any]] = {
    "genuine": {},
    "old": {"exp": int(time.time()) - 3600},
    "a little old": {"exp": int(time.time()) - 5},
    "not yet": {"nbf": int(time.time()) + 3600},
    "without an end": {"exp": None},
    "of another key": {"iss": "otherkey"},
    "of nobody": {"iss": None},
    "without a hash": {"sha256": None},
    "with an empty hash": {"sha256": ""},
    "with another hash": {"sha256": base64.b64encode(hashlib.sha256(b"x").digest()).decode()},
    "with a hash that is none": {"sha256": "không"},
}


@pytest.mark.parametrize("name", SIGNINGS)
async def test_webhooks_are_judged_as_livekit_judges_them(stage: LiveKitStage, name: str) -> None:
    """Golden: livekit-api's own receiver is the measure of our check by hand over the raw bytes."""
    body = _said(room_name(new_id()))
    authorization = _signed(body, stage.server.secret, **SIGNINGS[name])
    receiver = api.WebhookReceiver(api.TokenVerifier(stage.server.key, stage.server.secret))
    try:
        theirs = receiver.receive(body.decode(), authorization)
    except Exception:  # the library raises bare Exception
        with pytest.raises(NotAuthentic):
            stage.gateway.verify_webhook(body, authorization)
        return
    ours = stage.gateway.verify_webhook(body, authorization)
    assert ours is not None
    assert (ours.event_id, ours.room) == (theirs.id, theirs.room.name)
    assert (ours.member, ours.participant_sid) == (theirs.participant.identity, theirs.participant.sid)
    assert int(ours.real_at.timestamp()) == theirs.created_at
    assert ours.since is not None
    assert int(ours.since.timestamp()) == theirs.participant.joined_at


async def test_an_unsigned_token_is_no_signature(stage: LiveKitStage) -> None:
    body = _said(room_name(new_id()))
    claims = jwt.decode(_signed(body, "x" * 40), options={"verify_signature": False})
    with pytest.raises(NotAuthentic):
        stage.gateway.verify_webhook(body, jwt.encode(claims, "", algorithm="none"))


async def test_the_end_of_a_room_names_nobody(stage: LiveKitStage) -> None:
    room = room_name(new_id())
    event = stage.gateway.verify_webhook(*stage.signed(_said(room, event="room_finished", participant=None)))
    assert event is not None
    assert (event.meeting, event.member, event.participant_sid) == (meeting_of(room), None, None)


async def test_events_about_tracks_do_not_concern_us(stage: LiveKitStage) -> None:
    said = _said(room_name(new_id()), event="track_published")
    assert stage.gateway.verify_webhook(*stage.signed(said)) is None


async def test_somebody_else_s_identity_is_nobody(stage: LiveKitStage) -> None:
    said = _said(room_name(new_id()), participant={"identity": "recorder-bot", "sid": "PA_9"})
    event = stage.gateway.verify_webhook(*stage.signed(said))
    assert event is not None
    assert (event.member, event.since) == (None, None)


async def test_a_room_is_seen_again_after_the_server_forgot_it(stage: LiveKitStage) -> None:
    given = a_ticket()
    await stage.gateway.create_room(given.room, most=10)
    stage.server.server.hall.rooms.clear()
    await stage.gateway.create_room(given.room, most=10)
    await stage.enter(given)

    async def listed() -> bool:
        return bool(await stage.gateway.seats(given.room))

    assert await eventually(listed)


async def test_a_server_that_never_started_is_away() -> None:
    gateway = LiveKitGateway(address=lambda: "", key="k", secret="s" * 32, clock=SystemClock())
    with pytest.raises(MediaServerAway):
        await gateway.create_room(room_name(new_id()), most=10)
