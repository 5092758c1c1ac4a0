"""In-memory twin of the media server: rooms, seats and webhooks that a test moves by hand."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from itertools import count

import orjson

from meetings.kernel.clock import Clock
from meetings.rooms.ports import BadWebhook, MediaServerAway, NotAuthentic
from meetings.rooms.rules import (
    BadRoomName,
    PresenceEvent,
    PresenceKind,
    PresenceSource,
    Seat,
    Ticket,
    meeting_of,
)


class MemoryGateway:
    """Passes the same contract suite as LiveKitGateway."""

    def __init__(self, clock: Clock, secret: str = "memory-only") -> None:  # noqa: S107  no secret: a twin for tests
        self._clock = clock
        self._secret = secret.encode()
        self._numbers = count(1)
        self.rooms: dict[str, dict[str, Seat]] = {}
        self.away = False

    async def create_room(self, room: str, *, most: int) -> None:
        """See Gateway."""
        self._answering()
        self.rooms.setdefault(room, {})
        del most

    async def close_room(self, room: str) -> None:
        """See Gateway."""
        self._answering()
        self.rooms.pop(room, None)

    async def remove(self, room: str, identity: str) -> None:
        """See Gateway."""
        self._answering()
        self.rooms.get(room, {}).pop(identity, None)

    async def seats(self, room: str) -> tuple[Seat, ...]:
        """See Gateway."""
        self._answering()
        return tuple(self.rooms.get(room, {}).values())

    def token(self, ticket: Ticket) -> str:
        """See Gateway."""
        return f"{ticket.room}:{ticket.identity}"

    def verify_webhook(self, body: bytes, authorization: str) -> PresenceEvent | None:
        """See Gateway."""
        if not hmac.compare_digest(authorization.encode(), self.sign(body).encode()):
            raise NotAuthentic
        try:
            return _event(orjson.loads(body))
        except BadRoomName:
            return None
        except (KeyError, TypeError, ValueError):
            raise BadWebhook from None

    async def close(self) -> None:
        """See Gateway."""

    def join(self, room: str, identity: str) -> tuple[bytes, str]:
        """Somebody comes in; returns the webhook (body, authorization) that a server would send."""
        seat = Seat(sid=f"PA_{next(self._numbers)}", member=identity, since=self._clock.now())
        self.rooms.setdefault(room, {})[identity] = seat
        return self._webhook(PresenceKind.JOINED, room, seat)

    def leave(self, room: str, identity: str) -> tuple[bytes, str]:
        """Somebody goes; returns the webhook."""
        return self._webhook(PresenceKind.LEFT, room, self.rooms[room].pop(identity))

    def _webhook(self, kind: PresenceKind, room: str, seat: Seat) -> tuple[bytes, str]:
        body = orjson.dumps(
            {
                "id": f"EV_{next(self._numbers)}",
                "kind": kind.value,
                "room": room,
                "at": self._clock.now().isoformat(),
                "member": seat.member,
                "sid": seat.sid,
            }
        )
        return body, self.sign(body)

    def sign(self, body: bytes) -> str:
        """The authorization that goes with a body."""
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()

    def _answering(self) -> None:
        if self.away:
            raise MediaServerAway


def _event(said: dict[str, str]) -> PresenceEvent:
    at = datetime.fromisoformat(said["at"])
    return PresenceEvent(
        event_id=said["id"],
        kind=PresenceKind(said["kind"]),
        room=said["room"],
        meeting=meeting_of(said["room"]),
        source=PresenceSource.WEBHOOK,
        at=at,
        real_at=at,
        member=said["member"],
        participant_sid=said["sid"],
    )
