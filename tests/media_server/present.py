"""People of a running server without any network: their requests and packets go straight in."""

from __future__ import annotations

import struct
from typing import Any

from livekit.protocol import models, rtc

from media_server import rtcp
from media_server.auth import Grants
from media_server.hall import Hall
from media_server.join import JoinParams
from media_server.requests import Requests
from media_server.room import Room
from tests.media_server.offers import OFFER

SSRC = 77  # of the microphone in OFFER
RECEIVING = OFFER.replace("a=sendonly", "a=recvonly")
SILENT = OFFER.replace("a=sendonly", "a=inactive")


class Present:
    """One participant. It is its own signal connection, and answers what the server asks."""

    def __init__(self, hall: Hall, room: Room, identity: str, *, single: bool) -> None:
        grants = Grants(key="", identity=identity, room=room.name, room_join=True)
        self.me = hall.admit(room, grants, JoinParams(single=single, sdk="python"))
        self.me.link = self
        self._requests = Requests(hall, room, self.me)
        self._told: list[rtc.SignalResponse] = []
        room.settle(self.me)

    def send(self, message: bytes) -> None:
        """The server says something."""
        self._told.append(rtc.SignalResponse.FromString(message))

    def close_soon(self) -> None:
        """The server closes the connection; there is none."""

    def say(self, **request: Any) -> None:
        """One request, by the name of its field."""
        self._requests.handle(rtc.SignalRequest(**request))

    def negotiate(self) -> None:
        """Do what the server asks for, until it asks for nothing."""
        while self._told:
            told, self._told = self._told, []
            for each in told:
                if each.HasField("offer"):
                    self.say(answer=_answer(each.offer))
                elif each.HasField("media_sections_requirement"):
                    self.offer(RECEIVING)

    def offer(self, text: str) -> None:
        """Offer without a handshake to follow."""
        plain = "\r\n".join(line for line in text.splitlines() if not line.startswith("a=fingerprint"))
        self.say(offer=rtc.SessionDescription(type="offer", sdp=plain))

    def speak(self) -> None:
        """Announce a microphone, publish it."""
        self.say(add_track=rtc.AddTrackRequest(cid="cid-mic", type=models.AUDIO, source=models.MICROPHONE))
        self.offer(OFFER)

    def sound(self, sequence: int) -> None:
        """One packet of the microphone."""
        head = struct.pack("!BBHLL", 0x80, 111, sequence & 0xFFFF, sequence * 960, SSRC)
        self.me.uplink.on_rtp(head + b"sound")

    def report(self) -> None:
        """Tell how everything is received."""
        for each in self.me.downlink.subscriptions.values():
            reception = rtcp.Reception(each.ssrc, 48000)
            reception.note(1, 0, 0.0)
            self.me.downlink.on_rtcp(rtcp.receiver_report(1, [reception.block(0.0)]))


def _answer(offer: rtc.SessionDescription) -> rtc.SessionDescription:
    lines = (line for line in offer.sdp.splitlines() if not line.startswith("a=fingerprint"))
    text = "\r\n".join(lines).replace("a=sendonly", "a=recvonly")
    return rtc.SessionDescription(type="answer", sdp=text, id=offer.id)
