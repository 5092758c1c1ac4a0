"""What one participant receives: sections offered to it, media out, requests back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from livekit.protocol import rtc

from media_server import rtcp, sdp
from media_server.forward import Shape, write_rtp
from media_server.join import JoinParams
from media_server.negotiate import Slots
from media_server.publication import Publication
from media_server.transport import LARGEST_MESSAGE, PeerTransport


@dataclass(slots=True, kw_only=True)
class Subscription:
    """A track in a section of one subscriber. It flows once the client knows its SSRC and wants it."""

    publication: Publication
    mid: str
    ssrc: int
    known: bool = False
    disabled: bool = False


class Downlink:
    """The subscriber leg; the server offers, the client answers."""

    def __init__(
        self,
        transport: PeerTransport,
        sid: str,
        client: JoinParams,
        send: Callable[[rtc.SignalResponse], None],
    ) -> None:
        self.transport = transport
        self.subscriptions: dict[str, Subscription] = {}  # by track sid
        self._sid = sid
        self._send = send
        self._client = client
        self._slots = Slots(remembers_streams=client.remembers_streams)
        self._session = secrets.randbits(53)
        self._offered: set[str] = set()

    def subscribe(self, publication: Publication) -> None:
        """Offer the track with the next offer."""
        sid, publisher = publication.sid, publication.publisher_sid
        ssrc = self._fresh_ssrc(publication)
        track = sdp.Downtrack(stream=f"{publisher}|{sid}", track=sid, ssrc=ssrc, cname=publisher)
        name = _stream_name(publication.info.stream) if self._client.names_tracks else ""
        mid = self._slots.place(publication.kind, track, f"{publisher}|{name}" if name else "")
        self.subscriptions[sid] = Subscription(publication=publication, mid=mid, ssrc=ssrc)

    def unsubscribe(self, track_sid: str) -> None:
        """Take the track away with the next offer, and stop it now."""
        subscription = self.subscriptions.pop(track_sid, None)
        if subscription is not None:
            subscription.publication.disconnect(self._sid)
            self._slots.release(subscription.mid)

    def set_disabled(self, track_sid: str, *, disabled: bool) -> None:
        """Stop or resume a track without negotiation."""
        subscription = self.subscriptions.get(track_sid)
        if subscription is not None:
            subscription.disabled = disabled
            self._apply(subscription)

    def negotiate(self) -> None:
        """Send an offer if something changed and none is in flight."""
        due = self._slots.next_offer()
        if due is None:
            return
        offer_id, slots = due
        ice = self.transport.ice
        local = sdp.Local(
            ufrag=ice.current.ufrag,
            pwd=ice.current.pwd,
            fingerprint=self.transport.fingerprint,
            candidates=ice.candidates(),
            largest_message=LARGEST_MESSAGE,
        )
        text = sdp.build_offer(slots, local, self._session, offer_id)
        self._send(rtc.SignalResponse(offer=rtc.SessionDescription(type="offer", sdp=text, id=offer_id)))

    def answered(self, answer: rtc.SessionDescription) -> list[Publication]:
        """The client's answer: start what it now knows; return tracks that became known. Raises `BadSdp`."""
        description = sdp.parse(answer.sdp)
        known = self._slots.answered(answer.id)
        if known is None:
            return []
        if description.fingerprints:
            self.transport.start(description.fingerprints, data=True)
        started = []
        for subscription in self.subscriptions.values():
            if not subscription.known and subscription.ssrc in known:
                subscription.known = True
                started.append(subscription.publication)
                self._apply(subscription)
        self.negotiate()
        return started

    def restart(self) -> None:
        """New ICE credentials and a new offer, after the client lost its signal connection."""
        self.transport.ice.restart()
        self._slots.restart()
        self.negotiate()

    def on_rtcp(self, data: bytes) -> None:
        """Send again what was lost; pass on the wish for a key frame."""
        feedback = rtcp.read(data)
        if not feedback.nacks and not feedback.keyframes:
            return
        for subscription in self.subscriptions.values():
            if subscription.ssrc in feedback.keyframes:
                subscription.publication.keyframe_due = True
            if subscription.ssrc in feedback.nacks and subscription.known and not subscription.disabled:
                self._resend(subscription, feedback.nacks[subscription.ssrc])

    def sections(self) -> int:
        """How many media sections this subscriber has: they are used again, never removed."""
        return len(self._slots)

    def close(self) -> None:
        """Receive nothing any more."""
        for subscription in self.subscriptions.values():
            subscription.publication.disconnect(self._sid)
        self.subscriptions.clear()

    def _fresh_ssrc(self, publication: Publication) -> int:
        """The track's own SSRC, or another one the next time: a section never plays the same SSRC twice."""
        first = publication.sid not in self._offered
        self._offered.add(publication.sid)
        return publication.track.ssrc if first else secrets.randbits(31) + 1

    def _apply(self, subscription: Subscription) -> None:
        publication = subscription.publication
        if subscription.known and not subscription.disabled:
            publication.connect(self._sid, (_shape(subscription), self.transport.send_rtp))
        else:
            publication.disconnect(self._sid)

    def _resend(self, subscription: Subscription, sequences: list[int]) -> None:
        track = subscription.publication.track
        for sequence in sequences:
            packet = track.cached(sequence)
            if packet is not None:
                self.transport.send_rtp(write_rtp(packet, _shape(subscription), track.level_id))


def _shape(subscription: Subscription) -> Shape:
    kind = subscription.publication.kind
    own = subscription.publication.track.ssrc
    return Shape(
        sdp.OFFERED[kind].payload_type,
        sdp.OFFERED_LEVEL_ID if kind == "audio" else 0,
        0 if subscription.ssrc == own else subscription.ssrc,
    )


def _stream_name(given: str) -> str:
    """A stream name that can stand in SDP; an odd one is left out, which only loses lip sync."""
    plain = given.isascii() and given.replace("_", "").replace("-", "").isalnum() and len(given) <= 64
    return given if plain and not given.startswith("TR") else ""
