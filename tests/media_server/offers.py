"""Offers as browsers write them, shortened."""

from __future__ import annotations

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
        "a=fmtp:63 111/111",
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

HEAD_OF_FIREFOX = [
    "v=0",
    "o=mozilla...THIS_IS_SDPARTA-99.0 7559237611502768132 0 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    "a=fingerprint:sha-256 0E:50:49",
    "a=ice-options:trickle",
    "a=msid-semantic: WMS *",
]
END_OF_FIREFOX = ["a=ice-ufrag:41b08bd2", "a=ice-pwd:b19e2e39046f8a0e", "a=rtcp-mux"]
OPUS_OF_FIREFOX = [
    "c=IN IP4 0.0.0.0",
    "a=rtpmap:109 opus/48000/2",
    "a=rtpmap:9 G722/8000/1",
    "a=rtpmap:101 telephone-event/8000/1",
    "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1",
    "a=fmtp:101 0-15",
    "a=rtcp-fb:109 transport-cc",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level",
    "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap-allow-mixed",
    "a=setup:actpass",
]
VP8_OF_FIREFOX = [
    "c=IN IP4 0.0.0.0",
    "a=rtpmap:120 VP8/90000",
    "a=rtpmap:124 rtx/90000",
    "a=rtpmap:121 VP9/90000",
    "a=fmtp:120 max-fs=12288;max-fr=60",
    "a=fmtp:124 apt=120",
    "a=rtcp-fb:120 nack",
    "a=rtcp-fb:120 nack pli",
    "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "a=extmap:9/sendonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=extmap-allow-mixed",
    "a=setup:actpass",
]
FIREFOX_RECEIVES = "\r\n".join(  # the first offer in single mode: port 0 with `bundle-only` is no refusal
    [
        *HEAD_OF_FIREFOX,
        "a=group:BUNDLE 0 1 3 4 6",
        *("m=audio 9 UDP/TLS/RTP/SAVPF 109 9 101", *OPUS_OF_FIREFOX, "a=mid:0", "a=recvonly"),
        *END_OF_FIREFOX,
        *("m=audio 0 UDP/TLS/RTP/SAVPF 109 9 101", *OPUS_OF_FIREFOX, "a=mid:1", "a=recvonly"),
        *(*END_OF_FIREFOX, "a=bundle-only"),
        *("m=video 9 UDP/TLS/RTP/SAVPF 120 124 121", *VP8_OF_FIREFOX, "a=mid:3", "a=recvonly"),
        *END_OF_FIREFOX,
        *("m=video 0 UDP/TLS/RTP/SAVPF 120 124 121", *VP8_OF_FIREFOX, "a=mid:4", "a=recvonly"),
        *(*END_OF_FIREFOX, "a=bundle-only"),
        *("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=setup:actpass"),
        *("a=mid:6", "a=sendrecv", "a=sctp-port:5000", "a=max-message-size:1073741823"),
    ]
)
FIREFOX_SENDS = "\r\n".join(  # a camera in dual mode: its track has another name than it was announced under
    [
        *HEAD_OF_FIREFOX,
        "a=group:BUNDLE 0 1",
        *("m=application 50190 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 192.0.2.2", "a=mid:0"),
        *("a=setup:actpass", "a=ice-ufrag:4310d294", "a=ice-pwd:1b567a741717bbba"),
        *("m=video 9 UDP/TLS/RTP/SAVPF 120 124 121", *VP8_OF_FIREFOX, "a=mid:1"),
        *("a=msid:- {a1ab0c30-a540-4a40-b9e2-ecff29b52856}", "a=sendonly"),
        "a=ssrc:2164557339 cname:{a4a3b226-568c-4519-bd9a-bfda2d81aafc}",
        "a=ssrc:329055523 cname:{a4a3b226-568c-4519-bd9a-bfda2d81aafc}",
        "a=ssrc-group:FID 2164557339 329055523",
        *(*END_OF_FIREFOX, "a=rtcp-rsize", "a=rid:q send", "a=rid:h send", "a=rid:f send"),
        "a=simulcast:send q;h;f",
    ]
)
