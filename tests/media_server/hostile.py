"""What a hostile peer may send, and who has to bear it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import gzip
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiortc.rtcsctptransport import parse_packet
from google.protobuf.message import DecodeError
from livekit import api
from livekit.protocol import models, rtc
from livekit.protocol.room import CreateRoomRequest

from media_server import rtcp, sdp, vp8
from media_server.auth import Grants, NotAllowed, Permission, read_token
from media_server.checks import binding_response, peek_ufrag, read_binding_request
from media_server.config import Limits, MediaConfig
from media_server.data import Sender, relay
from media_server.descriptions import Reply, build_answer
from media_server.forward import Shape, primary, read_rtp, write_rtp
from media_server.hall import Hall
from media_server.ice import IceMux
from media_server.join import BadJoin, JoinParams, from_join_request, from_query, from_wrapped
from media_server.negotiate import plan_answer
from media_server.paths import BadFrame, Frames
from media_server.requests import Requests
from media_server.room import Room
from media_server.sctp import is_bearable
from media_server.testing import KEY, SECRET
from media_server.webhooks import Webhooks
from tests.media_server.associations import chunk, data, opening, packet
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


REQUESTS = (
    rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1)),
    rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp=OFFER, id=1)),
    rtc.SignalRequest(
        add_track=rtc.AddTrackRequest(cid="v", type="VIDEO", layers=[models.VideoLayer(width=9)])
    ),
    rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid="TR_x", muted=True)),
    rtc.SignalRequest(subscription=rtc.UpdateSubscription(track_sids=["TR_x"], subscribe=True)),
    rtc.SignalRequest(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_x"], width=9, quality="MEDIUM")),
    rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name="lạ", attributes={"a": "b"})),
    rtc.SignalRequest(subscription_permission=rtc.SubscriptionPermission(all_participants=True)),
    rtc.SignalRequest(leave=rtc.LeaveRequest(reason="CLIENT_INITIATED")),
    rtc.SignalRequest(ping_req=rtc.Ping(timestamp=1, rtt=2)),
    rtc.SignalRequest(simulate=rtc.SimulateScenario(node_failure=True)),
)
PARAMETER = struct.pack("!HHH", 0x8008, 6, 0xC082)
SCTP = (
    chunk(1, struct.pack("!LLHHL", 1, 1 << 17, 16, 16, 1) + PARAMETER),
    chunk(3, struct.pack("!LLHHHHL", 1, 1 << 17, 1, 1, 2, 9, 1)) + data(1001, opening("_reliable"), kind=50),
    data(1001, b"x", flags=2) + data(1003, b"y", flags=1) + data(1002, b"z", flags=0),
    chunk(130, struct.pack("!HHLLLH", 13, 18, 1, 1, 1000, 0)) + chunk(4, PARAMETER),
    chunk(192, struct.pack("!LHH", 1005, 0, 3)) + chunk(7, bytes(4)) + chunk(6, PARAMETER),
)
SIGNED = (
    api.AccessToken(KEY, SECRET)
    .with_identity("an")
    .with_ttl(datetime.timedelta(days=3))
    .with_grants(api.VideoGrants(room_join=True, room="họp"))
    .to_jwt()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """`read` takes any bytes and may raise only what it `refuses` with. Of good `samples` it gives something."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    refuses: tuple[type[Exception], ...] = ()

    def bear(self, given: bytes) -> None:
        """Anything but the typed refusal is a finding."""
        try:
            self.read(given)
        except self.refuses:
            return


def _stun(given: bytes) -> object:
    peek_ufrag(given)
    request = read_binding_request(given)
    if request is not None:
        request.is_signed_with(PWD)
        binding_response(request.transaction, ("127.0.0.1", 9), PWD)
    return request


def _rtp(given: bytes) -> object:
    read = read_rtp(given)
    if read is None:
        return None
    again = read_rtp(write_rtp(read, Shape(96, 1, sequence=1, time=2, picture=3, index=4), 1))
    assert again is not None
    primary(read.payload)
    payload, picture, index = vp8.normal(read.payload, 5)
    vp8.starts_keyframe(payload)
    if picture != vp8.NONE:
        assert vp8.normal(vp8.renumbered(payload, 9, index), 5)[1] == 9
    return read


def _sdp(given: bytes) -> object:
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
    return plan.accepted


def _join(given: bytes) -> object:
    """As it comes in the address: in the clear, packed, or already wrapped."""
    read: list[JoinParams] = []
    for kind in (rtc.WrappedJoinRequest.NONE, rtc.WrappedJoinRequest.GZIP):
        body = rtc.WrappedJoinRequest(compression=kind, join_request=given).SerializeToString()
        for each in (body, given):
            with contextlib.suppress(BadJoin):
                read.append(from_join_request(from_wrapped(base64.urlsafe_b64encode(each).decode())))
    return next((each for each in read if each.sdk), None)


def _query(given: bytes) -> object:
    text = given.decode("utf-8", "replace")
    return from_query(
        {
            "attributes": text,
            "client_protocol": text,
            "sid": text,
            "auto_subscribe": text,
            "access_token": text,
        }
    )


def _data(given: bytes) -> object:
    relayed = relay(given, Sender(sid="PA_1", identity="an"), lossy=False)
    if relayed is not None:
        told = models.DataPacket.FromString(relayed.payload)
        assert (told.participant_sid, told.participant_identity) == ("PA_1", "an")
    return relayed


def _frames(given: bytes) -> object:
    frames, packets = Frames(), list[bytes]()
    for at in range(0, len(given), 7):
        packets += frames.feed(given[at : at + 7])
    return packets


def _sctp(given: bytes) -> object:
    """What is let through must be read by the library, without end to its work."""
    whole = packet(given)
    return is_bearable(whole) and parse_packet(whole)[3]


def _rtcp(given: bytes) -> object:
    read = rtcp.read(given)
    return read if read != rtcp.Feedback() else None


class _Alone(Room):
    """A room whose goodbyes nobody waits for."""

    def __init__(self) -> None:
        request = CreateRoomRequest(name="họp")
        super().__init__(request, Limits(), lambda *_, **__: None, lambda work: work.close())


def _request(given: bytes) -> object:
    """What a client asks on its signal connection, from the bytes to the end: it may fail in no way at all."""
    request = rtc.SignalRequest.FromString(given)
    asked = asyncio.new_event_loop()
    try:
        asked.run_until_complete(_ask(request))
    finally:
        asked.close()
    return request.WhichOneof("message")


async def _ask(request: rtc.SignalRequest) -> None:
    config = MediaConfig(keys={KEY: SECRET})
    mux, room = IceMux(), _Alone()
    hall = Hall(config, mux, Webhooks((), "", "", 10, None))
    hall.rooms[room.name] = room
    grants = Grants(key=KEY, identity="kẻ lạ", room="họp", permission=Permission(can_update_metadata=True))
    asker = hall.admit(room, grants, JoinParams(single=True))
    requests = Requests(hall, room, asker)
    for each in (rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid="t", type="AUDIO")), request):
        requests.handle(each)
    await asker.close()


PARSERS: Mapping[str, Parser] = {
    "STUN": Parser(read=_stun, samples=(check("abcd", PWD),)),
    "RTP": Parser(read=_rtp, samples=(RTP, VP8)),
    "RTCP": Parser(
        read=_rtcp,
        samples=(
            rtcp.sender_report(77, 1 << 40, 960, 3, 400),
            rtcp.nack(1, 77, [5, 6, 9, 40]),
            rtcp.pli(1, 77) + rtcp.remb(1, 300_000, [77, 78]),
        ),
    ),
    "SDP": Parser(read=_sdp, samples=(OFFER.encode(),), refuses=(sdp.BadSdp,)),
    "join request": Parser(read=_join, samples=(JOIN, gzip.compress(JOIN, mtime=0)), refuses=(BadJoin,)),
    "signal request": Parser(
        read=_request,
        samples=tuple(each.SerializeToString() for each in REQUESTS),
        refuses=(DecodeError,),
    ),
    "SCTP chunks": Parser(read=_sctp, samples=SCTP, refuses=(ValueError, struct.error)),
    "join query": Parser(read=_query, samples=(b"eyJhIjoiYiJ9",), refuses=(BadJoin,)),
    "data": Parser(
        read=_data,
        samples=(models.DataPacket(user=models.UserPacket(payload=b"x", topic="t")).SerializeToString(),),
    ),
    "token": Parser(
        read=lambda given: read_token(given.decode("latin-1"), {KEY: SECRET}).identity,
        samples=(SIGNED.encode(),),
        refuses=(NotAllowed,),
    ),
    "TCP frames": Parser(read=_frames, samples=(struct.pack("!H", len(RTP)) + RTP,), refuses=(BadFrame,)),
}
