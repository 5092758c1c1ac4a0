"""A load client: signals as an SDK does in dual mode, receives without decoding, sends made-up media."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Sequence

import aiohttp
from livekit.protocol import models, rtc
from livekit.protocol.models import VideoQuality

from bench.media.leg import Leg
from bench.media.speaker import LEVEL_ID, MID_ID, ONE, RID_ID, Size
from media_server import sdp
from media_server.checks import Credentials
from media_server.transport import RTCCertificate

PING_S = 5.0
LOCAL = "127.0.0.1"


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
        self.videos: set[str] = set()
        self.on_wanted: Callable[[list[bool]], None] | None = None
        self._own: set[str] = set()
        self._announced = asyncio.Event()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._published: dict[str, asyncio.Future[models.TrackInfo]] = {}

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

    async def publish(self, tracks: dict[str, int], sizes: Sequence[Size] = ONE) -> None:
        """Announce tracks (kind -> SSRC) and offer them; returns when the publisher connection is up."""
        for kind, ssrc in tracks.items():
            await self._announce(kind, f"cid-{kind}-{ssrc}", sizes)
        offer = self._offer(tracks, sizes)
        await self._send(rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=offer, id=1)))
        await self.publisher.connected.wait()

    async def close(self) -> None:
        """Say goodbye and free everything."""
        if self._socket is not None:
            leave = rtc.LeaveRequest(reason=models.DisconnectReason.CLIENT_INITIATED)
            await self._send(rtc.SignalRequest(leave=leave))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        await asyncio.gather(self.publisher.end(), self.subscriber.end(), return_exceptions=True)

    async def sees(self, count: int) -> None:
        """Until so many videos of others were announced."""
        while len(self.videos - self._own) < count:
            self._announced.clear()
            await self._announced.wait()

    async def choose(self, width: int, height: int) -> None:
        """Say how large the videos of the others are shown."""
        sids = [sid for sid in self.videos if sid not in self._own]
        wish = rtc.UpdateTrackSettings(track_sids=sids, width=width, height=height, fps=15)
        await self._send(rtc.SignalRequest(track_setting=wish))

    async def _announce(self, kind: str, cid: str, sizes: Sequence[Size]) -> None:
        video = kind == "video"
        request = rtc.AddTrackRequest(
            cid=cid,
            type=models.TrackType.VIDEO if video else models.TrackType.AUDIO,
            source=models.TrackSource.CAMERA if video else models.TrackSource.MICROPHONE,
            width=1280 if video else 0,
            height=720 if video else 0,
            disable_red=True,
        )
        for quality, size in enumerate(sizes if video and len(sizes) > 1 else ()):
            request.layers.add(quality=VideoQuality.Name(quality), width=size.width, height=size.height)
        self._published[cid] = asyncio.get_running_loop().create_future()
        await self._send(rtc.SignalRequest(add_track=request))
        self._own.add((await self._published[cid]).sid)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                break
            await self._on_response(rtc.SignalResponse.FromString(message.data))
        self.ended = True

    async def _on_response(self, response: rtc.SignalResponse) -> None:
        kind = response.WhichOneof("message")
        if kind == "offer":
            await self._on_offer(response.offer)
        elif kind == "answer":
            self._connect(self.publisher, response.answer.sdp)
        elif kind == "trickle":
            self._on_trickle(response.trickle)
        elif kind == "track_published":
            published = response.track_published
            self._published[published.cid].set_result(published.track)
        elif kind in ("join", "update"):
            self._note(response)
        elif kind == "subscribed_quality_update":
            self._on_wanted(response.subscribed_quality_update)

    def _on_wanted(self, told: rtc.SubscribedQualityUpdate) -> None:
        qualities = told.subscribed_codecs[0].qualities if told.subscribed_codecs else ()
        if self.on_wanted is not None:
            self.on_wanted([each.enabled for each in sorted(qualities, key=lambda each: each.quality)])

    def _note(self, response: rtc.SignalResponse) -> None:
        others = (
            response.join.other_participants if response.HasField("join") else response.update.participants
        )
        for each in others:
            self.videos.update(track.sid for track in each.tracks if track.type == models.TrackType.VIDEO)
        self._announced.set()

    async def _ping(self) -> None:
        while not self.ended:
            await asyncio.sleep(PING_S)
            await self._send(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=int(time.time() * 1000))))

    async def _on_offer(self, offer: rtc.SessionDescription) -> None:
        answer = self._answer(sdp.parse(offer.sdp))
        description = rtc.SessionDescription(type="answer", sdp=answer, id=offer.id)
        await self._send(rtc.SignalRequest(answer=description))
        self._connect(self.subscriber, offer.sdp)

    async def _send(self, request: rtc.SignalRequest) -> None:
        assert self._socket is not None
        with contextlib.suppress(ConnectionError):  # a server that hung up shows in the counts
            await self._socket.send_bytes(request.SerializeToString())

    def _connect(self, leg: Leg, text: str) -> None:
        lines = dict(line[2:].split(":", 1) for line in text.splitlines() if line[:2] == "a=" and ":" in line)
        leg.note(Credentials(ufrag=lines["ice-ufrag"], pwd=lines["ice-pwd"]), sdp.parse(text).fingerprints)
        for line in text.splitlines():
            if line.startswith("a=candidate:"):
                leg.reach(line.removeprefix("a="))

    def _on_trickle(self, trickle: rtc.TrickleRequest) -> None:
        leg = self.publisher if trickle.target == rtc.SignalTarget.PUBLISHER else self.subscriber
        leg.reach(str(json.loads(trickle.candidateInit).get("candidate", "")))

    def _answer(self, offer: sdp.Description) -> str:
        lines = _head([each.mid for each in offer.sections])
        for section in offer.sections:
            lines += self._section(self.subscriber, section, "active", "recvonly")
        return "\r\n".join(lines) + "\r\n"

    def _offer(self, tracks: dict[str, int], sizes: Sequence[Size]) -> str:
        lines = _head([str(index) for index in range(len(tracks))])
        for index, (kind, ssrc) in enumerate(tracks.items()):
            codec = sdp.OFFERED[kind]
            section = sdp.Section(
                kind=kind, port=9, protocol="UDP/TLS/RTP/SAVPF", mid=str(index), codecs=[codec]
            )
            lines += self._section(self.publisher, section, "active", "sendonly")
            lines += [f"a=msid:bench cid-{kind}-{ssrc}"]
            if kind == "video" and len(sizes) > 1:
                lines += _simulcast(sizes)
            else:
                lines += [f"a=ssrc:{ssrc} cname:bench", f"a=ssrc:{ssrc} msid:bench cid-{kind}-{ssrc}"]
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
            lines.append(f"a=extmap:{LEVEL_ID} {sdp.AUDIO_LEVEL}")
        return lines


def _head(mids: list[str]) -> list[str]:
    head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=msid-semantic: WMS *"]
    return [*head, "a=group:BUNDLE " + " ".join(mids)]


def _simulcast(sizes: Sequence[Size]) -> list[str]:
    lines = [f"a=extmap:{MID_ID} {sdp.MID}", f"a=extmap:{RID_ID} {sdp.RID}"]
    lines += [f"a=rid:{each.rid} send" for each in sizes]
    return [*lines, "a=simulcast:send " + ";".join(each.rid for each in sizes)]
