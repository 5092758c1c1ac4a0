"""One participant: who it is, what it may do, its peer connections. It decides nothing about others."""

from __future__ import annotations

import asyncio
import logging
import secrets
import string
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

from livekit.protocol import models, rtc

from media_server.auth import Grants, Permission
from media_server.downlink import Downlink
from media_server.exchange import connect_legs
from media_server.ice import IceMux
from media_server.join import JoinParams
from media_server.publication import Publication
from media_server.quality import Losses, judge
from media_server.transport import LOSSY, PeerTransport, RTCCertificate
from media_server.uplink import Uplink

log = logging.getLogger(__name__)

SID_ALPHABET = string.ascii_letters + string.digits


class Link(Protocol):
    """A signal connection."""

    def send(self, message: bytes) -> None:
        """Queue one serialised SignalResponse."""

    def close_soon(self) -> None:
        """Close after what is queued was sent."""


class Events(Protocol):
    """What a participant's peer connections tell its room. None may raise."""

    def on_active(self, participant: Participant) -> None:
        """The subscriber connection is up."""

    def on_failed(self, participant: Participant) -> None:
        """A peer connection is down for good."""

    def on_level(self, participant: Participant, track_sid: str, level: int, timestamp: int) -> None:
        """An audio packet's level (0 loudest, 127 silence) and RTP time."""

    def on_data(self, participant: Participant, message: bytes, *, lossy: bool) -> None:
        """A data packet arrived."""


class Participant:
    """In a room from join to leave; survives the loss of its signal connection for a while."""

    def __init__(
        self, grants: Grants, params: JoinParams, mux: IceMux, certificate: RTCCertificate, events: Events
    ) -> None:
        self.grants = grants
        self.params = params
        self.identity = grants.identity
        self.sid = new_sid("PA_")
        self.name = grants.name
        self.metadata = _allowed_metadata(grants, params)
        self.attributes: dict[str, str] = {**grants.attributes, **_allowed_attributes(grants, params)}
        self.permission: Permission = grants.permission
        self.state: int = models.ParticipantInfo.JOINED
        self.joined_at = time.time()
        self.version = 1
        self.reason: int = models.DisconnectReason.UNKNOWN_REASON
        self.closed = False
        self.link: Link | None = None
        self.link_lost_at: float | None = None
        self.started_at = time.monotonic()
        self.last_sequence = 0
        self.pending: dict[str, Publication] = {}
        self.publications: dict[str, Publication] = {}
        self.wanted: dict[str, bool] = {}
        self.settings: dict[str, rtc.UpdateTrackSettings] = {}  # what it said of tracks, by their sid
        self.denied: set[str] = set()  # sids of tracks it was told it may not receive
        self.audience: Audience = Audience()
        self._info: models.ParticipantInfo | None = None
        self._events = events
        legs = connect_legs(params, mux, certificate, self)
        self._losses = Losses()
        self.uplink = Uplink(legs.publisher, partial(events.on_level, self), self.send)
        self.downlink = Downlink(legs.subscriber, legs.exchange, self.sid, params, self._losses, self.send)

    def touch(self) -> None:
        """Something others see has changed: the next look at it is a new version."""
        self.version += 1
        self._info = None

    def info(self) -> models.ParticipantInfo:
        """What others see, made once for each version: everybody who joins is told of everybody."""
        if self._info is None:
            self._info = self._describe()
        return self._info

    def _describe(self) -> models.ParticipantInfo:
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            state=models.ParticipantInfo.State.Name(self.state),
            tracks=[each.info for each in self.publications.values()],
            metadata=self.metadata,
            joined_at=int(self.joined_at),
            joined_at_ms=int(self.joined_at * 1000),
            name=self.name,
            version=self.version,
            permission=self.permission.to_proto(),
            is_publisher=bool(self.publications),
            kind=_kind(self.grants.kind),
            attributes=self.attributes,
            disconnect_reason=models.DisconnectReason.Name(self.reason),
            client_protocol=self.params.client_protocol,
        )

    def send(self, response: rtc.SignalResponse) -> None:
        """Send on the signal connection, if there is one."""
        self.send_bytes(response.SerializeToString())

    def send_bytes(self, message: bytes) -> None:
        """The same for a message already serialised once for many."""
        if self.link is not None:
            self.link.send(message)

    def rename(self, *, name: str, metadata: str, attributes: Mapping[str, str]) -> None:
        """Change what is given; an attribute with an empty value is removed."""
        self.name = name or self.name
        self.metadata = metadata or self.metadata
        for key, value in attributes.items():
            if value:
                self.attributes[key] = value
            else:
                self.attributes.pop(key, None)

    def current_grants(self) -> Grants:
        """The grants as they are now, for a later token."""
        return replace(
            self.grants,
            name=self.name,
            metadata=self.metadata,
            attributes=dict(self.attributes),
            permission=self.permission,
        )

    @property
    def receives_apart(self) -> bool:
        """Whether it receives on a connection of its own, apart from the one it publishes on."""
        return self.downlink.transport is not self.uplink.transport

    def silent_for(self, now: float) -> float:
        """Seconds without an ICE check on any connection."""
        checks = (
            self.uplink.transport.ice.last_check,
            self.downlink.transport.ice.last_check,
            self.started_at,
        )
        return now - max(checks)

    def note_allowed(self, publication: Publication, *, allowed: bool) -> None:
        """Whether the publisher lets it receive a track; it is told when that is no, and when it changes."""
        if allowed == (publication.sid not in self.denied):
            return
        (self.denied.discard if allowed else self.denied.add)(publication.sid)
        told = rtc.SubscriptionPermissionUpdate(
            participant_sid=publication.publisher_sid, track_sid=publication.sid, allowed=allowed
        )
        self.send(rtc.SignalResponse(subscription_permission_update=told))

    def quality(self, now: float) -> int | None:
        """How well it is connected since the last call; None if nobody shall know."""
        if self.state != models.ParticipantInfo.ACTIVE or self.permission.hidden:
            return None
        return judge(self._losses.sum_up(*self.uplink.counts()), self.silent_for(now))

    def watches(self) -> set[str]:
        """The sids of those it receives something from."""
        return {each.publication.publisher_sid for each in self.downlink.subscriptions.values()}

    async def close(self) -> None:
        """End every peer connection."""
        self.closed = True
        self.downlink.close()
        transports = {self.uplink.transport, self.downlink.transport}
        await asyncio.gather(*(each.close() for each in transports))

    def on_connected(self, transport: PeerTransport) -> None:
        """The subscriber connection counts as the connection."""
        if transport is self.downlink.transport and not self.closed:
            self._events.on_active(self)

    def on_closed(self, _transport: PeerTransport) -> None:
        """Closed by the client, or the handshake failed."""
        if not self.closed:
            self._events.on_failed(self)

    def on_rtp(self, transport: PeerTransport, packet: bytes) -> None:
        """Media only comes on the publisher connection."""
        if transport is self.uplink.transport:
            self.uplink.on_rtp(packet)

    def on_rtcp(self, transport: PeerTransport, packet: bytes) -> None:
        """Reports of a sender, or feedback of a receiver."""
        if transport is self.uplink.transport:
            self.uplink.on_rtcp(packet)
        if transport is self.downlink.transport:
            self.downlink.on_rtcp(packet)

    def on_data(self, transport: PeerTransport, label: str, payload: bytes) -> None:
        """Data only comes on the publisher connection, whose bound is the sender's."""
        if transport is self.uplink.transport:
            self._events.on_data(self, payload, lossy=label == LOSSY)


class Audience:
    """Who may receive a publisher's tracks: everybody, until the publisher says otherwise."""

    def __init__(self, request: rtc.SubscriptionPermission | None = None) -> None:
        self.open = request is None or request.all_participants
        self._tracks: dict[str, set[str] | None] = {}
        for each in request.track_permissions if request is not None else ():
            allowed = None if each.all_tracks else set(each.track_sids)
            self._tracks[each.participant_identity or each.participant_sid] = allowed

    def allows(self, identity: str, sid: str, track_sid: str) -> bool:
        """Whether this subscriber may receive this track."""
        if self.open:
            return True
        for name in (identity, sid):
            if name in self._tracks:
                tracks = self._tracks[name]
                return tracks is None or track_sid in tracks
        return False


def new_sid(prefix: str) -> str:
    """A random sid: the prefix tells the kind."""
    return prefix + "".join(secrets.choice(SID_ALPHABET) for _ in range(12))


def _kind(name: str) -> str:
    known = dict(models.ParticipantInfo.Kind.items())
    return name.upper() if name.upper() in known else "STANDARD"


def _allowed_metadata(grants: Grants, params: JoinParams) -> str:
    own = params.metadata if grants.permission.can_update_metadata else ""
    return own or grants.metadata


def _allowed_attributes(grants: Grants, params: JoinParams) -> Mapping[str, str]:
    return params.attributes if grants.permission.can_update_metadata else {}
