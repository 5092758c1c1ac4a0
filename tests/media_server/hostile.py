"""What a hostile peer may send, and who has to bear it."""

from __future__ import annotations

import base64
import gzip
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from livekit.protocol import models, rtc

from media_server import rtcp, sdp, vp8
from media_server.auth import NotAllowed, read_token
from media_server.checks import binding_response, peek_ufrag, read_binding_request
from media_server.data import Sender, relay
from media_server.descriptions import Reply, build_answer
from media_server.forward import Shape, primary, read_rtp, write_rtp
from media_server.join import BadJoin, from_query
from media_server.negotiate import plan_answer
from media_server.paths import BadFrame, Frames
from media_server.testing import KEY, SECRET
from tests.media_server.strangers import check

PWD = "p" * 22
LOCAL = sdp.Local(ufrag="u", pwd="p", fingerprint="AA:BB", candidates=[], largest_message=65536)
OFFER = "\r\n".join(
    (
        *("v=0", "o=- 1 2 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2", "a=ice-ufrag:abcd"),
        *("a=ice-pwd:0123456789012345678901", "a=fingerprint:sha-256 AA:BB:CC", "a=setup:actpass"),
        *("m=audio 9 UDP/TLS/RTP/SAVPF 111 63", "c=IN IP4 0.0.0.0", "a=mid:0", "a=sendrecv"),
        *("a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:63 red/48000/2"),
        *("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "a=msid:s t", "a=ssrc:77 cname:x"),
        *("m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:1", "a=sendonly", "a=rtpmap:96 VP8/90000", "a=rtcp-mux"),
        *("a=rtcp-fb:96 nack pli", "a=rid:q send", "a=rid:h send", "a=simulcast:send q;h", "a=msid:s v"),
        *("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", "a=sctp-port:5000", ""),
    )
)
RTP = struct.pack("!BBHLLHHL", 0x90, 111, 7, 960, 77, 0xBEDE, 1, 0x10850000) + b"\xfc opus"
VP8 = struct.pack("!BBHLL", 0x80, 0xE0, 7, 960, 78) + b"\x90\xe0\x81\x23\x07\x20\x10\x00\x00\x9d\x01\x2a"
JOIN = rtc.JoinRequest(
    client_info=models.ClientInfo(sdk="JS", protocol=16),
    publisher_offer=rtc.SessionDescription(type="offer", sdp=OFFER),
).SerializeToString()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """`read` takes any bytes and may raise only what it `refuses` with. `samples` are good ones."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    refuses: tuple[type[Exception], ...] = ()

    def bear(self, given: bytes) -> None:
        """Anything but the typed refusal is a finding."""
        try:
            self.read(given)
        except self.refuses:
            return


def _stun(given: bytes) -> None:
    peek_ufrag(given)
    request = read_binding_request(given)
    if request is not None:
        request.is_signed_with(PWD)
        binding_response(request.transaction, ("127.0.0.1", 9), PWD)


def _rtp(given: bytes) -> None:
    packet = read_rtp(given)
    if packet is None:
        return
    again = read_rtp(write_rtp(packet, Shape(96, 1, sequence=1, time=2, picture=3, index=4), 1))
    assert again is not None
    primary(packet.payload)
    payload, picture, index = vp8.normal(packet.payload, 5)
    vp8.starts_keyframe(payload)
    if picture != vp8.NONE:
        assert vp8.normal(vp8.renumbered(payload, 9, index), 5)[1] == 9


def _sdp(given: bytes) -> None:
    offer = sdp.parse(given.decode("utf-8", "replace"))
    plan = plan_answer(offer, {"0": "t"}, {"v": "video", "t": "audio"})
    tracks = {
        each.mid: sdp.Downtrack(ssrc=9, stream="s", track="t", cname="c")
        for each in offer.sections
        if each.kind in ("audio", "video")
    }
    reply = Reply(received=plan.accepted, as_red=plan.accepted, tracks=tracks)
    answer = build_answer(offer, LOCAL, reply, 1)
    assert len(sdp.parse(answer).sections) == len(offer.sections)


def _join(given: bytes) -> None:
    wrapped = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=given)
    for body in (given, wrapped.SerializeToString()):
        try:
            from_query({"join_request": base64.urlsafe_b64encode(body).decode()})
        except BadJoin:
            continue


def _query(given: bytes) -> None:
    text = given.decode("utf-8", "replace")
    from_query(
        {"attributes": text, "protocol": text, "sid": text, "auto_subscribe": text, "join_request": text}
    )


def _data(given: bytes) -> None:
    packet = relay(given, Sender(sid="PA_1", identity="an"), lossy=False)
    if packet is not None:
        told = models.DataPacket.FromString(packet.payload)
        assert (told.participant_sid, told.participant_identity) == ("PA_1", "an")


def _frames(given: bytes) -> None:
    frames = Frames()
    for at in range(0, len(given), 7):
        frames.feed(given[at : at + 7])


PARSERS: Mapping[str, Parser] = {
    "STUN": Parser(read=_stun, samples=(check("abcd", PWD),)),
    "RTP": Parser(read=_rtp, samples=(RTP, VP8)),
    "RTCP": Parser(
        read=rtcp.read,
        samples=(
            rtcp.sender_report(77, 1 << 40, 960, 3, 400),
            rtcp.nack(1, 77, [5, 6, 9, 40]),
            rtcp.pli(1, 77) + rtcp.remb(1, 300_000, [77, 78]),
        ),
    ),
    "SDP": Parser(read=_sdp, samples=(OFFER.encode(),), refuses=(sdp.BadSdp,)),
    "join request": Parser(read=_join, samples=(JOIN, gzip.compress(JOIN, mtime=0)), refuses=(BadJoin,)),
    "join query": Parser(read=_query, samples=(b"eyJhIjoiYiJ9", b"16"), refuses=(BadJoin,)),
    "data": Parser(
        read=_data,
        samples=(models.DataPacket(user=models.UserPacket(payload=b"x", topic="t")).SerializeToString(),),
    ),
    "token": Parser(
        read=lambda given: read_token(given.decode("latin-1"), {KEY: SECRET}),
        samples=(b"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ0ZXN0a2V5In0.AAAA",),
        refuses=(NotAllowed,),
    ),
    "TCP frames": Parser(read=_frames, samples=(struct.pack("!H", len(RTP)) + RTP,), refuses=(BadFrame,)),
}
