"""Real clients for the media server's tests."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self, get_args

import numpy as np
import pytest
from livekit import api, rtc

in_both_modes = pytest.mark.parametrize("people", ["single", "dual"], indirect=True)
RATE = 48000
FRAME = 2400  # samples handed to the SDK at once: 50 ms, so that many speakers in one process keep up
HEARD_MS = 100  # at once: who listens for thirty people does not keep up with 100 frames a second each
PATIENCE_S = 30.0


class Reachable(Protocol):
    """Any server of the protocol: where it is and with what to sign."""

    @property
    def url(self) -> str:
        """http://host:port"""

    @property
    def key(self) -> str:
        """The API key."""

    @property
    def secret(self) -> str:
        """The key's secret."""


async def until(condition: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110 - the condition is anything, there is no event for it
            await asyncio.sleep(0.03)


async def introduce(client: Client, name: str, metadata: str, attributes: dict[str, str]) -> None:
    """Change all three. The SDK sends with each what it knows of the others, so it has to hear of one first."""
    me = client.room.local_participant
    await me.set_name(name)
    await until(lambda: me.name == name)
    await me.set_metadata(metadata)
    await until(lambda: me.metadata == metadata)
    await me.set_attributes(attributes)


def token(
    server: Reachable, room: str, identity: str, *, name: str = "", kind: str = "standard", **grants: Any
) -> str:
    """A join token."""
    made = api.AccessToken(server.key, server.secret).with_identity(identity).with_name(name or identity)
    made = made.with_ttl(datetime.timedelta(minutes=5)).with_kind(kind)  # type: ignore[arg-type]  # any text
    return made.with_grants(api.VideoGrants(room_join=True, room=room, **grants)).to_jwt()


@dataclass
class Ear:
    """What was heard of one track: the newest second, and how many samples since the last `clear`."""

    newest: bytearray = field(default_factory=bytearray)
    count: int = 0

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        return True

    def clear(self) -> None:
        """Forget."""
        self.newest.clear()
        self.count = 0

    def hear(self, samples: bytes) -> None:
        """Take one frame of 16-bit samples."""
        self.newest += samples
        self.count += len(samples) // 2
        del self.newest[: -2 * RATE]

    def is_tone(self, hertz: float, seconds: float) -> bool:
        """Whether the last `seconds` are a loud tone of this frequency, give or take 3 Hz."""
        if len(self.newest) < 2 * int(RATE * seconds):
            return False
        peak, loudness = self._sound(seconds)
        return abs(peak - hertz) < 3 and loudness > 1000

    def __repr__(self) -> str:
        peak, loudness = self._sound(0.5)
        return f"{self.count / RATE:.1f} s, {peak:.0f} Hz at {loudness:.0f}"

    def _sound(self, seconds: float) -> tuple[float, float]:
        samples = np.frombuffer(bytes(self.newest[-2 * int(RATE * seconds) :]), dtype=np.int16).astype(float)
        if not len(samples):
            return 0.0, 0.0
        peak = float(np.argmax(np.abs(np.fft.rfft(samples)))) * RATE / len(samples)
        return peak, float(np.sqrt(np.mean(np.square(samples))))


@dataclass(eq=False)
class Client:
    """A connected SDK client that remembers what happened to it."""

    room: rtc.Room
    events: list[tuple[str, Any]] = field(default_factory=list)
    samples: dict[str, Ear] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something until the client is closed."""
        self.tasks.append(asyncio.create_task(work))

    def seen(self, event: str) -> list[Any]:
        """What came with each event of this kind."""
        return [what for kind, what in self.events if kind == event]

    def heard(self, identity: str, hertz: float, seconds: float = 0.5) -> bool:
        """Whether the last `seconds` of this participant's audio are a tone of this frequency."""
        ear = self.samples.get(identity)
        return ear is not None and ear.is_tone(hertz, seconds)

    def forget(self) -> None:
        """Hear anew, from tracks there are and tracks to come."""
        for ear in self.samples.values():
            ear.clear()


Event = Literal[
    "participant_connected",
    "participant_disconnected",
    "track_published",
    "track_unpublished",
    "track_muted",
    "track_unmuted",
    "data_received",
    "active_speakers_changed",
    "reconnecting",
    "reconnected",
    "disconnected",
    "room_metadata_changed",
    "participant_metadata_changed",
    "participant_attributes_changed",
    "participant_name_changed",
    "track_unsubscribed",
    "connection_quality_changed",
]


def _watch(client: Client) -> None:
    for event in get_args(Event):

        def note(*what: Any, event: str = event) -> None:
            client.events.append((event, what[0] if len(what) == 1 else what))

        client.room.on(event, note)

    taken: dict[str, asyncio.Task[None]] = {}  # by the track's sid

    @client.room.on("track_subscribed")
    def subscribed(track: Any, publication: Any, participant: Any) -> None:
        client.events.append(("track_subscribed", publication.sid))
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            client.run(_listen(client, track, participant.identity))
        else:
            client.run(_look(client, track))
        taken[track.sid] = client.tasks[-1]

    @client.room.on("track_unsubscribed")
    def unsubscribed(track: Any, *_: Any) -> None:  # the SDK's stream would go on with silence
        if track.sid in taken:
            taken.pop(track.sid).cancel()


async def _listen(client: Client, track: Any, identity: str) -> None:
    stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=HEARD_MS)
    ear = Ear()
    client.samples[identity] = ear  # a later track of the same person takes its place
    try:
        async for event in stream:
            ear.hear(bytes(event.frame.data))
    finally:
        await stream.aclose()


async def _look(client: Client, track: Any) -> None:
    stream = rtc.VideoStream(track)
    try:
        async for event in stream:
            client.events.append(("frame", (event.frame.width, event.frame.height)))
    finally:
        await stream.aclose()


class People:
    """Connects clients to one server and disconnects them all at the end.

    `single`: whether they ask for one peer connection; None leaves it to the SDK.
    """

    def __init__(self, server: Reachable, *, single: bool | None = None) -> None:
        self.server = server
        self.single = single
        self._clients: list[Client] = []
        self._playing: dict[str, asyncio.Task[None]] = {}  # by the track's sid

    def __repr__(self) -> str:
        """Who hears whom and how, for the report of a test that waited in vain."""
        heard = {each.room.local_participant.identity: each.samples for each in self._clients}
        return f"People({heard}, {sum(not task.done() for task in self._playing.values())} playing)"

    async def join(
        self,
        room: str,
        identity: str,
        *,
        url: str = "",
        auto_subscribe: bool = True,
        dynacast: bool = False,
        **grants: Any,
    ) -> Client:
        """Connect one client, in the mode of the group."""
        client = Client(rtc.Room())
        _watch(client)
        self._clients.append(client)
        await client.room.connect(
            url or self.server.url,
            token(self.server, room, identity, **grants),
            rtc.RoomOptions(
                auto_subscribe=auto_subscribe, dynacast=dynacast, single_peer_connection=self.single
            ),
        )
        return client

    async def speak(
        self, client: Client, hertz: float = 440.0, *, red: bool = True
    ) -> rtc.LocalTrackPublication:
        """Publish a microphone that plays a tone; `red` carries older audio along, as SDKs do by themselves."""
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("mic", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=red)
        publication = await client.room.local_participant.publish_track(track, options)
        self._playing[publication.sid] = asyncio.create_task(_tone(source, hertz))
        return publication

    async def show(
        self, client: Client, width: int = 320, height: int = 180, *, simulcast: bool = False
    ) -> rtc.LocalTrackPublication:
        """Publish a camera that shows one colour; three layers, if simulcast from 960 points of width on."""
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track("cam", source)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=simulcast, video_codec=rtc.VideoCodec.VP8
        )
        publication = await client.room.local_participant.publish_track(track, options)
        self._playing[publication.sid] = asyncio.create_task(_picture(source, width, height))
        return publication

    async def end(self, client: Client, publication: rtc.LocalTrackPublication) -> None:
        """Unpublish what `speak` or `show` published."""
        self._playing.pop(publication.sid).cancel()
        await client.room.local_participant.unpublish_track(publication.sid)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Disconnect everybody."""
        for task in self._playing.values():
            task.cancel()
        await asyncio.gather(*self._playing.values(), return_exceptions=True)
        for client in self._clients:
            with contextlib.suppress(Exception):
                await client.room.disconnect()
            for task in client.tasks:
                task.cancel()
            await asyncio.gather(*client.tasks, return_exceptions=True)


async def _picture(source: rtc.VideoSource, width: int, height: int) -> None:
    number = 0
    while True:
        colour = bytes([200, 30, number % 256, 255])
        source.capture_frame(
            rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, bytearray(colour * width * height))
        )
        number += 1
        await asyncio.sleep(1 / 15)


async def _tone(source: rtc.AudioSource, hertz: float) -> None:
    steps, at = np.arange(FRAME), 0
    while True:
        values = (12000 * np.sin(2 * np.pi * hertz * (at + steps) / RATE)).astype(np.int16)
        at += FRAME
        await source.capture_frame(rtc.AudioFrame(values.tobytes(), RATE, 1, FRAME))
