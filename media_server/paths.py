"""The ways datagrams take to one remote address: a shared UDP socket, or one TCP connection."""

from __future__ import annotations

import asyncio
from typing import Protocol

from media_server.checks import Address
from media_server.floods import Meter
from media_server.outlet import Outlet, Target
from media_server.traffic import Traffic

FRAME_HEAD = 2  # bytes of length before each packet, RFC 4571 (July 2006) section 2
LONGEST_FRAME = 2048  # bytes; longer ones are no WebRTC traffic


class BadFrame(ValueError):
    """The other end does not speak RFC 4571, or sends what no client sends."""


class Owner(Protocol):
    """The session that a path leads to."""

    meter: Meter

    def receive(self, datagram: bytes, now: float) -> None:
        """A datagram that is no STUN, at this time of `time.monotonic()`."""

    def lose(self, path: Path) -> None:
        """The path leads there no longer."""


class UdpPath:
    """A remote address on one of the shared sockets. `key`: the socket's number and the address."""

    __slots__ = ("_outlet", "_target", "address", "key", "session")

    def __init__(self, key: tuple[int, Address], outlet: Outlet) -> None:
        self.key = key
        self.address = key[1]
        self.session: Owner | None = None
        self._outlet = outlet
        self._target: Target | None = None

    def send(self, datagram: bytes | memoryview) -> None:
        """Send with what else leaves now; a full socket buffer drops the datagram, as a network would."""
        if self._target is None:
            self._target = self._outlet.target(self.address)
        self._outlet.put(datagram, self._target)

    def release(self) -> None:
        """Nothing is held for it."""
        self.session = None


class TcpPath:
    """One accepted connection. What a slow reader leaves unread is bounded: then datagrams are dropped."""

    __slots__ = ("_backlog", "_traffic", "_transport", "address", "local", "session")

    def __init__(self, transport: asyncio.Transport, traffic: Traffic, backlog: int) -> None:
        self.address: Address = transport.get_extra_info("peername")[:2]
        self.local: Address = transport.get_extra_info("sockname")[:2]
        self.session: Owner | None = None
        self._transport = transport
        self._traffic = traffic
        self._backlog = backlog

    def send(self, datagram: bytes | memoryview) -> None:
        """Send one frame, whole or not at all."""
        size = len(datagram)
        if self._transport.get_write_buffer_size() + size > self._backlog or self._transport.is_closing():
            self._traffic.dropped += 1
            return
        self._transport.write(size.to_bytes(FRAME_HEAD, "big") + datagram)
        self._traffic.packets_out += 1
        self._traffic.bytes_out += size

    def release(self) -> None:
        """End the connection."""
        self.session = None
        self._transport.abort()


Path = UdpPath | TcpPath


class Frames:
    """Cuts a stream into packets. Holds at most one unfinished packet."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that are now complete; empty ones are left out. Raises `BadFrame`."""
        data = self._rest + data if self._rest else data
        packets, at = [], 0
        while len(data) - at >= FRAME_HEAD:
            size = int.from_bytes(data[at : at + FRAME_HEAD], "big")
            if size > LONGEST_FRAME:
                raise BadFrame(size)
            if len(data) - at - FRAME_HEAD < size:
                break
            if size:
                packets.append(data[at + FRAME_HEAD : at + FRAME_HEAD + size])
            at += FRAME_HEAD + size
        self._rest = data[at:]
        return packets
