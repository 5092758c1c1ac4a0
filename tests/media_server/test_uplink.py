from __future__ import annotations

import struct
from typing import cast

from aiortc import rtp
from livekit.protocol import models, rtc

from media_server import rtcp, sdp
from media_server.feed import Feed
from media_server.forward import Rtp, Shape, read_rtp
from media_server.publication import Publication
from media_server.traffic import Traffic
from media_server.transport import PeerTransport
from media_server.uplink import MOST_STREAMS, Uplink

MID, RID, LEVEL = 4, 10, 1
KEY, DELTA = bytes([0x10, 0x00]) + b"key", bytes([0x10, 0x01]) + b"delta"


def raw(ssrc: int, sequence: int, payload: bytes, **extensions: bytes) -> bytes:
    """A packet with extensions `mid`, `rid`, `level`."""
    ids = {"mid": MID, "rid": RID, "level": LEVEL}
    block = b"".join(bytes([ids[n] << 4 | len(v) - 1]) + v for n, v in extensions.items())
    block += bytes(-len(block) % 4)
    head = struct.pack("!BBHLL", 0x90, 96, sequence & 0xFFFF, sequence * 3000 & 0xFFFFFFFF, ssrc)
    return head + struct.pack("!HH", 0xBEDE, len(block) // 4) + block + payload


class Wire:
    """Stands in for a transport: keeps what is sent to the publisher."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.traffic = Traffic()

    def send_rtcp(self, packet: bytes) -> None:
        """One compound."""
        self.sent.append(packet)

    def take(self) -> rtcp.Feedback:
        """Everything since the last call."""
        sent, self.sent = self.sent, []
        return rtcp.read(b"".join(sent))


class Publishing:
    """Somebody who sends one camera in three layers and one microphone, with one subscriber of each."""

    def __init__(self) -> None:
        self.wire, self.told = Wire(), list[rtc.SignalResponse]()
        self.levels: list[tuple[str, int, int]] = []
        self.got: list[Rtp] = []
        self.got_rtcp: list[bytes] = []
        self.uplink = Uplink(
            cast(PeerTransport, self.wire), lambda *each: self.levels.append(each), self.told.append
        )
        camera = sdp.Section(kind="video", port=9, mid="v", rids=["q", "h", "f"])
        camera.extensions = {sdp.MID: MID, sdp.RID: RID}
        microphone = sdp.Section(kind="audio", port=9, mid="a", ssrcs=[50])
        microphone.extensions = {sdp.AUDIO_LEVEL: LEVEL}
        self.uplink.note_offer(sdp.Description(sections=[camera, microphone], ufrag="one"))
        self.video = self._publish("cam", models.TrackType.VIDEO, camera)
        self.audio = self._publish("mic", models.TrackType.AUDIO, microphone)

    def _publish(self, name: str, kind: models.TrackType, section: sdp.Section) -> Publication:
        publication = Publication(rtc.AddTrackRequest(cid=name, type=kind), f"TR_{name}", "PA_x")
        self.uplink.add(publication, section)
        publication.track.connect("an", Feed(Shape(96, 0), self._receive, self.got_rtcp.append))
        publication.demand.want("an", 2)
        return publication

    def _receive(self, data: bytes) -> None:
        packet = read_rtp(data)
        assert packet is not None
        self.got.append(packet)

    def picture(self, ssrc: int, rid: str, sequence: int, payload: bytes = DELTA) -> None:
        """One packet of a layer."""
        self.uplink.on_rtp(raw(ssrc, sequence, payload, mid=b"v", rid=rid.encode()))


def test_layers_are_told_apart_by_their_extensions() -> None:
    me = Publishing()
    for number, rid in enumerate("qhf"):
        me.picture(1 + number, rid, 10, KEY)
    assert {each.rank: each.ssrc for each in me.video.track.layers.values()} == {0: 1, 1: 2, 2: 3}
    me.uplink.on_rtp(raw(9, 1, KEY, mid=b"unknown"))
    me.uplink.on_rtp(b"\x80 no packet")
    assert len(me.video.track.layers) == 3


def test_a_publisher_cannot_make_up_streams_without_end() -> None:
    me = Publishing()
    for ssrc in range(100, 100 + 2 * MOST_STREAMS):
        me.picture(ssrc, "q", 1)
    assert len(me.video.track.layers) < MOST_STREAMS


def test_what_is_missing_is_asked_for_until_it_comes() -> None:
    me = Publishing()
    me.picture(3, "f", 65534, KEY)
    me.wire.take()
    me.picture(3, "f", 2)
    assert me.wire.take().nacks == {3: [65535, 0, 1]}
    me.picture(3, "f", 0)
    me.uplink.tend()
    assert me.wire.take().nacks == {3: [65535, 1]}
    for _ in range(5):
        me.uplink.tend()
    assert me.wire.take().nacks == {3: [65535, 1] * 2}, "three times in all"
    assert [each.sequence for each in me.got] == [65534, 2, 0]


def test_what_nobody_takes_is_not_asked_for_again() -> None:
    me = Publishing()
    me.picture(1, "q", 1)
    me.picture(1, "q", 5)
    assert me.wire.take().nacks == {}
    me.uplink.on_rtp(raw(50, 1, b"sound"))
    me.uplink.on_rtp(raw(50, 5, b"sound"))
    assert me.wire.take().nacks == {}, "sound that comes late is no use"


def test_a_key_frame_is_asked_for_and_the_wanted_layers_are_told() -> None:
    me = Publishing()
    me.picture(3, "f", 1)
    assert len(me.wire.sent) == 1, "at once"
    for number in range(4):
        me.picture(3, "f", 2 + number)
        me.uplink.tend()
    facts = [rtcp.read(each) for each in me.wire.sent]
    assert [each.keyframes for each in facts] == [{3}], "once in a while"
    updates = [each.subscribed_quality_update for each in me.told]
    assert [[quality.enabled for quality in each.subscribed_qualities] for each in updates] == [[True] * 3]


def test_reception_is_reported_with_a_limit() -> None:
    me = Publishing()
    me.uplink.report(3_000_000)
    assert me.wire.sent == [], "nothing came yet"
    for sequence in (1, 2, 4, 5):
        me.picture(3, "f", sequence, KEY)
    me.wire.take()
    me.uplink.report(3_000_000)
    packets = rtp.RtcpPacket.parse(me.wire.sent[-1])
    assert isinstance(packets[0], rtp.RtcpRrPacket) and isinstance(packets[1], rtp.RtcpPsfbPacket)
    block = packets[0].reports[0]
    assert (block.ssrc, block.packets_lost, block.fraction_lost) == (3, 1, 256 // 5)
    bitrate, ssrcs = rtp.unpack_remb_fci(packets[1].fci)
    assert ssrcs == [3] and abs(bitrate - 3_000_000) < 16
    assert me.uplink.counts() == (5, 1)


def test_a_sender_report_goes_to_the_subscribers_in_their_numbers() -> None:
    me = Publishing()
    me.picture(3, "f", 7, KEY)
    me.uplink.on_rtcp(rtcp.sender_report(3, 1 << 40, 21_000, 5, 6) + rtcp.sender_report(77, 1, 2, 3, 4))
    told = rtcp.read(b"".join(me.got_rtcp)).reports
    assert told == [rtcp.SenderReport(ssrc=me.video.track.ssrc, ntp=1 << 40, rtp_time=21_000)]


def test_levels_are_told_unless_muted() -> None:
    me = Publishing()
    me.uplink.on_rtp(raw(50, 1, b"sound", level=bytes([0x80 | 20])))
    me.audio.set_muted(muted=True)
    me.uplink.on_rtp(raw(50, 2, b"sound", level=bytes([0x80 | 20])))
    assert me.levels == [("TR_mic", 20, 3000)]
    me.uplink.remove(me.audio)
    me.audio.set_muted(muted=False)
    me.uplink.on_rtp(raw(50, 3, b"sound", level=bytes([0x80 | 20])))
    assert len(me.levels) == 1
