"""Session descriptions: what they say and how they are read, only what an SFU needs (RFC 8866, RFC 8829). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from hashlib import blake2b

LONGEST_SDP = 1 << 20  # characters; browsers write up to 7 KB for each camera of a meeting
MOST_SECTIONS = 640  # two for each participant of a full room, and some that were emptied
MOST_SSRCS = 32  # of one section; browsers write two for each of three layers
MOST_RIDS = 8
MOST_CODECS = 128  # there are no more numbers
MOST_EXTENSIONS = 64  # browsers write some twenty
MOST_FINGERPRINTS = 8
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
CODECS = {"audio": "opus", "video": "vp8"}
FORWARDED = ("opus", "red", "vp8")
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
    """One media section as it was read. Nobody changes it afterwards: it may serve several descriptions."""

    kind: str
    port: int
    protocol: str = ""
    mid: str = ""
    direction: str = "sendrecv"
    bundle_only: bool = False
    codecs: list[Codec] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict, repr=False, compare=False)  # of codecs, by number
    extensions: dict[str, int] = field(default_factory=dict)
    stream: str = ""
    track: str = ""
    ssrcs: list[int] = field(default_factory=list)
    rids: list[str] = field(default_factory=list)
    ufrag: str = ""
    setup: str = ""
    fingerprints: dict[str, str] = field(default_factory=dict)

    @property
    def given_up(self) -> bool:
        """Whether the client wants it no more: port 0, which in an offer may also mean "only in the bundle".

        RFC 9143 (February 2022), section 6. Firefox writes so for all but the first section of each kind.
        """
        return self.port == 0 and not self.bundle_only

    def codec(self) -> Codec | None:
        """The first codec this server forwards, if the section offers one."""
        return next((each for each in self.codecs if each.name == CODECS.get(self.kind)), None)

    def red(self) -> Codec | None:
        """RED around that Opus (RFC 2198, September 1997), if offered in a form that others can share.

        The packets name the payload type of the Opus inside, so it must be the one common to all.
        """
        opus = self.codec()
        if self.kind != "audio" or opus is None or opus.payload_type != OFFERED["audio"].payload_type:
            return None
        inside = str(opus.payload_type)
        return next((e for e in self.codecs if e.name == "red" and e.fmtp.split("/")[0] == inside), None)


@dataclass(slots=True, kw_only=True)
class Description:
    """An offer or answer as it was read. `fingerprints` maps algorithm to value."""

    sections: list[Section] = field(default_factory=list)
    ufrag: str = ""
    fingerprints: dict[str, str] = field(default_factory=dict)
    setup: str = ""

    def has_data(self) -> bool:
        """Whether a data channel section is wanted."""
        return any(each.kind == "application" and not each.given_up for each in self.sections)


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


class Reader:
    """Reads the descriptions of one client; a section that did not change is not read again."""

    def __init__(self) -> None:
        self._known: dict[bytes, Section] = {}  # by a digest of the text, which may be long

    def read(self, text: str) -> Description:
        """Raises `BadSdp`."""
        if len(text) > LONGEST_SDP:
            raise BadSdp("too long")
        head, *chunks = ("\n" + text).replace("\r\n", "\n").split("\nm=")
        if not chunks or len(chunks) > MOST_SECTIONS:
            raise BadSdp("no media sections, or too many")
        digests = [blake2b(each.encode(errors="replace"), digest_size=16).digest() for each in chunks]
        known = ((self._known.get(digest), chunk) for digest, chunk in zip(digests, chunks, strict=True))
        sections = [section or _read_section(chunk) for section, chunk in known]
        mids = [each.mid for each in sections if each.mid]
        if len(set(mids)) < len(mids):
            raise BadSdp("two sections with one mid")
        self._known = dict(zip(digests, sections, strict=True))
        return _describe(head, sections)


def parse(text: str) -> Description:
    """Read one description. Raises `BadSdp`."""
    return Reader().read(text)


def _describe(head: str, sections: list[Section]) -> Description:
    """The connection's own attributes stand before the sections or in them; the last one counts."""
    session = Section(kind="session", port=0)
    for line in head.splitlines():
        _read_line(session, line)
    everywhere = [session, *sections]
    return Description(
        sections=sections,
        ufrag=next((each.ufrag for each in reversed(everywhere) if each.ufrag), ""),
        setup=next((each.setup for each in reversed(everywhere) if each.setup), ""),
        fingerprints={name: value for each in everywhere for name, value in each.fingerprints.items()},
    )


def _read_section(chunk: str) -> Section:
    media, _, rest = chunk.partition("\n")
    section = _media_line(media)
    for line in rest.splitlines():
        _read_line(section, line)
    forwarded = [each for each in section.codecs if each.name in FORWARDED]
    section.codecs = forwarded or section.codecs[:1]  # browsers offer twenty others, kept for nothing
    section.places.clear()
    return section


def _read_line(section: Section, line: str) -> None:
    kind, _, value = line.strip().partition("=")
    if kind == "a":
        name, _, rest = value.partition(":")
        read = ATTRIBUTES.get(name)
        if read is not None:
            read(section, name, rest)


def _media_line(value: str) -> Section:
    parts = value.split()
    if len(parts) < 3 or parts[0] not in ("audio", "video", "application"):
        raise BadSdp("bad media line")
    if len(parts) > MOST_CODECS + 3:
        raise BadSdp("too many codecs")
    section = Section(kind=parts[0], port=_number(parts[1].partition("/")[0], 65535), protocol=parts[2])
    if section.kind != "application":
        section.codecs = [Codec(payload_type=_number(each, 127), rtpmap="") for each in parts[3:]]
        section.places = {each.payload_type: index for index, each in enumerate(section.codecs)}
    return section


def _fingerprint(section: Section, _name: str, rest: str) -> None:
    algorithm, _, value = rest.partition(" ")
    section.fingerprints[algorithm.lower()] = value.strip()
    _bound(section.fingerprints, MOST_FINGERPRINTS, "fingerprints")


def _ufrag(section: Section, _name: str, rest: str) -> None:
    section.ufrag = rest


def _setup(section: Section, _name: str, rest: str) -> None:
    section.setup = rest


def _direction(section: Section, name: str, _rest: str) -> None:
    section.direction = name


def _bundle_only(section: Section, _name: str, _rest: str) -> None:
    section.bundle_only = True


def _mid(section: Section, _name: str, rest: str) -> None:
    section.mid = _token(rest)


def _msid(section: Section, _name: str, rest: str) -> None:
    section.stream, _, section.track = rest.partition(" ")


def _extension(section: Section, _name: str, rest: str) -> None:
    first, _, second = rest.partition(" ")
    section.extensions[second.split(" ")[0]] = _number(first.partition("/")[0], 255)
    _bound(section.extensions, MOST_EXTENSIONS, "extensions")


def _rid(section: Section, _name: str, rest: str) -> None:
    first, _, second = rest.partition(" ")
    if second.startswith("send"):
        section.rids.append(_token(first))
        _bound(section.rids, MOST_RIDS, "layers")


def _codec_attribute(section: Section, name: str, rest: str) -> None:
    number, _, value = rest.partition(" ")
    payload_type = _number(number, 127)
    index = section.places.get(payload_type)
    if index is not None:
        codec = section.codecs[index]
        rtpmap = value if name == "rtpmap" else codec.rtpmap
        fmtp = value if name == "fmtp" else codec.fmtp
        section.codecs[index] = Codec(payload_type=payload_type, rtpmap=rtpmap, fmtp=fmtp)


def _ssrc_attribute(section: Section, _name: str, rest: str) -> None:
    number, _, value = rest.partition(" ")
    ssrc = _number(number, 0xFFFFFFFF)
    if ssrc not in section.ssrcs:
        section.ssrcs.append(ssrc)
        _bound(section.ssrcs, MOST_SSRCS, "sources")
    if value.startswith("msid:") and not section.track:
        section.stream, _, section.track = value[5:].partition(" ")


def _bound(found: Sized, most: int, what: str) -> None:
    """Nothing is looked through that may be long: whoever sends more than browsers do is refused."""
    if len(found) > most:
        raise BadSdp(f"too many {what}")


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        raise BadSdp("bad number")
    return int(text)


def _token(text: str) -> str:
    if not text or len(text) > 32 or not text.isascii() or not text.isprintable() or " " in text:
        raise BadSdp("bad token")
    return text


ATTRIBUTES: Mapping[str, Callable[[Section, str, str], None]] = {
    "fingerprint": _fingerprint,
    "ice-ufrag": _ufrag,
    "setup": _setup,
    "sendonly": _direction,
    "recvonly": _direction,
    "sendrecv": _direction,
    "inactive": _direction,
    "bundle-only": _bundle_only,
    "mid": _mid,
    "rtpmap": _codec_attribute,
    "fmtp": _codec_attribute,
    "msid": _msid,
    "ssrc": _ssrc_attribute,
    "extmap": _extension,
    "rid": _rid,
}
OFFERED_LEVEL_ID = 1
OFFERED = {
    "audio": Codec(payload_type=111, rtpmap="opus/48000/2", fmtp="minptime=10;useinbandfec=1"),
    "video": Codec(payload_type=96, rtpmap="VP8/90000"),
}
OFFERED_RED = Codec(payload_type=63, rtpmap="red/48000/2", fmtp="111/111")
