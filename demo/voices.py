"""Members on the phone: real LiveKit SDK clients that send a tone each and listen for the others'."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from livekit import rtc

RATE = 48_000
FRAME = RATE // 100  # 10 ms
LOUD = 1000.0  # spectral magnitude per sample that is surely a tone and not codec noise
TOLERANCE_HZ = 12.0
WINDOW = RATE // 2  # half a second of samples resolves 2 Hz


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """How to enter: the address, the token, and who one is there."""

    url: str
    token: str
    identity: str


class Voice:
    """One phone. `hz` is its tone; `heard` collects samples by the speaker's identity."""

    def __init__(self, hz: float) -> None:
        self.hz = hz
        self.room = rtc.Room()
        self.identity = ""
        self.disconnected = asyncio.Event()
        self.reconnected = asyncio.Event()
        self._heard: defaultdict[str, list[np.ndarray]] = defaultdict(list)
        self._tasks: list[asyncio.Task[None]] = []
        self.room.on("track_subscribed", self._on_track)
        self.room.on("disconnected", lambda *_: self.disconnected.set())
        self.room.on("reconnected", lambda *_: self.reconnected.set())

    async def enter(self, seat: Seat) -> None:
        """Connect and listen."""
        self.identity = seat.identity
        await self.room.connect(seat.url, seat.token, rtc.RoomOptions(auto_subscribe=True))

    async def speak(self) -> None:
        """Open the microphone and hum."""
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("mic", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await self.room.local_participant.publish_track(track, options)
        self._tasks.append(asyncio.create_task(self._hum(source)))

    async def leave(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self.room.disconnect()

    def hears(self, speaker: str, hz: float) -> bool:
        """Whether the speaker's last half second, as it arrived here, holds that tone and no other."""
        got = self._heard.get(speaker, [])
        samples = np.concatenate(got)[-WINDOW:] if got else np.zeros(0)
        if len(samples) < WINDOW:
            return False
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(WINDOW)))
        peak = int(np.argmax(spectrum))
        return bool(spectrum[peak] > LOUD * WINDOW / 100 and abs(peak * RATE / WINDOW - hz) < TOLERANCE_HZ)

    def take(self, speaker: str, samples: np.ndarray) -> None:
        """What arrived of a speaker; a little more than half a second is kept."""
        kept = self._heard[speaker]
        kept.append(samples)
        while sum(map(len, kept[1:])) > WINDOW:
            kept.pop(0)

    def forget(self) -> None:
        """What was heard so far counts no more."""
        self._heard.clear()

    async def _hum(self, source: rtc.AudioSource) -> None:
        phase = np.arange(FRAME)
        position = 0
        while True:
            wave = 12_000 * np.sin(2 * np.pi * self.hz * (phase + position) / RATE)
            data = wave.astype(np.int16).tobytes()
            await source.capture_frame(rtc.AudioFrame(data, RATE, 1, FRAME))
            position += FRAME

    def _on_track(self, track: rtc.Track, _publication: object, person: rtc.RemoteParticipant) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._tasks.append(asyncio.create_task(self._listen(track, person.identity)))

    async def _listen(self, track: rtc.Track, speaker: str) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
        try:
            async for event in stream:
                self.take(speaker, np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64))
        finally:
            await stream.aclose()


def tones(count: int) -> list[float]:
    """Tones far enough apart to tell voices from one another."""
    return [400.0 + 70.0 * number for number in range(count)]


async def heard_by(voices: Sequence[Voice], speaker: Voice, *, within: float) -> list[str]:
    """The identities that hear the speaker's tone, waiting at most so many seconds for all of them."""
    others = [voice for voice in voices if voice is not speaker]
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while loop.time() < end and not all(voice.hears(speaker.identity, speaker.hz) for voice in others):  # noqa: ASYNC110  samples arrive in the SDK's own tasks
        await asyncio.sleep(0.25)
    return [voice.identity for voice in others if voice.hears(speaker.identity, speaker.hz)]
