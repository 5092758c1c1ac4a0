"""What one participant receives: sections offered to it, media out, requests back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from livekit.protocol import rtc

from media_server import rtcp, sdp
from media_server.allowance import Allowance
from media_server.choice import wanted_rank
from media_server.exchange import Agreed, Exchange, agreed_in
from media_server.feed import OFF, Feed
from media_server.forward import Shape
from media_server.join import JoinParams
from media_server.meter import Meter
from media_server.publication import Publication
from media_server.quality import Losses
from media_server.transport import PeerTransport


@dataclass(slots=True, kw_only=True)
class Subscription:
    """A track for one subscriber. It flows once the client knows its SSRC (`agreed`) and wants it."""

    publication: Publication
    ssrc: int
    feed: Feed
    settings: rtc.UpdateTrackSettings | None = None
    agreed: Agreed | None = None
    paused: bool = False


class Downlink:
    """The subscriber leg."""

    def __init__(
        self,
        transport: PeerTransport,
        exchange: Exchange,
        sid: str,
        client: JoinParams,
        losses: Losses,
        send: Callable[[rtc.SignalResponse], None],
    ) -> None:
        self.transport = transport
        self.subscriptions: dict[str, Subscription] = {}  # by track sid
        self._sid = sid
        self._losses = losses
        self._send = send
        self._client = client
        self._exchange = exchange
        self._offered: set[str] = set()  # tracks that it received before
        self._allowance = Allowance()
        self._meter = Meter()

    def subscribe(self, publication: Publication, settings: rtc.UpdateTrackSettings | None = None) -> None:
        """Let the client know of the track soon; `settings` are what it said of it before."""
        sid, publisher = publication.sid, publication.publisher_sid
        ssrc = self._fresh_ssrc(publication)
        track = sdp.Downtrack(stream=f"{publisher}|{sid}", track=sid, ssrc=ssrc, cname=publisher)
        name = _stream_name(publication.info.stream) if self._client.names_tracks else ""
        self._exchange.place(publication.kind, track, f"{publisher}|{name}" if name else "")
        feed = Feed(Shape(0, 0), self.transport.send_rtp, self.transport.send_rtcp)
        subscription = Subscription(publication=publication, ssrc=ssrc, feed=feed, settings=settings)
        if settings is not None and settings.disabled and self._client.adaptive_stream:
            subscription.settings = None  # until it shows the picture it cannot know that it is hidden
        self.subscriptions[sid] = subscription
        self._apply(subscription)

    def unsubscribe(self, track_sid: str) -> None:
        """Take the track away with the next offer or answer, and stop it now."""
        subscription = self.subscriptions.pop(track_sid, None)
        if subscription is not None:
            self._disconnect(subscription)
            self._exchange.release(track_sid)

    def end(self, track_sid: str) -> None:
        """The track ended and never comes again: take it away and remember nothing of it."""
        self.unsubscribe(track_sid)
        self._offered.discard(track_sid)
        self._exchange.forget(track_sid)

    def part(self, publisher_sid: str) -> None:
        """A participant left and never comes again under this sid."""
        self._exchange.forget_publisher(publisher_sid)

    def set_settings(self, track_sid: str, settings: rtc.UpdateTrackSettings) -> None:
        """Stop or resume a track, or change its size, without negotiation."""
        subscription = self.subscriptions.get(track_sid)
        if subscription is not None:
            subscription.settings = settings
            self._apply(subscription)

    def adapt(self, now: float) -> None:
        """Once a second: give less video to a weak connection, and more to one that recovered."""
        videos = [each.feed for each in self.subscriptions.values() if each.publication.kind == "video"]
        sample = self._meter.sample(videos, now)
        self._losses.note_received(sample.loss)
        if videos and self._allowance.observe(sample, now):
            for subscription in self.subscriptions.values():
                self._apply(subscription)
        self._tell_paused()

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
        """Send again what was lost, pass on the wish for a key frame, learn how well it is received."""
        feedback = rtcp.read(data)
        if feedback.estimate is not None:
            self._meter.note_estimate(feedback.estimate)
        feeds = {each.ssrc: each for each in self.subscriptions.values()}
        for ssrc, lost in feedback.nacks.items():
            if ssrc in feeds:
                feeds[ssrc].feed.resend(lost, feeds[ssrc].publication.track.level_id)
        for ssrc in feedback.keyframes & feeds.keys():
            layer = feeds[ssrc].feed.layer
            if layer is not None:
                layer.keyframe_wanted = True
        for block in feedback.blocks:
            if block.ssrc in feeds:
                unreceived = self._meter.note_block(block, feeds[block.ssrc].feed)
                self.transport.traffic.unreceived += unreceived

    def sections(self) -> int:
        """How many media sections this subscriber has: they are used again, never removed."""
        return len(self._exchange)

    def close(self) -> None:
        """Receive nothing any more."""
        for subscription in self.subscriptions.values():
            self._disconnect(subscription)
        self.subscriptions.clear()

    def _begin(self, known: Mapping[int, Agreed]) -> list[Publication]:
        started = []
        for subscription in self.subscriptions.values():
            agreed = known.get(subscription.ssrc)
            if agreed is None or agreed == subscription.agreed:
                continue
            subscription.feed.reshape(_shape(subscription.publication, subscription.ssrc, agreed))
            if subscription.agreed is None:
                started.append(subscription.publication)
                subscription.publication.track.connect(self._sid, subscription.feed)
            subscription.agreed = agreed
        self.negotiate()
        return started

    def _fresh_ssrc(self, publication: Publication) -> int:
        """The track's own SSRC, or another one the next time: a section never plays the same SSRC twice."""
        first = publication.sid not in self._offered
        self._offered.add(publication.sid)
        return publication.track.ssrc if first else secrets.randbits(31) + 1

    def _apply(self, subscription: Subscription) -> None:
        """Let the feed have what the client wants of the track, and no more than its connection bears."""
        publication = subscription.publication
        wanted = wanted_rank(subscription.settings, publication.info, adaptive=self._client.adaptive_stream)
        publication.demand.want(self._sid, wanted)
        ceiling = wanted
        if publication.kind == "video":
            ceiling = min(wanted, self._allowance.ceiling)
        if subscription.agreed is not None:
            publication.track.allow(subscription.feed, ceiling)
        else:
            subscription.feed.ceiling = ceiling

    def _disconnect(self, subscription: Subscription) -> None:
        subscription.publication.demand.want(self._sid, OFF)
        subscription.publication.track.disconnect(self._sid)
        self._meter.forget(subscription.ssrc)

    def _tell_paused(self) -> None:
        """Tell the client which videos are withheld because its connection is weak, and which come again."""
        changed = []
        for track_sid, each in self.subscriptions.items():
            paused = each.publication.kind == "video" and self._allowance.ceiling == OFF
            if paused != each.paused:
                each.paused = paused
                state = rtc.StreamState.PAUSED if paused else rtc.StreamState.ACTIVE
                publisher = each.publication.publisher_sid
                changed.append(
                    rtc.StreamStateInfo(participant_sid=publisher, track_sid=track_sid, state=state)
                )
        if changed:
            self._send(rtc.SignalResponse(stream_state_update=rtc.StreamStateUpdate(stream_states=changed)))


def _shape(publication: Publication, ssrc: int, agreed: Agreed) -> Shape:
    """The numbers of one subscriber; those who share all of them share the bytes."""
    own = 0 if ssrc == publication.track.ssrc else ssrc
    return Shape(agreed.payload_type, agreed.level_id, own, red_type=agreed.red_type)


def _stream_name(given: str) -> str:
    """A stream name that can stand in SDP; an odd one is left out, which only loses lip sync."""
    plain = given.isascii() and given.replace("_", "").replace("-", "").isalnum() and len(given) <= 64
    return given if plain and not given.startswith("TR") else ""
