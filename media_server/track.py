"""One published track: packets of its layers come in, every subscriber's feed gets the layer it may have. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from media_server.feed import Feed
from media_server.forward import Rtp, fan_out
from media_server.layers import Layer, fitting, live
from media_server.vp8 import starts_keyframe


class Track:
    """`ssrc` is what subscribers see, unless their shape has one of their own. Times are monotonic seconds."""

    def __init__(self, sid: str, kind: str, ssrc: int) -> None:
        self.sid = sid
        self.kind = kind
        self.ssrc = ssrc
        self.level_id = 0  # the publisher's number of the audio-level extension
        self.red_type = 0  # the publisher's payload type of RED, if it may send it
        self.layers: dict[int, Layer] = {}
        self.muted = False
        self.urgent = False  # somebody began to wait for a key frame since they were last looked for
        self._feeds: dict[str, Feed] = {}
        self._live: tuple[Layer, ...] = ()
        self._waiting: dict[int, dict[Feed, None]] = {}  # by the SSRC of the layer they wait for

    @property
    def packets(self) -> int:
        """How many packets were forwarded, of all layers."""
        return sum(each.packets for each in self.layers.values())

    @property
    def watched(self) -> bool:
        """Whether anybody may receive it now."""
        return any(each.ceiling >= 0 for each in self._feeds.values())

    def layer(self, ssrc: int, rid: str) -> Layer:
        """The layer of this SSRC, made on first sight."""
        if ssrc not in self.layers:
            self.layers[ssrc] = Layer(ssrc, rid, self.kind)
            self.look()
        return self.layers[ssrc]

    def mute(self, *, muted: bool) -> None:
        """While muted nothing is forwarded; afterwards the outgoing numbers go on without a hole."""
        self.muted = muted
        self._settle_all()

    def connect(self, name: str, feed: Feed) -> None:
        """Let a subscriber receive; a video starts with a key frame."""
        self.disconnect(name)
        self._feeds[name] = feed
        self._settle(feed)

    def disconnect(self, name: str) -> None:
        """Let a subscriber receive no more."""
        feed = self._feeds.pop(name, None)
        if feed is not None:
            feed.stop()
            self._wait(feed, ())

    def allow(self, feed: Feed, ceiling: int) -> None:
        """Change the best layer a feed may take; a negative one allows none."""
        if feed.ceiling != ceiling:
            feed.ceiling = ceiling
            self._settle(feed)

    def take(self, layer: Layer, packet: Rtp, now: float) -> None:
        """Forward a packet to those who take its layer. `layer.note` must have counted it."""
        if self.muted or not self._feeds:
            return
        if layer not in self._live:
            self.look()
        waiting = self._waiting.get(layer.ssrc)
        if not waiting and not layer.groups:
            return
        out = layer.canonical(packet, self.ssrc, self.red_type)
        if out is None:
            return
        sequence = layer.reception.extended(packet.sequence)
        if sequence < layer.reception.highest:
            layer.keep_late(out)
            fan_out(out, self.level_id, layer.groups_since(sequence))
            return
        layer.keep(out, sequence, now)
        if waiting or layer.keyframe_wanted:
            self._begin(layer, out)
        fan_out(out, self.level_id, layer.groups)

    def look(self) -> None:
        """Find out which layers live; do so a few times a second."""
        alive = live(self.layers.values())
        if alive != self._live:
            self._live = alive
            self._settle_all()

    def keyframes_due(self, now: float) -> list[Layer]:
        """The layers to ask for a key frame now."""
        self.urgent = False
        if self.kind != "video" or self.muted:
            return []
        wanted = {each.target for each in self._feeds.values() if each.target is not each.layer}
        wanted |= {each for each in self._live if each.keyframe_wanted and each.groups}
        return [each for each in wanted if each is not None and each.may_ask_keyframe(now)]

    def report(self, layer: Layer) -> None:
        """Pass on a layer's new sender report, to each subscriber in its numbers."""
        for feed in self._feeds.values():
            if feed.layer is layer:
                feed.tell_clock()

    def _begin(self, layer: Layer, packet: Rtp) -> None:
        if self.kind == "video" and not starts_keyframe(packet.payload):
            return
        layer.keyframe_wanted = False
        for feed in list(self._waiting.get(layer.ssrc, ())):
            feed.start(layer)
            self._settle(feed)

    def _settle_all(self) -> None:
        for feed in self._feeds.values():
            self._settle(feed)

    def _settle(self, feed: Feed) -> None:
        """Decide what a feed should take. Until that begins, it keeps what it has or takes anything allowed."""
        allowed = () if self.muted else fitting(self._live, feed.ceiling)
        feed.target = allowed[-1] if allowed else None
        self.urgent = self.urgent or feed.target is not feed.layer
        if feed.target is None:
            feed.stop()
        if feed.layer is None:
            self._wait(feed, allowed)
        else:
            self._wait(feed, () if feed.layer is feed.target else allowed[-1:])

    def _wait(self, feed: Feed, layers: Sequence[Layer]) -> None:
        for waiting in self._waiting.values():
            waiting.pop(feed, None)
        for layer in layers:
            self._waiting.setdefault(layer.ssrc, {})[feed] = None
