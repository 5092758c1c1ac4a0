"""The one file of the application that knows LiveKit (livekit-api 1.2): rooms, tokens, webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
from livekit import api

from meetings.kernel.clock import Clock, real_now
from meetings.kernel.ids import BadId, parse_id
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

# The server's own room times: an emptied room stays for late comers; it ends by itself after a day.
_EMPTY_SECONDS = 1800
_LEEWAY_SECONDS = 60  # clocks of two machines differ; livekit's own verifier allows as much

_KINDS = {
    "participant_joined": PresenceKind.JOINED,
    "participant_left": PresenceKind.LEFT,
    "participant_connection_aborted": PresenceKind.LEFT,
    "room_finished": PresenceKind.ROOM_ENDED,
}


class LiveKitGateway:
    """`address()` tells the server's http(s) address, asked for when first needed: an embedded server picks
    its port at start. Webhooks are signed with `webhook` (key, secret). Times are mapped to `clock`.
    """

    def __init__(
        self,
        *,
        address: Callable[[], str],
        key: str,
        secret: str,
        webhook: tuple[str, str] | None = None,
        clock: Clock,
    ) -> None:
        self._address = address
        self._key, self._secret = key, secret
        self._webhook = webhook or (key, secret)
        self._clock = clock
        self._api: api.LiveKitAPI | None = None

    @asynccontextmanager
    async def _rooms(self, absent: str | None = None) -> AsyncIterator[Any]:
        """The RoomService; `absent`: the error code that means the thing is gone already."""
        server = self._server()
        try:
            yield server.room
        except api.TwirpError as exc:
            if exc.code != absent:
                raise MediaServerAway from exc
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise MediaServerAway from exc

    def _server(self) -> api.LiveKitAPI:
        """Raises MediaServerAway while there is no address: the embedded server did not start."""
        if self._api is None:
            if not (address := self._address()):
                raise MediaServerAway
            timeout = aiohttp.ClientTimeout(total=10)
            self._api = api.LiveKitAPI(address, self._key, self._secret, timeout=timeout, failover=False)
        return self._api

    async def create_room(self, room: str, *, most: int) -> None:
        """See Gateway."""
        async with self._rooms() as rooms:
            await rooms.create_room(
                api.CreateRoomRequest(name=room, empty_timeout=_EMPTY_SECONDS, max_participants=most)
            )

    async def close_room(self, room: str) -> None:
        """See Gateway."""
        async with self._rooms("not_found") as rooms:
            await rooms.delete_room(api.DeleteRoomRequest(room=room))

    async def remove(self, room: str, identity: str) -> None:
        """See Gateway."""
        async with self._rooms("not_found") as rooms:
            await rooms.remove_participant(api.RoomParticipantIdentity(room=room, identity=identity))

    async def seats(self, room: str) -> tuple[Seat, ...]:
        """See Gateway."""
        found: list[Seat] = []
        async with self._rooms("not_found") as rooms:
            answer = await rooms.list_participants(api.ListParticipantsRequest(room=room))
            found = [self._seat(person) for person in answer.participants if person.state == 2]  # ACTIVE
        return tuple(found)

    def _seat(self, person: Any) -> Seat:
        return Seat(
            sid=person.sid, member=_member(person.identity), since=self._domain(_since(person.joined_at))
        )

    def token(self, ticket: Ticket) -> str:
        """See Gateway. Nobody gets roomAdmin: who removes whom is decided here, not by a client."""
        grants = api.VideoGrants(
            room_join=True,
            room=ticket.room,
            can_publish=bool(ticket.rights.publish),
            can_publish_sources=sorted(source.value for source in ticket.rights.publish),
            can_subscribe=ticket.rights.subscribe,
            can_publish_data=ticket.rights.data,
            can_update_own_metadata=False,
        )
        token = api.AccessToken(self._key, self._secret).with_identity(ticket.identity)
        return token.with_name(ticket.name).with_grants(grants).with_ttl(ticket.life).to_jwt()

    def verify_webhook(self, body: bytes, authorization: str) -> PresenceEvent | None:
        """See Gateway. Checked by hand over the raw bytes: four times cheaper than parsing into protobuf."""
        self._check(body, authorization)
        try:
            event = orjson.loads(body)
            kind = _KINDS.get(event["event"])
            return None if kind is None else self._event(event, kind)
        except BadRoomName:
            return None  # a room of somebody else on the same server
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            raise BadWebhook from None

    def _check(self, body: bytes, authorization: str) -> None:
        key, secret = self._webhook
        claimed = _signed_digest(authorization.removeprefix("Bearer "), key, secret.encode())
        if not hmac.compare_digest(claimed, hashlib.sha256(body).digest()):
            raise NotAuthentic

    def _event(self, event: dict[str, Any], kind: PresenceKind) -> PresenceEvent:
        room = event["room"]["name"]
        person = event.get("participant") or {}
        happened = datetime.fromtimestamp(int(event["createdAt"]), UTC)
        ended = kind is PresenceKind.ROOM_ENDED
        return PresenceEvent(
            event_id=str(event["id"])[:100],
            kind=kind,
            room=room,
            meeting=meeting_of(room),
            source=PresenceSource.WEBHOOK,
            at=self._domain(happened),
            real_at=happened,
            member=None if ended else _member(person["identity"]),
            participant_sid=None if ended else str(person["sid"])[:100],
            since=self._domain(_since(int(person.get("joinedAt", 0)))),
        )

    def _domain(self, real: datetime | None) -> Any:
        """Real time of the server as domain time: the same distance before now, at the clock's pace."""
        if real is None:
            return None
        return self._clock.at(real)

    async def close(self) -> None:
        """See Gateway."""
        if self._api is not None:
            await self._api.aclose()
            self._api = None


def _since(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _member(identity: str) -> str | None:
    try:
        return parse_id(identity)
    except BadId:
        return None


def _signed_digest(token: str, key: str, secret: bytes) -> bytes:
    """The body's SHA-256 that a webhook's token vouches for (JWT under HS256: RFC 7515, 7518 3.2, 7519; May 2015).

    By hand, as the library spends more on one token than all the rest of a webhook costs. Raises NotAuthentic.
    """
    try:
        signed, _, signature = token.encode("ascii").rpartition(b".")
        if not hmac.compare_digest(_base64url(signature), hmac.digest(secret, signed, "sha256")):
            raise NotAuthentic
        head, claims = (orjson.loads(_base64url(part)) for part in signed.split(b"."))
        now = real_now().timestamp()
        in_force = claims["exp"] > now - _LEEWAY_SECONDS and claims.get("nbf", 0) <= now + _LEEWAY_SECONDS
        if head["alg"] != "HS256" or "crit" in head or claims["iss"] != key or not in_force:
            raise NotAuthentic
        return base64.b64decode(claims["sha256"], validate=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise NotAuthentic from None


def _base64url(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), b"-_", validate=True)
