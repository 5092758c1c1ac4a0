"""All rooms of the process, and who may come in."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from livekit.protocol import models, rtc
from livekit.protocol.room import CreateRoomRequest

from media_server.auth import Grants, refresh_token
from media_server.certificates import DailyCertificate
from media_server.config import MediaConfig
from media_server.failures import log_failure
from media_server.ice import IceMux
from media_server.join import JoinParams
from media_server.metrics import Histogram
from media_server.participant import Participant
from media_server.room import TICK_S, Room
from media_server.webhooks import Webhooks

log = logging.getLogger(__name__)

REFRESH_TICKS = round(300 / TICK_S)
LAG_WARNING_S = 0.25
STOPPED_S = 3.0  # a clock that did not tick for so long is not one
TRACK_EVENTS = ("track_published", "track_unpublished")


class Refused(Exception):
    """A join is refused with this HTTP status and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Hall:
    """Creates and ends rooms, keeps their clock."""

    def __init__(self, config: MediaConfig, mux: IceMux, webhooks: Webhooks) -> None:
        self.config = config
        self.rooms: dict[str, Room] = {}
        self._mux = mux
        self._webhooks = webhooks
        self._tasks: set[asyncio.Task[None]] = set()
        self._certificates = DailyCertificate()
        self.lag = Histogram()
        self._ticks = 0
        self._ticked_at: float | None = None  # None: the clock does not run
        self._failing: set[str] = set()  # sids of rooms whose failures were told
        self.closing = False

    def create(self, request: CreateRoomRequest) -> Room:
        """The room of this name, made if it is not there. Raises `Refused` when there are too many."""
        room = self.rooms.get(request.name)
        if room is not None:
            return room
        if len(self.rooms) >= self.config.limits.rooms:
            raise Refused(503, "too many rooms")
        room = Room(request, self.config.limits, self._observe, self.spawn)
        self.rooms[request.name] = room
        return room

    def delete(
        self, room: Room, reason: int, end_reason: int, action: int = rtc.LeaveRequest.DISCONNECT
    ) -> None:
        """End a room: everybody leaves with this reason."""
        if self.rooms.get(room.name) is room:
            del self.rooms[room.name]
        for participant in list(room.participants.values()):
            try:
                room.leave(participant, reason, action=action)
            except Exception as problem:  # the others are still to be told
                log_failure(log, "participant did not leave in order", problem)
                self.spawn(participant.close())
        self._failing.discard(room.sid)
        self._webhooks.emit("room_finished", room.info(), end_reason=end_reason)

    def room_to_join(self, grants: Grants) -> Room:
        """The room a token is for, if its holder may come in now. Raises `Refused`."""
        if self.closing:
            raise Refused(503, "server is stopping")
        room = self.rooms.get(grants.room)
        if room is None:
            if not self.config.auto_create:
                raise Refused(404, "requested room does not exist")
            room = self.create(CreateRoomRequest(name=grants.room))
        if room.is_removed(grants.identity, grants.issued_at):
            raise Refused(403, "participant was removed")
        if room.is_full(grants.identity):
            raise Refused(403, "room has exceeded its max participants")
        return room

    def admit(self, room: Room, grants: Grants, params: JoinParams) -> Participant:
        """A new participant of the room."""
        participant = Participant(grants, params, self._mux, self._certificates.current(), room)
        room.enter(participant)
        return participant

    def send_refresh(self, participant: Participant) -> None:
        """Give a participant a later token, so that it can come back when the first one has expired."""
        token = refresh_token(participant.current_grants(), self.config.keys, time.time())
        participant.send(rtc.SignalResponse(refresh_token=token))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background; `close` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Keep the clock of all rooms, until cancelled."""
        due = self._ticked_at = time.monotonic()
        try:
            while True:
                due += TICK_S
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                now = time.monotonic()
                self.lag.observe(now - due)
                if now - due > LAG_WARNING_S:
                    log.warning("event loop lags", extra={"seconds": round(now - due, 3)})
                    due = now
                self._tick(now)
                self._ticked_at = now
        finally:
            self._ticked_at = None

    def ticks(self, now: float) -> bool:
        """Whether the clock runs, and ticked not long ago. `now` is monotonic."""
        return self._ticked_at is not None and now - self._ticked_at < STOPPED_S

    async def close(self, spread_s: float = 0.0) -> None:
        """End all rooms, spread over this time, and make no more; clients are told to connect again."""
        self.closing = True
        rooms = list(self.rooms.values())
        for room in rooms:
            if spread_s:
                await asyncio.sleep(spread_s / len(rooms))
            self.delete(
                room,
                models.DisconnectReason.SERVER_SHUTDOWN,
                models.RoomEndReason.ROOM_END_SERVER_SHUTDOWN,
                rtc.LeaveRequest.RECONNECT,
            )
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=1.0)

    def _tick(self, now: float) -> None:
        self._ticks += 1
        for room in list(self.rooms.values()):
            try:
                self._tend(room, now)
            except Exception as problem:  # one room's trouble is nobody else's
                if room.sid not in self._failing:
                    self._failing.add(room.sid)
                    log_failure(log, "room failed at its tick", problem)

    def _tend(self, room: Room, now: float) -> None:
        room.tick(now)
        if self._ticks % REFRESH_TICKS == 0:
            for participant in room.participants.values():
                self.send_refresh(participant)
        if room.overdue(now):
            self.delete(room, models.DisconnectReason.ROOM_CLOSED, models.RoomEndReason.ROOM_END_IDLE_TIMEOUT)

    def _observe(
        self,
        event: str,
        room: Room,
        participant: models.ParticipantInfo | None = None,
        track: models.TrackInfo | None = None,
    ) -> None:
        if event in TRACK_EVENTS and participant is not None:
            participant = models.ParticipantInfo(sid=participant.sid, identity=participant.identity)
        self._webhooks.emit(event, room.info(), participant, track)
