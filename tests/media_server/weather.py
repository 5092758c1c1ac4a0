"""Bad weather between clients and server: a UDP relay that loses, delays, reorders, falls silent, changes its address.

The server announces 127.0.0.2, where the relay stands at the server's own port: a NAT in a bottle.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from media_server.config import Limits
from media_server.testing import RunningServer, running_server

OUTSIDE = "127.0.0.2"
Address = tuple[str, int]


@dataclass(slots=True)
class Weather:
    """`loss`: share of datagrams lost; `jitter_s`: each is late by up to so much, and so overtakes others."""

    loss: float = 0.0
    jitter_s: float = 0.0
    silent: bool = False


class Relay(asyncio.DatagramProtocol):
    """The outside. Each client gets a socket of its own towards the server."""

    def __init__(self, server: Address, seed: int) -> None:
        self.weather = Weather()
        self.passed = self.lost = 0
        self._server = server
        self._chance = random.Random(seed)
        self._outside: asyncio.DatagramTransport | None = None
        self._inside: dict[Address, _Inside] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The outside socket is there."""
        self._outside = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """From a client."""
        inside = self._inside.get(addr)
        if inside is None:
            inside = self._inside[addr] = _Inside(self, addr)
            inside.open(self._server)
        self._carry(inside.send, data)

    def back(self, data: bytes, client: Address) -> None:
        """From the server."""
        outside = self._outside
        if outside is not None:
            self._carry(lambda late: outside.sendto(late, client), data)

    def move(self) -> None:
        """From now on every client comes from another address, as behind a NAT that was restarted."""
        for inside in self._inside.values():
            inside.close()
        self._inside.clear()

    def close(self) -> None:
        """End."""
        self.move()
        if self._outside is not None:
            self._outside.close()

    def _carry(self, send: Callable[[bytes], None], data: bytes) -> None:
        if self.weather.silent or self._chance.random() < self.weather.loss:
            self.lost += 1
            return
        self.passed += 1
        if self.weather.jitter_s:
            delay = self._chance.uniform(0, self.weather.jitter_s)
            asyncio.get_running_loop().call_later(delay, send, data)
        else:
            send(data)


class _Inside(asyncio.DatagramProtocol):
    """One client's socket towards the server. What comes before it is open is lost, as on any network."""

    def __init__(self, relay: Relay, client: Address) -> None:
        self._relay = relay
        self._client = client
        self._transport: asyncio.DatagramTransport | None = None
        self._opening: asyncio.Task[object] | None = None

    def open(self, server: Address) -> None:
        """Begin to open."""
        loop = asyncio.get_running_loop()
        opening = loop.create_datagram_endpoint(lambda: self, remote_addr=server)
        self._opening = asyncio.ensure_future(opening)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, _: Address) -> None:
        """From the server."""
        self._relay.back(data, self._client)

    def send(self, data: bytes) -> None:
        """To the server."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data)

    def close(self) -> None:
        """End."""
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def weathered(
    *, limits: Limits | None = None, seed: int = 1
) -> AsyncIterator[tuple[RunningServer, Relay]]:
    """A server whose clients reach its media only through the relay."""
    async with running_server(
        auto_create=True, limits=limits, rtc_announced=(OUTSIDE,), rtc_transports=("udp",)
    ) as server:
        inside = server.server.mux.addresses()[0]
        relay = Relay(inside, seed)
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: relay, local_addr=(OUTSIDE, inside[1]))
        _hide(server)
        try:
            yield server, relay
        finally:
            relay.close()


def _hide(server: RunningServer) -> None:
    """Show clients the announced address only: inside the bottle nobody stands beside the server."""
    mux = server.server.mux
    shown = [line for line in mux.candidates() if OUTSIDE in line]
    setattr(mux, "candidates", lambda: shown)  # noqa: B010 - a method is replaced on purpose, on one instance
