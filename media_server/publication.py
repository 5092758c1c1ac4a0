"""A track somebody publishes, and what is wanted of it."""

from __future__ import annotations

import secrets
import time

from livekit.protocol import models, rtc

from media_server.demand import Demand, quality_update
from media_server.track import Track


class Publication:
    """Born when announced by AddTrack; live once its media section was answered (`mid` is set)."""

    def __init__(self, request: rtc.AddTrackRequest, sid: str, publisher_sid: str) -> None:
        self.cid = request.cid
        self.kind = "video" if request.type == models.TrackType.VIDEO else "audio"
        self.publisher_sid = publisher_sid
        self.info = _track_info(request, sid)
        self.track = Track(sid, self.kind, secrets.randbits(31) + 1)
        self.track.muted = request.muted
        self.announced_at = time.monotonic()
        self.demand = Demand(self.announced_at)
        self.mid = ""
        self.named = request.cid  # what its section calls it: Firefox makes up a name of its own there
        self.subscribed_told = False

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
        """Whether anybody may receive it now."""
        return self.track.watched

    def comes_as_red(self, payload_type: int) -> None:
        """Its Opus carries older audio as well (RFC 2198), under this payload type."""
        self.track.red_type = payload_type
        self.info.mime_type = self.info.codecs[0].mime_type = "audio/red"

    def set_muted(self, *, muted: bool) -> None:
        """Mute or unmute; after unmuting a video needs a key frame."""
        self.info.muted = muted
        self.track.mute(muted=muted)

    def quality_due(self, now: float) -> rtc.SubscribedQualityUpdate | None:
        """What to tell the publisher about the layers that are wanted, if something changed."""
        most = self.demand.due(now) if self.kind == "video" else None
        return None if most is None else quality_update(self.sid, "vp8", most)


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
        disable_red=video or request.disable_red,
        stream=request.stream,
        encryption=request.encryption,
        audio_features=request.audio_features,
    )
    info.codecs.add(mime_type=info.mime_type, cid=request.cid, layers=request.layers)
    return info
