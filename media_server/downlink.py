"""What one participant receives: sections offered to it, media out, requests back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from livekit.protocol import rtc

from media_server import rtcp, sdp
from media_server.exchange import Agreed, Exchange, agreed_in
from media_server.forward import Shape, write_rtp
from media_server.join import JoinParams
from media_server.publication import Publication
from media_server.transport import PeerTransport


@dataclass(slots=True, kw_only=True)
class Subscription:
    """A track for one subscriber. It flows once the client knows its SSRC (`agreed`) and wants it."""

    publication: Publication
    ssrc: int
    agreed: Agreed | None = None
    disabled: bool = False


class Downlink:
    """The subscriber leg."""

    def __init__(
        self,
        transport: PeerTransport,
        exchange: Exchange,
        sid: str,
        client: JoinParams,
        send: Callable[[rtc.SignalResponse], None],
    ) -> None:
        self.transport = transport
        self.subscriptions: dict[str, Subscription] = {}  # by track sid
        self._sid = sid
        self._send = send
        self._client = client
        self._exchange = exchange
        self._offered: set[str] = set()

    def subscribe(self, publication: Publication) -> None:
        """Let the client know of the track with the next offer or answer."""
        sid, publisher = publication.sid, publication.publisher_sid
        ssrc = self._fresh_ssrc(publication)
        track = sdp.Downtrack(stream=f"{publisher}|{sid}", track=sid, ssrc=ssrc, cname=publisher)
        name = _stream_name(publication.info.stream) if self._client.names_tracks else ""
        self._exchange.place(publication.kind, track, f"{publisher}|{name}" if name else "")
        self.subscriptions[sid] = Subscription(publication=publication, ssrc=ssrc)

    def unsubscribe(self, track_sid: str) -> None:
        """Take the track away with the next offer or answer, and stop it now."""
        subscription = self.subscriptions.pop(track_sid, None)
        if subscription is not None:
            subscription.publication.disconnect(self._sid)
            self._exchange.release(track_sid)

    def set_disabled(self, track_sid: str, *, disabled: bool) -> None:
        """Stop or resume a track without negotiation."""
        subscription = self.subscriptions.get(track_sid)
        if subscription is not None:
            subscription.disabled = disabled
            self._apply(subscription)

    def negotiate(self) -> None:
        """Offer, or ask for an offer, if something changed and nothing is in flight."""
        message = self._exchange.due()
        if message is not None:
            self._send(message)

    def answered(self, answer: rtc.SessionDescription) -> list[Publication]:
        """The client's answer: start what it now knows; return tracks that became known. Raises `BadSdp`."""
        return self._begin(self._exchange.answered(answer))

    def fill(self, offer: sdp.Description, publishing: Collection[str]) -> Mapping[str, sdp.Downtrack]:
        """The tracks to put into the answer to the client's offer, by mid."""
        return self._exchange.fill(offer, publishing)

    def filled(self, offer: sdp.Description, tracks: Mapping[str, sdp.Downtrack]) -> list[Publication]:
        """The answer was sent: start what it tells of; return tracks that became known."""
        places = ((each, tracks[each.mid]) for each in offer.sections if each.mid in tracks)
        return self._begin({track.ssrc: agreed_in(section) for section, track in places})

    def restart(self) -> None:
        """Negotiate anew, after the client lost its signal connection and came back."""
        self._exchange.restart()
        self.negotiate()

    def on_rtcp(self, data: bytes) -> None:
        """Send again what was lost; pass on the wish for a key frame."""
        feedback = rtcp.read(data)
        if not feedback.nacks and not feedback.keyframes:
            return
        for subscription in self.subscriptions.values():
            if subscription.ssrc in feedback.keyframes:
                subscription.publication.keyframe_due = True
            if subscription.ssrc in feedback.nacks and subscription.agreed and not subscription.disabled:
                self._resend(subscription, feedback.nacks[subscription.ssrc])

    def sections(self) -> int:
        """How many media sections this subscriber has: they are used again, never removed."""
        return len(self._exchange)

    def close(self) -> None:
        """Receive nothing any more."""
        for subscription in self.subscriptions.values():
            subscription.publication.disconnect(self._sid)
        self.subscriptions.clear()

    def _begin(self, known: Mapping[int, Agreed]) -> list[Publication]:
        started = []
        for subscription in self.subscriptions.values():
            agreed = known.get(subscription.ssrc)
            if agreed is None or agreed == subscription.agreed:
                continue
            if subscription.agreed is None:
                started.append(subscription.publication)
            subscription.agreed = agreed
            self._apply(subscription)
        self.negotiate()
        return started

    def _fresh_ssrc(self, publication: Publication) -> int:
        """The track's own SSRC, or another one the next time: a section never plays the same SSRC twice."""
        first = publication.sid not in self._offered
        self._offered.add(publication.sid)
        return publication.track.ssrc if first else secrets.randbits(31) + 1

    def _apply(self, subscription: Subscription) -> None:
        publication = subscription.publication
        if subscription.agreed and not subscription.disabled:
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
    own = subscription.publication.track.ssrc
    agreed = subscription.agreed or Agreed(payload_type=0, level_id=0)
    return Shape(agreed.payload_type, agreed.level_id, 0 if subscription.ssrc == own else subscription.ssrc)


def _stream_name(given: str) -> str:
    """A stream name that can stand in SDP; an odd one is left out, which only loses lip sync."""
    plain = given.isascii() and given.replace("_", "").replace("-", "").isalnum() and len(given) <= 64
    return given if plain and not given.startswith("TR") else ""
