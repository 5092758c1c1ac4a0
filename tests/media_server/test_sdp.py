from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.sdp import (
    AUDIO_LEVEL,
    MID,
    RID,
    BadSdp,
    Downtrack,
    Local,
    Slot,
    build_answer,
    build_offer,
    parse,
)

LOCAL = Local(
    ufrag="srvu",
    pwd="srvp",
    fingerprint="AA:BB",
    candidates=["1 1 udp 2130706430 127.0.0.1 5000 typ host"],
    largest_message=65536,
)
OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0 1 2",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=ice-ufrag:cliu",
        "a=ice-pwd:clip",
        "a=fingerprint:sha-256 11:22",
        "a=setup:actpass",
        "a=mid:0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9",
        "a=mid:1",
        "a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:7 http://example.invalid/other",
        "a=sendonly",
        "a=msid:- cid-mic",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=rtpmap:63 red/48000/2",
        "a=ssrc:77 cname:x",
        "m=video 9 UDP/TLS/RTP/SAVPF 98 96",
        "a=mid:2",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=sendonly",
        "a=msid:s cid-cam",
        "a=rtpmap:98 H264/90000",
        "a=rtpmap:96 VP8/90000",
        "a=rid:q send",
        "a=rid:f send",
        "a=simulcast:send q;f",
    ]
)


def test_an_offer_is_read() -> None:
    offer = parse(OFFER)
    data, audio, video = offer.sections
    assert (offer.ufrag, offer.setup, offer.fingerprints) == ("cliu", "actpass", {"sha-256": "11:22"})
    assert offer.has_data() and data.mid == "0"
    assert (audio.track, audio.ssrcs, audio.extensions[AUDIO_LEVEL]) == ("cid-mic", [77], 3)
    opus, vp8 = audio.codec(), video.codec()
    assert opus is not None and (opus.payload_type, opus.fmtp) == (111, "minptime=10;useinbandfec=1")
    assert vp8 is not None and vp8.payload_type == 96
    assert (video.rids, video.extensions[RID], video.extensions[MID]) == (["q", "f"], 10, 4)


def test_the_answer_receives_only_what_was_accepted() -> None:
    answer = build_answer(parse(OFFER), LOCAL, {"2"}, {}, 5)
    sections = answer.split("m=")
    assert "a=group:BUNDLE 0 1 2" in sections[0] and "a=ice-lite" in sections[0]
    assert "a=setup:passive" in sections[1]
    assert "a=inactive" in sections[2] and "a=fmtp:111 minptime=10;useinbandfec=1" in sections[2]
    assert "a=extmap:3 " in sections[2] and "example.invalid" not in answer
    assert "a=recvonly" in sections[3] and "a=simulcast:recv q;f" in sections[3]
    assert "video 9 UDP/TLS/RTP/SAVPF 96\r" in sections[3] and "a=rtcp-fb:96 nack pli" in sections[3]


def test_the_servers_offer_reads_back() -> None:
    track = Downtrack(stream="PA_1|TR_1", track="TR_1", ssrc=99, cname="PA_1")
    text = build_offer([Slot(mid="1", kind="audio", track=track), Slot(mid="2", kind="video")], LOCAL, 5, 2)
    offer = parse(text)
    assert [each.mid for each in offer.sections] == ["0", "1", "2"]
    assert (offer.sections[1].stream, offer.sections[1].track, offer.sections[1].ssrcs) == (
        "PA_1|TR_1",
        "TR_1",
        [99],
    )
    assert [each.direction for each in offer.sections[1:]] == ["sendonly", "inactive"]
    assert offer.fingerprints == {"sha-256": "AA:BB"} and offer.setup == "actpass"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0",
        "m=audio",
        "m=text 9 RTP/AVP 0",
        "m=audio 99999999999 RTP/AVP 0",
        "m=audio 9 RTP/AVP 300",
        "m=audio ٣ RTP/AVP 0",
        "m=audio 9 RTP/AVP 0\na=mid:",
        "m=audio 9 RTP/AVP 0\na=mid:" + "x" * 33,
        "m=audio 9 RTP/AVP 0\na=mid:thôn",
        "m=audio 9 RTP/AVP 0\na=ssrc:9999999999 cname:x",
        "m=audio 9 RTP/AVP 0\n" * 200,
        "x" * 300_000,
    ],
)
def test_bad_descriptions_are_refused(text: str) -> None:
    with pytest.raises(BadSdp):
        parse(text)


LINES = st.sampled_from([*OFFER.splitlines(), "a=ssrc:", "a=rid:", "a=extmap:", "a=fmtp:x", "m=video 0 A B"])


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES | st.text(max_size=40), max_size=40))
def test_whatever_can_be_read_can_be_answered(lines: list[str]) -> None:
    try:
        offer = parse("\n".join(lines))
    except BadSdp:
        return
    answer = build_answer(offer, LOCAL, {each.mid for each in offer.sections}, {}, 1)
    assert answer.count("\r\nm=") == len(offer.sections)
