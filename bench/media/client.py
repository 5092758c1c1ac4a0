"""A load client: signals as an SDK does in dual mode, receives without decoding, sends made-up media."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import time
from collections.abc import Callable

import aiohttp
from livekit.protocol import models, rtc

from bench.media.leg import MARK, Leg
from media_server import sdp
from media_server.checks import Credentials
from media_server.transport import RTCCertificate

PING_S = 5.0
LOCAL = "127.0.0.1"
STEREO = "opus/48000/2"


class Client:
    """One participant. Times are `time.perf_counter()`."""

    def __init__(
        self, http: aiohttp.ClientSession, certificate: RTCCertificate, *, timed: bool = False
    ) -> None:
        self._http = http
        self.publisher = Leg(certificate, LOCAL)
        self.subscriber = Leg(certificate, LOCAL, timed=timed)
        self.began = 0.0
        self.joined = 0.0
        self.ended = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._published: dict[str, asyncio.Future[models.TrackInfo]] = {}
        self._answered = asyncio.Event()

    async def join(self, url: str, token: str) -> None:
        """Until the subscriber connection is up, as SDKs count it."""
        self.began = time.perf_counter()
        query = {
            "access_token": token,
            "protocol": "15",
            "auto_subscribe": "1",
            "sdk": "go",
            "version": "2.0.0",
        }
        self._socket = await self._http.ws_connect(url.replace("http", "ws", 1) + "/rtc", params=query)
        self._tasks = [asyncio.create_task(self._listen(self._socket)), asyncio.create_task(self._ping())]
        await self.subscriber.connected.wait()
        self.joined = time.perf_counter()

    async def publish(self, tracks: dict[str, int]) -> None:
        """Announce tracks (kind -> SSRC) and offer them; returns when the publisher connection is up."""
        for kind, ssrc in tracks.items():
            await self._announce(kind, f"cid-{kind}-{ssrc}")
        offer = self._offer(tracks)
        await self._send(rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=offer, id=1)))
        await self.publisher.connected.wait()

    async def close(self) -> None:
        """Say goodbye and free everything."""
        with contextlib.suppress(Exception):
            leave = rtc.LeaveRequest(reason=models.DisconnectReason.CLIENT_INITIATED)
            await self._send(rtc.SignalRequest(leave=leave))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        await asyncio.gather(self.publisher.close(), self.subscriber.close(), return_exceptions=True)

    async def _announce(self, kind: str, cid: str) -> None:
        video = kind == "video"
        request = rtc.AddTrackRequest(
            cid=cid,
            type=models.TrackType.VIDEO if video else models.TrackType.AUDIO,
            source=models.TrackSource.CAMERA if video else models.TrackSource.MICROPHONE,
            width=1280 if video else 0,
            height=720 if video else 0,
            disable_red=True,
        )
        self._published[cid] = asyncio.get_running_loop().create_future()
        await self._send(rtc.SignalRequest(add_track=request))
        await self._published[cid]

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                break
            response = rtc.SignalResponse.FromString(message.data)
            kind = response.WhichOneof("message")
            if kind == "offer":
                await self._on_offer(response.offer)
            elif kind == "answer":
                self._connect(self.publisher, response.answer.sdp)
            elif kind == "track_published":
                published = response.track_published
                self._published[published.cid].set_result(published.track)
        self.ended = True

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_S)
            await self._send(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=int(time.time() * 1000))))

    async def _on_offer(self, offer: rtc.SessionDescription) -> None:
        answer = self._answer(sdp.parse(offer.sdp))
        description = rtc.SessionDescription(type="answer", sdp=answer, id=offer.id)
        await self._send(rtc.SignalRequest(answer=description))
        self._connect(self.subscriber, offer.sdp)

    async def _send(self, request: rtc.SignalRequest) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(request.SerializeToString())

    def _connect(self, leg: Leg, text: str) -> None:
        lines = dict(line[2:].split(":", 1) for line in text.splitlines() if line[:2] == "a=" and ":" in line)
        fields = next(line.split() for line in text.splitlines() if _is_udp(line))
        remote = Credentials(ufrag=lines["ice-ufrag"], pwd=lines["ice-pwd"])
        leg.connect(remote, (fields[4], int(fields[5])), sdp.parse(text).fingerprints)

    def _answer(self, offer: sdp.Description) -> str:
        lines = _head([each.mid for each in offer.sections])
        for section in offer.sections:
            lines += self._section(self.subscriber, section, "active", "recvonly")
        return "\r\n".join(lines) + "\r\n"

    def _offer(self, tracks: dict[str, int]) -> str:
        lines = _head([str(index) for index in range(len(tracks))])
        for index, (kind, ssrc) in enumerate(tracks.items()):
            codec = sdp.OFFERED[kind]
            section = sdp.Section(
                kind=kind, port=9, protocol="UDP/TLS/RTP/SAVPF", mid=str(index), codecs=[codec]
            )
            lines += self._section(self.publisher, section, "actpass", "sendonly")
            lines += [f"a=msid:bench cid-{kind}-{ssrc}", f"a=ssrc:{ssrc} cname:bench"]
            lines += [f"a=ssrc:{ssrc} msid:bench cid-{kind}-{ssrc}"]
        return "\r\n".join(lines) + "\r\n"

    def _section(self, leg: Leg, section: sdp.Section, setup: str, direction: str) -> list[str]:
        codec = section.codec()
        number = "webrtc-datachannel" if codec is None else str(codec.payload_type)
        lines = [f"m={section.kind} 9 {section.protocol} {number}", "c=IN IP4 0.0.0.0"]
        lines += [f"a=ice-ufrag:{leg.ice.current.ufrag}", f"a=ice-pwd:{leg.ice.current.pwd}"]
        lines += [
            f"a=fingerprint:sha-256 {leg.transport.fingerprint}",
            f"a=setup:{setup}",
            f"a=mid:{section.mid}",
        ]
        if codec is None:
            return [*lines, "a=sctp-port:5000", "a=max-message-size:65536"]
        lines += ["a=rtcp-mux", f"a={direction}", f"a=rtpmap:{number} {codec.rtpmap}"]
        if codec.fmtp:
            lines.append(f"a=fmtp:{number} {codec.fmtp}")
        if section.kind == "audio" and direction == "sendonly":
            lines.append(f"a=extmap:1 {sdp.AUDIO_LEVEL}")
        return lines


class Speaker:
    """Sends 50 audio packets a second and, if wanted, 30 pictures of six packets of a 720p video."""

    def __init__(self, leg: Leg, audio: int, video: int | None, *, voiced: bool = True) -> None:
        self._leg, self._audio, self._video = leg, audio, video
        self._level = 20 if voiced else 127
        self._sequence = {audio: 0, video or 0: 0}
        self._stamp = {audio: 0, video or 0: 0}
        self._pictures = 0
        self.sent = 0

    def speak(self) -> None:
        """One packet of 20 ms."""
        level = struct.pack("!HHBBH", 0xBEDE, 1, 0x10, 0x80 | self._level, 0)
        self._stamp[self._audio] += 960
        self._packet(self._audio, 0x90, 111, level + bytes(100))

    def show(self) -> None:
        """One picture, every thirtieth a key frame."""
        if self._video is None:
            return
        key = self._pictures % 30 == 0
        self._pictures += 1
        self._stamp[self._video] += 3000
        for part in range(6):
            descriptor = struct.pack(
                "!BBH", 0x90 if part == 0 else 0x80, 0x80, 0x8000 | (self._pictures & 0x7FFF)
            )
            frame = (
                (b"\x10\x02\x00\x9d\x01\x2a\x00\x05\xd0\x02" if key else b"\x11\x02\x00")
                if part == 0
                else b""
            )
            last = 0x80 if part == 5 else 0
            self._packet(self._video, 0x80, 96 | last, descriptor + frame + bytes(1080))

    def _packet(self, ssrc: int, first: int, second: int, body: bytes) -> None:
        sequence = self._sequence[ssrc] = (self._sequence[ssrc] + 1) & 0xFFFF
        head = struct.pack("!BBHLL", first, second, sequence, self._stamp[ssrc] & 0xFFFFFFFF, ssrc)
        self._leg.transport.send_rtp(head + body + MARK + struct.pack("!Q", time.time_ns()))
        self.sent += 1


async def pace(act: Callable[[], None], interval: float, seconds: float) -> float:
    """Act at a steady pace; return the worst lateness in seconds."""
    due, end, worst = time.perf_counter(), time.perf_counter() + seconds, 0.0
    while due < end:
        act()
        due += interval
        late = time.perf_counter() - due
        worst = max(worst, late)
        await asyncio.sleep(max(0.0, -late))
    return worst


def _head(mids: list[str]) -> list[str]:
    head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=msid-semantic: WMS *"]
    return [*head, "a=group:BUNDLE " + " ".join(mids)]


def _is_udp(line: str) -> bool:
    return line.startswith("a=candidate:") and " udp " in line.lower()
