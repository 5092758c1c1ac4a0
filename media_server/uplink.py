"""What one participant sends: media in, reports and requests back."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from livekit.protocol import rtc

from media_server import rtcp, sdp
from media_server.forward import Rtp, read_rtp
from media_server.layers import Layer
from media_server.publication import Publication
from media_server.track import Track
from media_server.transport import PeerTransport

log = logging.getLogger(__name__)

MOST_STREAMS = 64  # SSRCs one publisher may use


class Uplink:
    """The publisher leg. `on_level` gets sid of the track, level (0 loudest .. 127) and RTP time of audio packets."""

    def __init__(
        self,
        transport: PeerTransport,
        on_level: Callable[[str, int, int], None],
        tell: Callable[[rtc.SignalResponse], None],
    ) -> None:
        self.transport = transport
        self.publications: dict[str, Publication] = {}  # by mid
        self._on_level = on_level
        self._tell = tell
        self._routes: dict[int, tuple[Publication, Layer]] = {}
        self._ssrc = secrets.randbits(31) + 1
        self._mid_id = 0
        self._rid_id = 0
        self._remote_ufrag = ""

    def note_offer(self, offer: sdp.Description) -> None:
        """Learn extension ids; a new fragment of the client's means an ICE restart."""
        if self._remote_ufrag and offer.ufrag != self._remote_ufrag:
            self.transport.ice.restart()
            for publication in self.publications.values():
                publication.demand.tell_again()
        self._remote_ufrag = offer.ufrag
        for section in offer.sections:
            self._mid_id = section.extensions.get(sdp.MID, self._mid_id)
            self._rid_id = section.extensions.get(sdp.RID, self._rid_id)

    def add(self, publication: Publication, section: sdp.Section) -> None:
        """Receive a track in this section."""
        publication.mid = publication.info.mid = section.mid
        publication.track.level_id = section.extensions.get(sdp.AUDIO_LEVEL, 0)
        red = None if publication.info.disable_red else section.red()
        if red is not None:
            publication.comes_as_red(red.payload_type)
        self.publications[section.mid] = publication
        if not section.rids:
            for ssrc in section.ssrcs[:1]:
                self._route(ssrc, publication, "")

    def counts(self) -> tuple[int, int]:
        """Packets the client sent so far in what it publishes now, and how many of them were lost."""
        receptions = [layer.reception for _, layer in self._routes.values()]
        return sum(each.expected for each in receptions), sum(each.lost for each in receptions)

    def red_mids(self) -> set[str]:
        """Sections in which the client shall send its Opus as RED."""
        return {mid for mid, each in self.publications.items() if each.track.red_type}

    def remove(self, publication: Publication) -> None:
        """Receive it no more."""
        self.publications.pop(publication.mid, None)
        for ssrc in publication.track.layers:
            self._routes.pop(ssrc, None)

    def on_rtp(self, data: bytes) -> None:
        """One authenticated packet: count it, ask for what is missing, forward it."""
        packet = read_rtp(data)
        if packet is None:
            return
        route = self._routes.get(packet.ssrc) or self._learn(packet.ssrc, packet.extensions)
        if route is None:
            return
        publication, layer = route
        now = time.monotonic()
        lost = layer.note(packet, now)
        self.transport.traffic.missing += len(lost)
        if publication.kind == "audio":
            self._note_level(publication, packet)
        elif lost and layer.groups:
            self.transport.send_rtcp(rtcp.nack(self._ssrc, layer.ssrc, lost))
        publication.track.take(layer, packet, now)
        if publication.track.urgent:
            self._ask_keyframes(publication.track, now)

    def on_rtcp(self, data: bytes) -> None:
        """Sender reports go on to the subscribers, in their numbers."""
        now = time.monotonic()
        for report in rtcp.read(data).reports:
            route = self._routes.get(report.ssrc)
            if route is None:
                continue
            publication, layer = route
            layer.report = report
            layer.reception.note_report(report, now)
            publication.track.report(layer)

    def report(self, bitrate: int) -> None:
        """Once a second: how reception goes, and how much may be sent (bits per second)."""
        now = time.monotonic()
        layers = [layer for _, layer in self._routes.values() if layer.reception.highest >= 0]
        if layers:
            blocks = [layer.reception.block(now) for layer in layers]
            ssrcs = [layer.ssrc for layer in layers]
            compound = rtcp.receiver_report(self._ssrc, blocks) + rtcp.remb(self._ssrc, bitrate, ssrcs)
            self.transport.send_rtcp(compound)

    def tend(self) -> None:
        """A few times a second: ask again for missing packets and key frames, tell which layers are wanted."""
        now = time.monotonic()
        for publication in self.publications.values():
            if publication.kind == "video":
                self._tend_video(publication, now)

    def _tend_video(self, publication: Publication, now: float) -> None:
        track = publication.track
        track.look()
        for layer in track.layers.values():
            again = layer.again()
            if again and layer.groups:
                self.transport.send_rtcp(rtcp.nack(self._ssrc, layer.ssrc, again))
        self._ask_keyframes(track, now)
        wanted = publication.quality_due(now)
        if wanted is not None:
            self._tell(rtc.SignalResponse(subscribed_quality_update=wanted))

    def _ask_keyframes(self, track: Track, now: float) -> None:
        for layer in track.keyframes_due(now):
            self.transport.send_rtcp(rtcp.pli(self._ssrc, layer.ssrc))

    def _note_level(self, publication: Publication, packet: Rtp) -> None:
        level = packet.extensions.get(publication.track.level_id)
        if level and not publication.track.muted:
            self._on_level(publication.sid, level[0] & 0x7F, packet.timestamp)

    def _learn(self, ssrc: int, extensions: dict[int, bytes]) -> tuple[Publication, Layer] | None:
        mid = extensions.get(self._mid_id, b"").decode("ascii", "replace")
        publication = self.publications.get(mid)
        if publication is None or len(self._routes) >= MOST_STREAMS:
            return None
        rid = extensions.get(self._rid_id, b"").decode("ascii", "replace")
        return self._route(ssrc, publication, rid)

    def _route(self, ssrc: int, publication: Publication, rid: str) -> tuple[Publication, Layer]:
        self._routes[ssrc] = (publication, publication.track.layer(ssrc, rid))
        return self._routes[ssrc]
