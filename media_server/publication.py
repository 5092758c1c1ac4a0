"""A track somebody publishes, and those who receive it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from livekit.protocol import models, rtc

from media_server.forward import Rtp, Shape, Track, fan_out
from media_server.rtcp import with_ssrc

Sink = tuple[Shape, Callable[[bytes], object]]


class Publication:
    """Born when announced by AddTrack; live once its media section was answered (`mid` is set)."""

    def __init__(self, request: rtc.AddTrackRequest, sid: str, publisher_sid: str) -> None:
        self.cid = request.cid
        self.kind = "video" if request.type == models.TrackType.VIDEO else "audio"
        self.publisher_sid = publisher_sid
        self.info = _track_info(request, sid)
        self.track = Track(sid, self.kind, secrets.randbits(31) + 1)
        self.track.muted = request.muted
        self.mid = ""
        self.keyframe_due = False
        self.subscribed_told = False
        self._sinks: dict[str, Sink] = {}
        self._sink_list: list[Sink] = []

    @property
    def sid(self) -> str:
        """The track's sid."""
        return self.track.sid

    @property
    def live(self) -> bool:
        """Whether media may arrive and subscribers may be told."""
        return bool(self.mid)

    @property
    def watched(self) -> bool:
        """Whether anybody receives it now."""
        return bool(self._sink_list)

    def set_muted(self, *, muted: bool) -> None:
        """Mute or unmute; after unmuting a video needs a key frame."""
        self.info.muted = muted
        self.track.mute(muted=muted)
        self.keyframe_due = self.kind == "video" and not muted

    def connect(self, subscriber_sid: str, sink: Sink) -> None:
        """Let a subscriber receive from now on; a video starts with a key frame."""
        self._sinks[subscriber_sid] = sink
        self._sink_list = list(self._sinks.values())
        self.keyframe_due = self.kind == "video"

    def disconnect(self, subscriber_sid: str) -> None:
        """Let a subscriber receive no more."""
        self._sinks.pop(subscriber_sid, None)
        self._sink_list = list(self._sinks.values())

    def forward(self, packet: Rtp) -> None:
        """Hand a canonical packet to every subscriber."""
        fan_out(packet, self.track.level_id, self._sink_list)

    def broadcast_rtcp(self, report: bytes, send: Callable[[str, bytes], None]) -> None:
        """Give an RTCP packet of this track's SSRC to every subscriber, by sid."""
        for subscriber_sid, (shape, _) in self._sinks.items():
            send(subscriber_sid, with_ssrc(report, shape.ssrc) if shape.ssrc else report)


def _track_info(request: rtc.AddTrackRequest, sid: str) -> models.TrackInfo:
    video = request.type == models.TrackType.VIDEO
    info = models.TrackInfo(
        sid=sid,
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=video and len(request.layers) > 1,
        source=request.source,
        layers=request.layers,
        mime_type="video/VP8" if video else "audio/opus",
        disable_red=True,
        stream=request.stream,
        encryption=request.encryption,
        audio_features=request.audio_features,
    )
    info.codecs.add(mime_type=info.mime_type, cid=request.cid, layers=request.layers)
    return info
