"""The signal connection: a WebSocket of binary protobuf, from join or resume to the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace

from aiohttp import WSCloseCode, WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from media_server import VERSION
from media_server.auth import Grants, NotAllowed, check_join, read_token
from media_server.config import Limits
from media_server.failures import log_failure
from media_server.hall import Hall, Refused
from media_server.http_door import token_of
from media_server.join import BadJoin, JoinParams, from_join_request, from_query, from_wrapped
from media_server.participant import Participant
from media_server.requests import Requests, fits
from media_server.room import Room

log = logging.getLogger(__name__)

PING_INTERVAL_S = 5
PING_TIMEOUT_S = 15
FASTEST_S = 0.002  # a client that sends faster than this for long is slowed down
BURST = 500
BYTES = 2048  # of a message cost as much time as one more message
LARGE = 16 * 1024  # bytes; after such a message others have their turn
MOST_MALFORMED = 20  # messages of one connection that are no SignalRequest; then it is closed
PROTOCOL = 15


class SocketLink:
    """Sends in order; a client that does not read is cut off rather than remembered without bound."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, limits: Limits
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._dead = False
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(limits.signal_queue)
        self._writer = asyncio.create_task(self._write())

    def send(self, message: bytes) -> None:
        """Queue one message; nothing, once the client was cut off."""
        if self._dead:
            return
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            log.warning("signal queue full, client cut off")
            self._cut_off()

    def close_soon(self) -> None:
        """Close when the queue is empty."""
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    async def finish(self) -> None:
        """Wait a moment for what is queued, then close."""
        self.close_soon()
        await asyncio.wait([self._writer], timeout=1.0)
        if not self._writer.done():
            self._cut_off()
        await asyncio.gather(self._writer, return_exceptions=True)

    def _cut_off(self) -> None:
        """Without a goodbye: who does not read would not read that either, and closing would wait for it."""
        self._dead = True
        self._writer.cancel()
        if self._transport is not None:
            self._transport.abort()

    async def _write(self) -> None:
        try:
            while (message := await self._queue.get()) is not None:
                await self._socket.send_bytes(message)
        except (ConnectionError, RuntimeError):
            return
        finally:
            await self._socket.close()


class Pace:
    """How fast one client may ask: many messages at once, then as fast as is fair, by number and by size."""

    def __init__(self, now: float) -> None:
        self._credit = float(BURST)
        self._last = now

    def after(self, size: int, now: float) -> float:
        """Seconds to wait after a message of this many bytes before the next one is read."""
        earned = (now - self._last) / FASTEST_S
        self._credit, self._last = min(BURST, self._credit + earned) - 1 - size / BYTES, now
        return max(0.0, -self._credit * FASTEST_S)


class Signal:
    """The routes of signalling."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._limits = hall.config.limits
        self._sockets: set[web.WebSocketResponse] = set()

    async def validate(self, request: web.Request) -> web.Response:
        """Tell why a connection would fail: 200, 400, 401, 403 or 404."""
        try:
            self._check(request)
        except Refused as refusal:
            return web.Response(status=refusal.status, text=refusal.text)
        return web.Response(text="success")

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket itself."""
        try:
            _, grants, params = self._check(request)
        except Refused as refusal:
            return web.Response(status=refusal.status, text=refusal.text)
        socket = web.WebSocketResponse(
            max_msg_size=self._limits.signal_message, compress=False, autoping=True
        )
        if not socket.can_prepare(request):
            return web.Response(status=404)
        await socket.prepare(request)
        self._sockets.add(socket)
        link = SocketLink(socket, request.transport, self._limits)
        try:
            await self._serve(socket, link, self._hall.room_to_join(grants), grants, params)
        except Refused:  # the room ended, or the last place was taken, while the socket was made
            link.send(_leave(models.DisconnectReason.STATE_MISMATCH).SerializeToString())
        finally:
            self._sockets.discard(socket)
            await link.finish()
        return socket

    async def close(self) -> None:
        """Close what is still open."""
        await asyncio.gather(*(each.close() for each in list(self._sockets)), return_exceptions=True)

    def _check(self, request: web.Request) -> tuple[Room, Grants, JoinParams]:
        try:
            grants = read_token(token_of(request), self._hall.config.keys)
            check_join(grants)
            params = _params(request)
        except NotAllowed as problem:
            raise Refused(401, str(problem)) from problem
        except BadJoin as problem:
            raise Refused(400, str(problem)) from problem
        attributes = {**grants.attributes, **params.attributes}
        metadata = max(grants.metadata, params.metadata, key=len)
        if not fits(self._limits, grants.identity + grants.name, metadata, attributes):
            raise Refused(400, "identity, name, metadata or attributes too large")
        return self._hall.room_to_join(grants), grants, params

    async def _serve(
        self, socket: web.WebSocketResponse, link: SocketLink, room: Room, grants: Grants, params: JoinParams
    ) -> None:
        participant = self._resume(link, room, grants, params) if params.reconnect else None
        if params.reconnect and participant is None:
            link.send(_leave(models.DisconnectReason.STATE_MISMATCH).SerializeToString())
            return
        if participant is None:
            participant = self._join(link, room, grants, params)
        requests = Requests(self._hall, room, participant)
        for each in params.requests:
            _do(requests, each)
        try:
            await self._read(socket, requests)
        finally:
            if participant.link is link:
                participant.link = None
                participant.link_lost_at = time.monotonic()

    def _join(self, link: SocketLink, room: Room, grants: Grants, params: JoinParams) -> Participant:
        participant = self._hall.admit(room, grants, replace(params, requests=()))  # done once, not kept
        participant.link = link
        join = rtc.JoinResponse(
            room=room.info(),
            participant=participant.info(),
            other_participants=room.others(participant),
            server_version=VERSION,
            server_info=_server_info(),
            subscriber_primary=participant.receives_apart,
            fast_publish=True,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            enabled_publish_codecs=[models.Codec(mime="audio/opus"), models.Codec(mime="video/VP8")],
        )
        participant.send(rtc.SignalResponse(join=join))
        self._hall.send_refresh(participant)
        room.settle(participant)
        return participant

    def _resume(self, link: SocketLink, room: Room, grants: Grants, params: JoinParams) -> Participant | None:
        participant = room.find(params.sid)
        if participant is None or participant.identity != grants.identity:
            return None
        if participant.link is not None:
            participant.link.close_soon()
        participant.link, participant.link_lost_at = link, None
        reconnect = rtc.ReconnectResponse(
            server_info=_server_info(), last_message_seq=participant.last_sequence
        )
        participant.send(rtc.SignalResponse(reconnect=reconnect))
        everybody = [*room.others(participant), participant.info()]
        participant.send(rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=everybody)))
        participant.send(rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room.info())))
        self._hall.send_refresh(participant)
        participant.downlink.restart()
        return participant

    async def _read(self, socket: web.WebSocketResponse, requests: Requests) -> None:
        pace, malformed = Pace(time.monotonic()), 0
        while True:
            try:
                message = await socket.receive(timeout=self._limits.signal_silence_s)
            except TimeoutError:
                return
            if message.type is WSMsgType.BINARY:
                malformed += not _handle(requests, message.data)
            elif message.type is not WSMsgType.TEXT:
                return
            if malformed > MOST_MALFORMED:
                await socket.close(code=WSCloseCode.INVALID_TEXT, message=b"malformed messages")
                return
            size = len(message.data)
            pause = pace.after(size, time.monotonic())
            if pause or size >= LARGE:
                await asyncio.sleep(pause)


def _handle(requests: Requests, payload: bytes) -> bool:
    """Do what is asked; False if it cannot be read."""
    try:
        request = rtc.SignalRequest.FromString(payload)
    except DecodeError:
        log.warning("signal message malformed")
        return False
    _do(requests, request)
    return True


def _do(requests: Requests, request: rtc.SignalRequest) -> None:
    try:
        requests.handle(request)
    except Exception as problem:  # one client's request never ends more than itself
        log_failure(log, "signal request failed", problem)


def _params(request: web.Request) -> JoinParams:
    if not request.path.startswith("/rtc/v1"):
        return from_query(request.query)
    return from_join_request(from_wrapped(request.query.get("join_request", "")))


def _server_info() -> models.ServerInfo:
    return models.ServerInfo(version=VERSION, protocol=PROTOCOL, edition=models.ServerInfo.Standard)


def _leave(reason: models.DisconnectReason) -> rtc.SignalResponse:
    return rtc.SignalResponse(leave=rtc.LeaveRequest(reason=reason, action=rtc.LeaveRequest.RECONNECT))
