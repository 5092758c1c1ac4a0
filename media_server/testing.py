"""A media server inside a test, on ephemeral loopback ports. Nothing here is used in production."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from media_server.app import MediaServer
from media_server.config import Limits, MediaConfig

KEY = "testkey"
SECRET = "a secret for tests only, long enough for HS256"  # noqa: S105 - signs nothing outside tests


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """Where it is and with what to sign."""

    url: str
    key: str
    secret: str
    server: MediaServer


@asynccontextmanager
async def running_server(
    *,
    webhook_urls: Sequence[str] = (),
    auto_create: bool = False,
    limits: Limits | None = None,
    key: str = KEY,
    secret: str = SECRET,
) -> AsyncIterator[RunningServer]:
    """Start, give, stop."""
    config = MediaConfig(
        keys={key: secret},
        webhook_urls=tuple(webhook_urls),
        webhook_key=key,
        auto_create=auto_create,
        limits=limits or Limits(),
    )
    server = MediaServer(config)
    await server.start()
    try:
        yield RunningServer(url=server.url, key=key, secret=secret, server=server)
    finally:
        await server.stop()
