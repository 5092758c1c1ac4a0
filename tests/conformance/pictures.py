"""What a subscriber sees: size and colour of the newest frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from livekit import rtc

from tests.media_server.people import Client

Colour = tuple[int, int, int]


@dataclass
class Picture:
    """The newest frame of one track. `colour` is that of its middle."""

    size: tuple[int, int] = (0, 0)
    colour: Colour = (0, 0, 0)
    frames: int = 0

    def shows(self, colour: Colour, size: tuple[int, int]) -> bool:
        """Whether the frame has this size and nearly this colour: VP8 changes it a little."""
        return self.size == size and all(abs(a - b) < 40 for a, b in zip(self.colour, colour, strict=True))


def looked_at(client: Client) -> dict[str, Picture]:
    """Pictures by identity of who shows them, from now on. Call it before the tracks are subscribed."""
    pictures: dict[str, Picture] = {}

    @client.room.on("track_subscribed")
    def subscribed(track: Any, publication: Any, participant: Any) -> None:
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            picture = pictures.setdefault(participant.identity, Picture())
            client.run(_look(track, picture))

    return pictures


async def _look(track: Any, picture: Picture) -> None:
    stream = rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA)
    try:
        async for event in stream:
            frame = event.frame
            middle = 4 * (frame.width * (frame.height // 2) + frame.width // 2)
            red, green, blue = bytes(frame.data[middle : middle + 3])
            picture.size, picture.colour = (frame.width, frame.height), (red, green, blue)
            picture.frames += 1
    finally:
        await stream.aclose()
