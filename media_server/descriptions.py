"""Session descriptions the server writes: answers to offers, and its own offers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from media_server.sdp import (
    AUDIO_LEVEL,
    MID,
    OFFERED,
    OFFERED_LEVEL_ID,
    OFFERED_RED,
    RID,
    Codec,
    Description,
    Downtrack,
    Local,
    Section,
    Slot,
)

ACCEPTED_EXTENSIONS = {"audio": (AUDIO_LEVEL, MID), "video": (MID, RID)}
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
ANYWHERE = "c=IN IP4 0.0.0.0"  # candidates tell the address
DIRECTIONS = {  # of a section in an answer, by whether the server receives in it and whether it sends
    (True, True): "sendrecv",
    (True, False): "recvonly",
    (False, True): "sendonly",
    (False, False): "inactive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer: mids to receive, those of them in which Opus may come as RED, tracks to send by mid.

    Every other section becomes inactive.
    """

    received: Collection[str] = ()
    as_red: Collection[str] = ()
    tracks: Mapping[str, Downtrack] = field(default_factory=dict)


def build_answer(offer: Description, local: Local, reply: Reply, session: int) -> str:
    """Answer a client's offer."""
    lines = _head(session, [each.mid for each in offer.sections if not _refused(each)])
    end = local  # candidates stand in the first section only: all are bundled with it
    for section in offer.sections:
        if _refused(section):
            lines += _given_up(section)
            continue
        if section.kind == "application":
            lines += _data_section(section.mid, end, "passive")
        else:
            lines += _answered(section, end, reply)
        end = replace(local, candidates=())
    return _join(lines)


def build_offer(slots: Sequence[Slot], local: Local, session: int, version: int) -> str:
    """Offer the data channels (mid 0) and every slot; a slot without a track is inactive."""
    lines = _head(session, ["0", *(each.mid for each in slots)], version)
    lines += _data_section("0", local, "actpass")
    bundled = replace(local, candidates=())
    for slot in slots:
        lines += _offered(slot, bundled)
    return _join(lines)


def _head(session: int, mids: Sequence[str], version: int = 1) -> list[str]:
    return [
        "v=0",
        f"o=- {session} {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(mids),
        "a=ice-lite",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]


def _transport(local: Local, setup: str) -> list[str]:
    return [
        ANYWHERE,
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        f"a=setup:{setup}",
        *(f"a=candidate:{each}" for each in local.candidates),
        *(["a=end-of-candidates"] if local.candidates else []),
    ]


def _data_section(mid: str, local: Local, setup: str) -> list[str]:
    return [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        *_transport(local, setup),
        f"a=mid:{mid}",
        "a=sctp-port:5000",
        f"a=max-message-size:{local.largest_message}",
    ]


def _refused(section: Section) -> bool:
    """Whether the client gave the section up, or offers nothing in it that could be answered."""
    return section.kind != "application" and (section.given_up or not section.codecs)


def _given_up(section: Section) -> list[str]:
    """With an address, though nothing is there: Firefox reads no description where one is lacking."""
    return [f"m={section.kind} 0 UDP/TLS/RTP/SAVPF 0", ANYWHERE, f"a=mid:{section.mid}", "a=inactive"]


def _answered(section: Section, local: Local, reply: Reply) -> list[str]:
    received, track = section.mid in reply.received, reply.tracks.get(section.mid)
    codecs = _answered_codecs(section, red_first=section.mid in reply.as_red, sent=track is not None)
    lines = _media_lines(section.kind, section.mid, codecs, _transport(local, "passive"))
    lines.append(f"a={DIRECTIONS[received, track is not None]}")
    for uri in ACCEPTED_EXTENSIONS[section.kind]:
        if uri in section.extensions:
            lines.append(f"a=extmap:{section.extensions[uri]} {uri}")
    lines += _track_lines(track)
    if section.rids:
        lines += [f"a=rid:{rid} recv" for rid in section.rids]
        lines.append("a=simulcast:recv " + ";".join(section.rids))
    return lines


def _answered_codecs(section: Section, *, red_first: bool, sent: bool) -> list[Codec]:
    """In the order in which the client is to use them for sending."""
    codec, red = section.codec() or section.codecs[0], section.red()
    if red is None or not (red_first or sent):
        return [codec]
    return [red, codec] if red_first else [codec, red]


def _offered(slot: Slot, local: Local) -> list[str]:
    audio = slot.kind == "audio"
    codecs = [OFFERED["audio"], OFFERED_RED] if audio else [OFFERED["video"]]
    lines = _media_lines(slot.kind, slot.mid, codecs, _transport(local, "actpass"))
    if audio:
        lines.append(f"a=extmap:{OFFERED_LEVEL_ID} {AUDIO_LEVEL}")
    lines.append("a=inactive" if slot.track is None else "a=sendonly")
    return lines + _track_lines(slot.track)


def _media_lines(kind: str, mid: str, codecs: Sequence[Codec], transport: Sequence[str]) -> list[str]:
    numbers = " ".join(str(each.payload_type) for each in codecs)
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}", *transport, f"a=mid:{mid}"]
    lines += ["a=rtcp-mux", "a=rtcp-rsize"]
    for codec in codecs:
        lines += _codec_lines(kind, codec)
    return lines


def _track_lines(track: Downtrack | None) -> list[str]:
    if track is None:
        return []
    return [
        f"a=msid:{track.stream} {track.track}",
        f"a=ssrc:{track.ssrc} cname:{track.cname}",
        f"a=ssrc:{track.ssrc} msid:{track.stream} {track.track}",
    ]


def _codec_lines(kind: str, codec: Codec) -> list[str]:
    lines = [f"a=rtpmap:{codec.payload_type} {codec.rtpmap}"]
    if codec.fmtp:
        lines.append(f"a=fmtp:{codec.payload_type} {codec.fmtp}")
    if kind == "video":
        lines += [f"a=rtcp-fb:{codec.payload_type} {each}" for each in VIDEO_FEEDBACK]
    return lines


def _join(lines: Sequence[str]) -> str:
    return "\r\n".join(lines) + "\r\n"
