"""Session descriptions: pure reading and writing, only what an SFU needs (RFC 8866, RFC 8829)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_SDP = 256 * 1024  # characters
MOST_SECTIONS = 128
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
ACCEPTED_EXTENSIONS = {"audio": (AUDIO_LEVEL, MID), "video": (MID, RID)}
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
CODECS = {"audio": "opus", "video": "vp8"}
SENDING = ("sendonly", "sendrecv")
RECEIVING = ("recvonly", "sendrecv")


class BadSdp(ValueError):
    """The description cannot be understood, or is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One payload type of a section. `rtpmap` is what follows the number, `fmtp` may be empty."""

    payload_type: int
    rtpmap: str
    fmtp: str = ""

    @property
    def name(self) -> str:
        """Lower-case encoding name."""
        return self.rtpmap.partition("/")[0].lower()


@dataclass(slots=True, kw_only=True)
class Section:
    """One media section as it was read."""

    kind: str
    port: int
    protocol: str = ""
    mid: str = ""
    direction: str = "sendrecv"
    codecs: list[Codec] = field(default_factory=list)
    extensions: dict[str, int] = field(default_factory=dict)
    stream: str = ""
    track: str = ""
    ssrcs: list[int] = field(default_factory=list)
    rids: list[str] = field(default_factory=list)

    def codec(self) -> Codec | None:
        """The first codec this server forwards, if the section offers one."""
        return next((each for each in self.codecs if each.name == CODECS.get(self.kind)), None)


@dataclass(slots=True, kw_only=True)
class Description:
    """An offer or answer as it was read. `fingerprints` maps algorithm to value."""

    sections: list[Section] = field(default_factory=list)
    ufrag: str = ""
    fingerprints: dict[str, str] = field(default_factory=dict)
    setup: str = ""

    def has_data(self) -> bool:
        """Whether a data channel section is wanted."""
        return any(each.kind == "application" and each.port != 0 for each in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """The server's transport parameters for one peer connection."""

    ufrag: str
    pwd: str
    fingerprint: str
    candidates: Sequence[str]
    largest_message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Downtrack:
    """A track inside a section the server offers."""

    stream: str
    track: str
    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A section the server offers: kind and mid never change, the track in it may."""

    mid: str
    kind: str
    track: Downtrack | None = None


def parse(text: str) -> Description:
    """Read a description. Raises `BadSdp`."""
    if len(text) > LONGEST_SDP:
        raise BadSdp("too long")
    description = Description()
    section: Section | None = None
    for line in text.splitlines():
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            section = _media_line(value)
            description.sections.append(section)
        elif kind == "a":
            name, _, rest = value.partition(":")
            _attribute(description, section, name, rest)
        if len(description.sections) > MOST_SECTIONS:
            raise BadSdp("too many sections")
    if not description.sections:
        raise BadSdp("no media sections")
    return description


def build_answer(
    offer: Description,
    local: Local,
    accepted: Iterable[str],
    tracks: Mapping[str, Downtrack],
    session: int,
) -> str:
    """Answer an offer: what is `accepted` (mids) is received, `tracks` are sent, the rest is inactive."""
    wanted = set(accepted)
    lines = _head(
        session, [each.mid for each in offer.sections if each.port != 0 or each.kind == "application"]
    )
    for section in offer.sections:
        if section.kind == "application":
            lines += _data_section(section.mid, local, "passive")
        else:
            lines += _answered(section, local, tracks.get(section.mid), received=section.mid in wanted)
    return _join(lines)


def build_offer(slots: Sequence[Slot], local: Local, session: int, version: int) -> str:
    """Offer the data channels (mid 0) and every slot; a slot without a track is inactive."""
    lines = _head(session, ["0", *(each.mid for each in slots)], version)
    lines += _data_section("0", local, "actpass")
    for slot in slots:
        lines += _offered(slot, local)
    return _join(lines)


def _media_line(value: str) -> Section:
    parts = value.split()
    if len(parts) < 3 or parts[0] not in ("audio", "video", "application"):
        raise BadSdp("bad media line")
    section = Section(kind=parts[0], port=_number(parts[1].partition("/")[0], 65535), protocol=parts[2])
    if section.kind != "application":
        section.codecs = [Codec(payload_type=_number(each, 127), rtpmap="") for each in parts[3:]]
    return section


def _attribute(description: Description, section: Section | None, name: str, rest: str) -> None:
    if name == "fingerprint":
        algorithm, _, value = rest.partition(" ")
        description.fingerprints[algorithm.lower()] = value.strip()
    elif name == "ice-ufrag":
        description.ufrag = rest
    elif name == "setup":
        description.setup = rest
    elif section is not None:
        _section_attribute(section, name, rest)


def _section_attribute(section: Section, name: str, rest: str) -> None:
    if name in ("sendonly", "recvonly", "sendrecv", "inactive"):
        section.direction = name
    elif name == "mid":
        section.mid = _token(rest)
    elif name in ("rtpmap", "fmtp"):
        _codec_attribute(section, name, rest)
    elif name == "msid":
        section.stream, _, section.track = rest.partition(" ")
    elif name == "ssrc":
        _ssrc_attribute(section, rest)
    else:
        _negotiated_attribute(section, name, rest)


def _negotiated_attribute(section: Section, name: str, rest: str) -> None:
    first, _, second = rest.partition(" ")
    if name == "extmap":
        section.extensions[second.split(" ")[0]] = _number(first.partition("/")[0], 255)
    elif name == "rid" and second.startswith("send"):
        section.rids.append(_token(first))


def _codec_attribute(section: Section, name: str, rest: str) -> None:
    number, _, value = rest.partition(" ")
    payload_type = _number(number, 127)
    for index, codec in enumerate(section.codecs):
        if codec.payload_type == payload_type:
            rtpmap = value if name == "rtpmap" else codec.rtpmap
            fmtp = value if name == "fmtp" else codec.fmtp
            section.codecs[index] = Codec(payload_type=payload_type, rtpmap=rtpmap, fmtp=fmtp)


def _ssrc_attribute(section: Section, rest: str) -> None:
    number, _, value = rest.partition(" ")
    ssrc = _number(number, 0xFFFFFFFF)
    if ssrc not in section.ssrcs:
        section.ssrcs.append(ssrc)
    if value.startswith("msid:") and not section.track:
        section.stream, _, section.track = value[5:].partition(" ")


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        raise BadSdp("bad number")
    return int(text)


def _token(text: str) -> str:
    if not text or len(text) > 32 or not text.isascii() or not text.isprintable() or " " in text:
        raise BadSdp("bad token")
    return text


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
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        f"a=setup:{setup}",
        *(f"a=candidate:{each}" for each in local.candidates),
        "a=end-of-candidates",
    ]


def _data_section(mid: str, local: Local, setup: str) -> list[str]:
    return [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        *_transport(local, setup),
        f"a=mid:{mid}",
        "a=sctp-port:5000",
        f"a=max-message-size:{local.largest_message}",
    ]


def _answered(section: Section, local: Local, track: Downtrack | None, *, received: bool) -> list[str]:
    codec = section.codec() or (section.codecs[0] if section.codecs else None)
    if codec is None or section.port == 0:
        return [f"m={section.kind} 0 UDP/TLS/RTP/SAVPF 0", f"a=mid:{section.mid}", "a=inactive"]
    lines = [f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {codec.payload_type}", *_transport(local, "passive")]
    lines += [
        f"a=mid:{section.mid}",
        f"a={DIRECTIONS[received, track is not None]}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]
    for uri in ACCEPTED_EXTENSIONS[section.kind]:
        if uri in section.extensions:
            lines.append(f"a=extmap:{section.extensions[uri]} {uri}")
    lines += _codec_lines(section.kind, codec)
    lines += _track_lines(track)
    if section.rids:
        lines += [f"a=rid:{rid} recv" for rid in section.rids]
        lines.append("a=simulcast:recv " + ";".join(section.rids))
    return lines


def _offered(slot: Slot, local: Local) -> list[str]:
    codec = OFFERED[slot.kind]
    lines = [f"m={slot.kind} 9 UDP/TLS/RTP/SAVPF {codec.payload_type}", *_transport(local, "actpass")]
    lines += [f"a=mid:{slot.mid}", "a=rtcp-mux", "a=rtcp-rsize"]
    if slot.kind == "audio":
        lines.append(f"a=extmap:{OFFERED_LEVEL_ID} {AUDIO_LEVEL}")
    lines += _codec_lines(slot.kind, codec)
    lines.append("a=inactive" if slot.track is None else "a=sendonly")
    return lines + _track_lines(slot.track)


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


DIRECTIONS = {  # of a section in an answer, by whether the server receives in it and whether it sends
    (True, True): "sendrecv",
    (True, False): "recvonly",
    (False, True): "sendonly",
    (False, False): "inactive",
}
OFFERED_LEVEL_ID = 1
OFFERED = {
    "audio": Codec(payload_type=111, rtpmap="opus/48000/2", fmtp="minptime=10;useinbandfec=1"),
    "video": Codec(payload_type=96, rtpmap="VP8/90000"),
}
