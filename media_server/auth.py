"""Tokens: who signed them, what they allow."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from livekit.protocol import models

LEEWAY_S = 10  # clocks of client and server may differ by this much
REFRESH_TTL_S = 600
WEBHOOK_TTL_S = 300

SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
KNOWN_SOURCES = frozenset(int(each) for each in SOURCES.values())


class NotAllowed(Exception):
    """The token is missing, wrong, expired, or does not carry the needed grant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a participant may do inside its room. An empty `sources` means any source."""

    can_subscribe: bool = True
    can_publish: bool = True
    can_publish_data: bool = True
    sources: frozenset[int] = frozenset()
    hidden: bool = False
    can_update_metadata: bool = False
    recorder: bool = False

    def may_publish(self, source: int) -> bool:
        """Whether a track of this `TrackSource` may be published."""
        return self.can_publish and (not self.sources or source in self.sources)

    def to_proto(self) -> models.ParticipantPermission:
        """The same as the protocol's message."""
        return models.ParticipantPermission(
            can_subscribe=self.can_subscribe,
            can_publish=self.can_publish,
            can_publish_data=self.can_publish_data,
            can_publish_sources=[models.TrackSource.Name(each) for each in sorted(self.sources)],
            hidden=self.hidden,
            recorder=self.recorder,
            can_update_metadata=self.can_update_metadata,
        )

    @classmethod
    def from_proto(cls, given: models.ParticipantPermission) -> Permission:
        """What UpdateParticipant sets. Sources this server does not know are left out; such alone: none at all."""
        named = given.can_publish_sources
        known = KNOWN_SOURCES.intersection(named)
        return cls(
            can_subscribe=given.can_subscribe,
            can_publish=given.can_publish and (not named or bool(known)),
            can_publish_data=given.can_publish_data,
            sources=known,
            hidden=given.hidden,
            recorder=given.recorder,
            can_update_metadata=given.can_update_metadata,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """A verified token. Times are seconds since the epoch; `issued_at` is 0 if the token does not tell."""

    key: str
    identity: str = ""
    name: str = ""
    metadata: str = field(default="", repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    kind: str = ""
    room: str = ""
    room_join: bool = False
    room_admin: bool = False
    room_create: bool = False
    room_list: bool = False
    permission: Permission = Permission()
    issued_at: int = 0
    expires_at: int = 0


def read_token(token: str, keys: Mapping[str, str]) -> Grants:
    """Verify signature by issuer, expiry and not-before. Raises `NotAllowed`."""
    try:
        issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
        secret = keys[issuer]
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss"], "verify_iat": False},
        )
        return _grants(issuer, claims)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise NotAllowed("invalid token") from problem


def refresh_token(grants: Grants, keys: Mapping[str, str], now: float) -> str:
    """A later token with the same grants, for a meeting longer than the first one."""
    video = {
        "room": grants.room,
        "roomJoin": grants.room_join,
        "roomAdmin": grants.room_admin,
        "roomCreate": grants.room_create,
        "roomList": grants.room_list,
        **_permission_claims(grants.permission),
    }
    claims = {
        "iss": grants.key,
        "sub": grants.identity,
        "name": grants.name,
        "metadata": grants.metadata,
        "attributes": dict(grants.attributes),
        "kind": grants.kind,
        "video": video,
        "nbf": int(now),
        "iat": int(now),
        "exp": int(now) + REFRESH_TTL_S,
    }
    return jwt.encode(claims, keys[grants.key], algorithm="HS256")


def sign_webhook(body: bytes, key: str, secret: str, now: float) -> str:
    """The value of a webhook's Authorization header (no Bearer): it carries the body's SHA-256."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": key, "nbf": int(now), "exp": int(now) + WEBHOOK_TTL_S, "sha256": digest}
    return jwt.encode(claims, secret, algorithm="HS256")


def check_join(grants: Grants) -> None:
    """A join needs `roomJoin`, a room and an identity."""
    if not (grants.room_join and grants.room and grants.identity):
        raise NotAllowed("no permissions to access the room")


def check_create(grants: Grants) -> None:
    """CreateRoom and DeleteRoom need `roomCreate`."""
    if not grants.room_create:
        raise NotAllowed("permissions denied")


def check_list(grants: Grants) -> None:
    """ListRooms needs `roomList`."""
    if not grants.room_list:
        raise NotAllowed("permissions denied")


def check_admin(grants: Grants, room: str) -> None:
    """Everything about one room needs `roomAdmin` for that very room."""
    if not (grants.room_admin and grants.room == room):
        raise NotAllowed("permissions denied")


def _grants(issuer: str, claims: Mapping[str, Any]) -> Grants:
    video = claims.get("video") or {}
    attributes = claims.get("attributes") or {}
    return Grants(
        key=issuer,
        identity=str(claims.get("sub") or claims.get("identity") or ""),
        name=str(claims.get("name") or ""),
        metadata=str(claims.get("metadata") or ""),
        attributes={str(k): str(v) for k, v in attributes.items()},
        kind=str(claims.get("kind") or ""),
        room=str(video.get("room") or ""),
        room_join=video.get("roomJoin") is True,
        room_admin=video.get("roomAdmin") is True,
        room_create=video.get("roomCreate") is True,
        room_list=video.get("roomList") is True,
        permission=_permission(video),
        issued_at=int(claims.get("iat") or claims.get("nbf") or 0),
        expires_at=int(claims["exp"]),
    )


def _permission(video: Mapping[str, Any]) -> Permission:
    named = video.get("canPublishSources") or []
    known = frozenset(int(SOURCES[each]) for each in named if each in SOURCES)
    return Permission(
        can_subscribe=video.get("canSubscribe", True) is not False,
        can_publish=video.get("canPublish", True) is not False and (not named or bool(known)),
        can_publish_data=video.get("canPublishData", True) is not False,
        sources=known,
        hidden=video.get("hidden") is True,
        can_update_metadata=video.get("canUpdateOwnMetadata") is True,
        recorder=video.get("recorder") is True,
    )


def _permission_claims(permission: Permission) -> dict[str, Any]:
    names = {int(value): name for name, value in SOURCES.items()}
    return {
        "canSubscribe": permission.can_subscribe,
        "canPublish": permission.can_publish,
        "canPublishData": permission.can_publish_data,
        "canPublishSources": [names[each] for each in sorted(permission.sources) if each in names],
        "hidden": permission.hidden,
        "canUpdateOwnMetadata": permission.can_update_metadata,
        "recorder": permission.recorder,
    }
