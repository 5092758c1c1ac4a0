from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

import pytest
from livekit.protocol import models, rtc

from media_server import rtcp, sdp
from media_server.downlink import Downlink
from media_server.exchange import Agreed
from media_server.feed import HIGHEST, OFF
from media_server.forward import Rtp, read_rtp
from media_server.join import JoinParams
from media_server.publication import Publication
from media_server.quality import Losses
from media_server.traffic import Traffic
from media_server.transport import PeerTransport
from tests.media_server.cameras import Simulcast

CAMERA = rtc.AddTrackRequest(
    cid="cam",
    type=models.TrackType.VIDEO,
    width=1280,
    height=720,
    layers=[models.VideoLayer(width=1, height=each) for each in (180, 360, 720)],
)
MICROPHONE = rtc.AddTrackRequest(cid="mic", type=models.TrackType.AUDIO)


class Wire:
    """Stands in for a transport: keeps what is sent."""

    def __init__(self) -> None:
        self.rtp: list[Rtp] = []
        self.rtcp: list[bytes] = []
        self.traffic = Traffic()

    def send_rtp(self, packet: bytes) -> bool:
        """One RTP packet."""
        read = read_rtp(packet)
        assert read is not None
        self.rtp.append(read)
        return True

    def send_rtcp(self, packet: bytes) -> None:
        """One compound."""
        self.rtcp.append(packet)


class Knowing:
    """Stands in for negotiation: the client knows every track at once."""

    def __init__(self) -> None:
        self.tracks: dict[str, tuple[str, sdp.Downtrack]] = {}

    def place(self, kind: str, track: sdp.Downtrack, synced_stream: str) -> None:
        del synced_stream
        self.tracks[track.track] = (kind, track)

    def release(self, track_sid: str) -> None:
        del self.tracks[track_sid]

    def forget(self, track_sid: str) -> None:
        assert track_sid not in self.tracks, "released before"

    def forget_publisher(self, publisher_sid: str) -> None:
        assert publisher_sid not in {track.cname for _, track in self.tracks.values()}

    def due(self) -> rtc.SignalResponse | None:
        return None

    def restart(self) -> None:
        self.tracks.clear()

    def fill(self, offer: sdp.Description, publishing: Collection[str]) -> Mapping[str, sdp.Downtrack]:
        del offer, publishing
        return {}

    def answered(self, answer: rtc.SessionDescription) -> Mapping[int, Agreed]:
        del answer
        types = {"audio": Agreed(payload_type=111, level_id=1), "video": Agreed(payload_type=96, level_id=0)}
        return {track.ssrc: types[kind] for kind, track in self.tracks.values()}

    def __len__(self) -> int:
        return len(self.tracks)


class Watching:
    """Somebody who receives one camera and one microphone."""

    def __init__(self, *, adaptive: bool = False) -> None:
        self.wire, self.told, self.now = Wire(), list[rtc.SignalResponse](), 1000.0
        self.downlink = Downlink(
            cast(PeerTransport, self.wire),
            Knowing(),
            "PA_an",
            JoinParams(adaptive_stream=adaptive),
            Losses(),
            self.told.append,
        )
        self.video, self.audio = (
            Publication(each, f"TR_{each.cid}", "PA_x") for each in (CAMERA, MICROPHONE)
        )
        self.camera = Simulcast(track=self.video.track)
        self.begin()

    def begin(self, settings: rtc.UpdateTrackSettings | None = None) -> None:
        """Subscribe to both."""
        self.downlink.subscribe(self.audio)
        self.downlink.subscribe(self.video, settings)
        self.downlink.answered(rtc.SessionDescription())

    def speak(self, count: int) -> None:
        """Sound arrives."""
        layer = self.audio.track.layer(5, "")
        for _ in range(count):
            number = layer.reception.highest + 1
            packet = Rtp(111, False, number & 0xFFFF, number * 960, 5, {}, b"sound")
            layer.note(packet, self.now)
            self.audio.track.take(layer, packet, self.now)

    def second(self, lost: int = 0) -> None:
        """A second of both, of which every so many packets are asked for again; then it is judged."""
        self.now += 1
        self.speak(50)
        before = len(self.wire.rtp)
        for number in range(20):
            self.camera.frame(key="qhf" if number == 0 else "")
        sent = [each for each in self.wire.rtp[before:] if each.ssrc == self.video.track.ssrc]
        if lost and sent:
            numbers = [each.sequence for each in sent[::lost]]
            self.downlink.on_rtcp(rtcp.nack(1, self.video.track.ssrc, numbers))
        self.downlink.adapt(self.now)

    def states(self) -> list[tuple[str, int]]:
        """Track and state of each stream state that was told."""
        updates = [each.stream_state_update for each in self.told if each.HasField("stream_state_update")]
        return [(each.track_sid, each.state) for update in updates for each in update.stream_states]

    def seen(self) -> str:
        """The layer of the last picture sent."""
        return next(chr(e.payload[-1]) for e in reversed(self.wire.rtp) if e.ssrc == self.video.track.ssrc)

    @property
    def ceiling(self) -> int:
        """What the video may be."""
        return self.downlink.subscriptions["TR_cam"].feed.ceiling


def test_a_weak_connection_loses_its_video_and_gets_it_back() -> None:
    me = Watching()
    ceilings = []
    for _ in range(20):
        me.second(lost=5)
        ceilings.append(me.ceiling)
    assert ceilings == sorted(ceilings, reverse=True) and set(ceilings) == {HIGHEST, 1, 0, OFF}
    assert me.states() == [("TR_cam", rtc.StreamState.PAUSED)]
    count = len(me.wire.rtp)
    me.second()
    assert {each.ssrc for each in me.wire.rtp[count:]} == {me.audio.track.ssrc}, "only sound"
    for _ in range(60):
        me.second()
    assert me.ceiling == HIGHEST and me.seen() == "f"
    assert me.states() == [("TR_cam", rtc.StreamState.PAUSED), ("TR_cam", rtc.StreamState.ACTIVE)]


def test_loss_in_receiver_reports_counts_as_well() -> None:
    me = Watching()
    reception = rtcp.Reception(me.audio.track.ssrc, 48000)
    me.second()
    for turn in range(6):
        for number in range(50):
            if number % 4:
                reception.note(turn * 50 + number, 0, 0.0)
        me.downlink.on_rtcp(rtcp.receiver_report(1, [reception.block(0.0)]))
        me.second()
    assert me.ceiling < HIGHEST
    assert me.wire.traffic.unreceived == reception.lost - 12, "the first report is the beginning"


def test_what_is_lost_is_sent_again_and_key_frames_are_asked_for() -> None:
    me = Watching()
    me.second()
    last = me.wire.rtp[-1]
    assert last.ssrc == me.video.track.ssrc
    me.downlink.on_rtcp(rtcp.nack(1, last.ssrc, [last.sequence]))
    assert me.wire.rtp[-2:] == [last, last]
    due = me.video.track.keyframes_due
    assert due(me.now + 5) == []
    me.downlink.on_rtcp(rtcp.pli(1, last.ssrc))
    assert [each.rank for each in due(me.now + 6)] == [HIGHEST]
    me.downlink.on_rtcp(rtcp.nack(1, 77, [1]) + rtcp.pli(1, 77))
    assert me.wire.rtp[-1] == last, "an SSRC it does not receive"


@pytest.mark.parametrize(("height", "rid"), [(90, "q"), (360, "h"), (720, "f")])
def test_the_size_that_is_shown_is_sent(height: int, rid: str) -> None:
    me = Watching()
    me.downlink.set_settings("TR_cam", rtc.UpdateTrackSettings(width=1, height=height))
    me.second()
    assert me.seen() == rid
    assert me.video.demand.most == "qhf".index(rid)


def test_a_client_that_adapts_starts_low_and_sees_again_what_it_had_hidden() -> None:
    me = Watching(adaptive=True)
    me.second()
    assert me.seen() == "q"
    hidden = rtc.UpdateTrackSettings(disabled=True)
    me.downlink.set_settings("TR_cam", hidden)
    assert not me.video.watched and me.video.demand.most == OFF
    me.downlink.unsubscribe("TR_cam")
    me.downlink.unsubscribe("TR_mic")
    assert me.downlink.sections() == 0
    me.begin(hidden)
    assert me.ceiling == 0 and me.video.demand.most == 0


def test_sound_can_be_switched_off_and_on() -> None:
    me = Watching()
    me.downlink.set_settings("TR_mic", rtc.UpdateTrackSettings(disabled=True))
    me.speak(5)
    assert me.wire.rtp == []
    me.downlink.set_settings("TR_mic", rtc.UpdateTrackSettings(quality=models.VideoQuality.LOW))
    me.speak(5)
    assert len(me.wire.rtp) == 5
    me.downlink.close()
    me.speak(5)
    assert len(me.wire.rtp) == 5
