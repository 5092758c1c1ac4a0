"""The peer connections of one client, and how offers and answers go. Only here both modes are known.

Dual mode: one connection to publish, where the client offers, and one to receive, where the server does.
Single mode: one connection for both, where only the client offers; the server asks it to.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from livekit.protocol import rtc

from media_server import sdp
from media_server.descriptions import build_offer
from media_server.ice import IceMux
from media_server.join import JoinParams
from media_server.negotiate import Slots
from media_server.sections import Sections
from media_server.transport import LARGEST_MESSAGE, LOSSY, RELIABLE, Peer, PeerTransport, RTCCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The numbers one client expects in packets of a track: payload type, audio-level id (0: none).

    `red_type` is the payload type of RED (RFC 2198), 0 if the client does not take it.
    """

    payload_type: int
    level_id: int
    red_type: int = 0


class Exchange(Protocol):
    """How the tracks a client receives get into the sections of its connection."""

    def place(self, kind: str, track: sdp.Downtrack, synced_stream: str) -> None:
        """Let the client know of a track soon; `synced_stream` joins microphone and camera."""

    def release(self, track_sid: str) -> None:
        """Let the client know soon that it is gone."""

    def forget(self, track_sid: str) -> None:
        """A released track ended: it is never placed again."""

    def forget_publisher(self, publisher_sid: str) -> None:
        """Nor is any track of this participant."""

    def due(self) -> rtc.SignalResponse | None:
        """The message to send now, if any; call after every change and every message of the client."""

    def restart(self) -> None:
        """The client lost its signal connection and came back."""

    def fill(self, offer: sdp.Description, publishing: Collection[str]) -> Mapping[str, sdp.Downtrack]:
        """Tracks to put into the answer to the client's offer, by mid."""

    def answered(self, answer: rtc.SessionDescription) -> Mapping[int, Agreed]:
        """SSRCs the client knows by its answer. Raises `BadSdp`."""

    def __len__(self) -> int:
        """How many sections there are to receive in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The connections of one client; in single mode both are the same."""

    publisher: PeerTransport
    subscriber: PeerTransport
    exchange: Exchange


def connect_legs(params: JoinParams, mux: IceMux, certificate: RTCCertificate, peer: Peer) -> Legs:
    """The connections for the mode the client asked for."""
    publisher = PeerTransport(mux, certificate, peer)
    if params.single:
        return Legs(publisher=publisher, subscriber=publisher, exchange=ClientOffers())
    subscriber = PeerTransport(mux, certificate, peer, opens=(RELIABLE, LOSSY))
    exchange = ServerOffers(subscriber, remembers_streams=params.remembers_streams)
    return Legs(publisher=publisher, subscriber=subscriber, exchange=exchange)


def local_end(transport: PeerTransport) -> sdp.Local:
    """What the server writes into descriptions of this connection."""
    ice = transport.ice
    return sdp.Local(
        ufrag=ice.current.ufrag,
        pwd=ice.current.pwd,
        fingerprint=transport.fingerprint,
        candidates=ice.candidates(),
        largest_message=LARGEST_MESSAGE,
    )


class ServerOffers:
    """Dual mode: the server offers, one offer at a time."""

    def __init__(self, transport: PeerTransport, *, remembers_streams: bool) -> None:
        self._transport = transport
        self._slots = Slots(remembers_streams=remembers_streams)
        self._session = secrets.randbits(53)
        self._mids: dict[str, str] = {}  # by track sid

    def place(self, kind: str, track: sdp.Downtrack, synced_stream: str) -> None:
        """Into the next offer."""
        self._mids[track.track] = self._slots.place(kind, track, synced_stream)

    def release(self, track_sid: str) -> None:
        """Out of the next offer."""
        self._slots.release(self._mids.pop(track_sid))

    def forget(self, track_sid: str) -> None:
        """Not to be told apart from others any more."""
        self._slots.forget(track_sid)

    def forget_publisher(self, publisher_sid: str) -> None:
        """Nothing is kept of publishers here."""
        del publisher_sid

    def due(self) -> rtc.SignalResponse | None:
        """An offer."""
        due = self._slots.next_offer()
        if due is None:
            return None
        offer_id, slots = due
        text = build_offer(slots, local_end(self._transport), self._session, offer_id)
        return rtc.SignalResponse(offer=rtc.SessionDescription(type="offer", sdp=text, id=offer_id))

    def restart(self) -> None:
        """New ICE credentials and a new offer."""
        self._transport.ice.restart()
        self._slots.restart()

    def fill(self, offer: sdp.Description, publishing: Collection[str]) -> Mapping[str, sdp.Downtrack]:
        """Nothing: the client offers only what it publishes."""
        del offer, publishing
        return {}

    def answered(self, answer: rtc.SessionDescription) -> Mapping[int, Agreed]:
        """What the answered offer held; its first answer begins the handshake."""
        description = sdp.parse(answer.sdp)
        known = self._slots.answered(answer.id)
        if known is None:
            return {}
        if description.fingerprints:
            self._transport.start(description.fingerprints, data=True)
        sections = {each.mid: each for each in description.sections}
        shown = ((each.track, sections.get(each.mid)) for each in known)
        return {track.ssrc: agreed_in(section) for track, section in shown if track and section}

    def __len__(self) -> int:
        return len(self._slots)


class ClientOffers:
    """Single mode: the server asks the client to offer sections and fills them."""

    def __init__(self) -> None:
        self._sections = Sections()

    def place(self, kind: str, track: sdp.Downtrack, synced_stream: str) -> None:
        """Into the next answer that has room."""
        self._sections.place(kind, track, synced_stream)

    def release(self, track_sid: str) -> None:
        """Out of the next answer."""
        self._sections.release(track_sid)

    def forget(self, track_sid: str) -> None:
        """The name of its stream never comes again."""
        self._sections.forget(track_sid)

    def forget_publisher(self, publisher_sid: str) -> None:
        """Nor does any of its streams."""
        self._sections.forget_publisher(publisher_sid)

    def due(self) -> rtc.SignalResponse | None:
        """A request for an offer, with the sections that are lacking."""
        lacking = self._sections.requirement()
        if lacking is None:
            return None
        asked = rtc.MediaSectionsRequirement(num_audios=lacking.audios, num_videos=lacking.videos)
        return rtc.SignalResponse(media_sections_requirement=asked)

    def restart(self) -> None:
        """The client offers by itself, with new ICE credentials."""
        self._sections.restart()

    def fill(self, offer: sdp.Description, publishing: Collection[str]) -> Mapping[str, sdp.Downtrack]:
        """Tracks for the sections the client is willing to receive in."""
        return self._sections.fill(offer, publishing)

    def answered(self, answer: rtc.SessionDescription) -> Mapping[int, Agreed]:
        """Nothing: the server never offers."""
        del answer
        return {}

    def __len__(self) -> int:
        return len(self._sections)


def agreed_in(section: sdp.Section) -> Agreed:
    """The numbers of a section the client wrote, in its offer or in its answer."""
    codec, red = section.codec(), section.red()
    return Agreed(
        payload_type=codec.payload_type if codec is not None else 0,
        level_id=section.extensions.get(sdp.AUDIO_LEVEL, 0),
        red_type=red.payload_type if red is not None else 0,
    )
