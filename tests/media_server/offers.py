"""An offer as browsers write it, shortened."""

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
