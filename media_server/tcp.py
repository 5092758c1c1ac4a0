"""Passive ICE-TCP (RFC 6544) for networks that block UDP: listeners, and the connections they accept."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable

from media_server.checks import Address
from media_server.doors import Caps
from media_server.floods import household
from media_server.paths import BadFrame, Frames, TcpPath
from media_server.traffic import Traffic

FIRST_CHECK_WITHIN_S = 10.0
KERNEL_BUFFER = 128 * 1024  # bytes; a larger one would only make what a slow reader gets older


class TcpDoor:
    """The listeners, and how many connections they hold.

    `receive` takes each packet and says whether it was accepted; `gone` is told of each path that ended.
    """

    def __init__(
        self,
        caps: Caps,
        traffic: Traffic,
        receive: Callable[[TcpPath, bytes], bool],
        gone: Callable[[TcpPath], None],
    ) -> None:
        self.receive = receive
        self.gone = gone
        self._caps = caps
        self._traffic = traffic
        self.waiting: Counter[str] = Counter()  # accepted and not yet checked, by `household`
        self.connections: set[Connection] = set()
        self._servers: list[asyncio.Server] = []

    async def open(self, address: str, port: int) -> None:
        """Listen. Raises OSError."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), address, port, family=family)
        self._servers.append(server)

    def close(self) -> None:
        """End everything."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        for connection in list(self.connections):
            connection.abort()

    def addresses(self) -> list[Address]:
        """Where connections are taken."""
        return [sock.getsockname()[:2] for server in self._servers for sock in server.sockets]

    def admit(self, connection: Connection, transport: asyncio.Transport) -> TcpPath | None:
        """The path of a new connection, which now waits for its first check; None if there is no place."""
        path = TcpPath(transport, self._traffic, self._caps.tcp_backlog)
        host = household(path.address[0])
        if (
            len(self.connections) >= self._caps.tcp_connections
            or self.waiting.total() >= self._caps.tcp_waiting
            or self.waiting[host] >= self._caps.tcp_waiting_per_address
        ):
            self._traffic.shed += 1
            return None
        self.connections.add(connection)
        self.waiting[host] += 1
        return path

    def served(self, path: TcpPath) -> None:
        """It waits no longer."""
        host = household(path.address[0])
        self.waiting[host] -= 1
        if not self.waiting[host]:
            del self.waiting[host]


class Connection(asyncio.Protocol):
    """One accepted connection: it must show valid credentials within some seconds, or it ends."""

    def __init__(self, door: TcpDoor) -> None:
        self._door = door
        self._frames = Frames()
        self._path: TcpPath | None = None
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accepted."""
        if not isinstance(transport, asyncio.Transport) or not transport.get_extra_info("peername"):
            transport.close()
            return
        self._transport = transport
        self._path = self._door.admit(self, transport)
        if self._path is None:
            transport.abort()
            return
        sock: socket.socket = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(FIRST_CHECK_WITHIN_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Whole frames go to the session; before the first valid check nothing else is listened to."""
        path = self._path
        if path is None:
            return
        try:
            packets = self._frames.feed(data)
        except BadFrame:
            self.abort()
            return
        for packet in packets:
            known = path.session is not None
            if not self._door.receive(path, packet) and not known:
                self.abort()
                return
            if not known:
                self._admitted(path)

    def connection_lost(self, _problem: Exception | None) -> None:
        """Closed by either end."""
        path, self._path = self._path, None
        if path is None:
            return
        self._admitted(path)
        self._door.connections.discard(self)
        self._door.gone(path)

    def abort(self) -> None:
        """End without a goodbye."""
        if self._transport is not None:
            self._transport.abort()

    def _admitted(self, path: TcpPath) -> None:
        """It waits no longer."""
        if self._deadline is None:
            return
        self._deadline.cancel()
        self._deadline = None
        self._door.served(path)
