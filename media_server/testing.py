"""A media server inside a test, on ephemeral loopback ports. Nothing here is used in production."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from media_server.app import MediaServer
from media_server.config import Limits, MediaConfig
from media_server.participant import Participant
from media_server.srtp import is_rtcp

KEY = "testkey"
SECRET = "a secret for tests only, long enough for HS256"  # noqa: S105 - signs nothing outside tests


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """Where it is and with what to sign."""

    url: str
    key: str
    secret: str
    server: MediaServer


class Lossy:
    """Drops every n-th media packet that the server sends to one participant, while installed."""

    def __init__(self, participant: Participant, every: int) -> None:
        self._ice = participant.downlink.transport.ice
        self._send = self._ice.send
        self._every = every
        self._count = 0
        self.dropped = 0
        setattr(self._ice, "send", self.send)  # noqa: B010 - a method is replaced on purpose, on one instance

    def heal(self) -> None:
        """Lose nothing any more."""
        self._every = 0

    def send(self, datagram: bytes | memoryview) -> None:
        """Send, or lose."""
        media = 127 < datagram[0] < 192 and not is_rtcp(bytes(datagram[:2]))
        self._count += media
        if media and self._every and self._count % self._every == 0:
            self.dropped += 1
        else:
            self._send(datagram)


class Outage:
    """Loses every datagram between the server and one participant while it lasts, except ICE checks."""

    def __init__(self, participant: Participant) -> None:
        legs = {participant.uplink.transport, participant.downlink.transport}
        self._sessions = [each.ice for each in legs]

    def begin(self) -> None:
        """Let nothing through."""
        for each in self._sessions:
            setattr(each, "send", lambda _datagram: None)  # noqa: B010 - a method is replaced on purpose, on one instance
            setattr(each, "receive", lambda _datagram, _now: None)  # noqa: B010 - as above

    def end(self) -> None:
        """Let everything through again."""
        for each in self._sessions:
            delattr(each, "send")
            delattr(each, "receive")


@asynccontextmanager
async def running_server(
    *,
    webhook_urls: Sequence[str] = (),
    auto_create: bool = False,
    limits: Limits | None = None,
    key: str = KEY,
    secret: str = SECRET,
    **settings: Any,
) -> AsyncIterator[RunningServer]:
    """Start, give, stop. `settings` are further fields of `MediaConfig`."""
    config = MediaConfig(
        keys={key: secret},
        webhook_urls=tuple(webhook_urls),
        webhook_key=key,
        auto_create=auto_create,
        limits=limits or Limits(),
        **settings,
    )
    server = MediaServer(config)
    await server.start()
    try:
        yield RunningServer(url=server.url, key=key, secret=secret, server=server)
    finally:
        await server.stop()
