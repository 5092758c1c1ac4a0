"""One UDP socket and one TCP listener per address for all clients, told apart by ICE credentials (ICE-lite)."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import time
from collections.abc import Callable, Iterable, Sequence

from media_server.checks import (
    Address,
    BindingRequest,
    Credentials,
    binding_response,
    new_credentials,
    peek_ufrag,
    read_binding_request,
)
from media_server.doors import Caps, Doors
from media_server.floods import Bucket, Meter
from media_server.inbox import Inbox
from media_server.nomination import Standing, replaces
from media_server.outlet import Outlet, new_outlet
from media_server.paths import Path, UdpPath
from media_server.tcp import TcpDoor
from media_server.traffic import Traffic

log = logging.getLogger(__name__)

LONGEST_DATAGRAM = 1500  # bytes; longer ones are no WebRTC traffic and are dropped
READS_PER_WAKEUP = 64
MOST_CREDENTIALS = 4  # kept per session over ICE restarts
MOST_PATHS = 16  # remote addresses kept per session
RECEIVE_BUFFER = 4 << 20
STRANGE_CHECKS = (20.0, 60.0)  # a second and at once: checks of one session from addresses not seen before
PORT_TRIES = 20
HOST, HOST_TCP = 126, 99  # type preferences: RFC 8445 (July 2018) 5.1.2.2; TCP after all UDP, RFC 6544 4.2
PASSIVE = 4  # direction preference of a passive host candidate, RFC 6544 (March 2012) section 4.2


class IceSession:
    """The server's end of one peer connection's path. Times are `time.monotonic()` seconds."""

    def __init__(
        self, mux: IceMux, on_dtls: Callable[[bytes], None], on_rtp: Callable[[bytes], None]
    ) -> None:
        self._mux = mux
        self.on_dtls = on_dtls
        self.on_rtp = on_rtp
        self.current = new_credentials()
        self.known = [self.current]
        self._retired = 0
        self.paths: dict[Path, Standing] = {}
        self.selected: Path | None = None
        self.last_check = 0.0
        self.meter = Meter(mux.caps.packets, mux.caps.bytes)
        self.strange = Bucket(*STRANGE_CHECKS)
        mux.register(self, self.current)

    def restart(self) -> None:
        """New credentials; the few before stay valid, so that media never stops."""
        self.current = new_credentials()
        self.known.append(self.current)
        self._mux.register(self, self.current)
        while len(self.known) > MOST_CREDENTIALS:
            self._mux.retire(self.known.pop(0))
            self._retired += 1

    def password(self, ufrag: str) -> str | None:
        """The password that belongs to one of this session's fragments."""
        return next((each.pwd for each in self.known if each.ufrag == ufrag), None)

    def candidates(self) -> list[str]:
        """The candidate lines to tell the client."""
        return self._mux.candidates()

    def send(self, datagram: bytes | memoryview) -> None:
        """Send on the nominated path; what does not fit now is dropped, as a network would."""
        if self.selected is not None:
            self.selected.send(datagram)

    def receive(self, datagram: bytes, now: float) -> None:
        """A datagram that is no STUN, on one of this session's paths and within its cap."""
        first = datagram[0]
        if 127 < first < 192:
            self._mux.inbox.put(self.on_rtp, datagram, now)
        elif 19 < first < 64:
            self.on_dtls(datagram)

    def learn(self, path: Path, request: BindingRequest, own_priority: int, now: float) -> None:
        """An authenticated check came this way."""
        standing = self.paths.setdefault(path, Standing(eager=request.nominated))
        standing.note(request, own_priority, self._restarts_known(request.ufrag), now)
        used = self.paths.get(self.selected) if self.selected is not None else None
        if used is None or replaces(standing, used, nominated=request.nominated, now=now):
            self.selected = path
        self.last_check = now
        if len(self.paths) > MOST_PATHS:
            self._mux.drop_path(next(each for each in self.paths if each is not self.selected))

    def lose(self, path: Path) -> None:
        """A path is gone; the one checked last takes its place."""
        self.paths.pop(path, None)
        if self.selected is path:
            self.selected = max(self.paths, key=lambda each: self.paths[each].checked_at, default=None)

    def _restarts_known(self, ufrag: str) -> int:
        return self._retired + next((at for at, each in enumerate(self.known) if each.ufrag == ufrag), 0)

    def close(self) -> None:
        """Forget every credential and path."""
        self._mux.forget(self)
        self.selected = None


class IceMux:
    """All media sockets of the process."""

    def __init__(self, caps: Caps | None = None) -> None:
        self.caps = caps or Caps()
        self.sockets: list[socket.socket] = []
        self.traffic = Traffic()
        self.handshakes = asyncio.Semaphore(self.caps.handshakes)
        self.inbox = Inbox(self.traffic)
        self.door = TcpDoor(self.caps, self.traffic, self._receive_now, self.drop_path)
        self._announced: Sequence[str] = ()
        self._by_ufrag: dict[str, IceSession] = {}
        self._by_path: dict[tuple[int, Address], UdpPath] = {}

    async def open(self, doors: Doors) -> None:
        """Bind one socket per address and protocol. Raises OSError if an address cannot be bound."""
        self._announced = doors.announced
        for attempt in range(PORT_TRIES):
            try:
                await self._bind(doors)
            except OSError:
                self._unbind()
                if doors.port or doors.tcp_port or attempt == PORT_TRIES - 1:
                    raise
            else:
                return

    def close(self) -> None:
        """Close all sockets and connections."""
        self._unbind()
        self._by_ufrag.clear()
        self._by_path.clear()

    def addresses(self) -> list[Address]:
        """Where media is received by UDP."""
        return [sock.getsockname()[:2] for sock in self.sockets]

    def candidates(self) -> list[str]:
        """The values of `a=candidate` lines: first UDP, then passive TCP."""
        udp = list(_seen_from_outside(self.addresses(), self._announced))
        tcp = list(_seen_from_outside(self.door.addresses(), self._announced))
        return candidate_lines(udp, tcp)

    def register(self, session: IceSession, credentials: Credentials) -> None:
        """Let checks with these credentials reach the session."""
        self._by_ufrag[credentials.ufrag] = session

    def retire(self, credentials: Credentials) -> None:
        """Let checks with these credentials reach nobody."""
        self._by_ufrag.pop(credentials.ufrag, None)

    def forget(self, session: IceSession) -> None:
        """Let nothing reach the session any more."""
        for credentials in session.known:
            self.retire(credentials)
        for path in list(session.paths):
            self.drop_path(path)

    def drop_path(self, path: Path) -> None:
        """Let nothing come or go this way any more."""
        if path.session is not None:
            path.session.lose(path)
        if isinstance(path, UdpPath) and self._by_path.get(path.key) is path:
            del self._by_path[path.key]
        path.release()

    def sessions(self) -> int:
        """How many credentials are alive: for leak checks."""
        return len(self._by_ufrag)

    def receive(self, path: Path, datagram: bytes) -> bool:
        """Anything that came on a path; media only into the inbox. False: it was refused."""
        now = time.monotonic()
        session, size = path.session, len(datagram)
        self.traffic.packets_in += 1
        self.traffic.bytes_in += size
        if session is None:
            return datagram[0] < 4 and self._check(path, datagram, now)
        if not session.meter.admits(size, now):
            self.traffic.shed += 1
            return False
        if datagram[0] < 4:
            return self._check(path, datagram, now)
        session.receive(datagram, now)
        return True

    def _receive_now(self, path: Path, datagram: bytes) -> bool:
        accepted = self.receive(path, datagram)
        self.inbox.work()
        return accepted

    def _read(self, sock: socket.socket, outlet: Outlet) -> None:
        outlet.hold()
        self._take(sock, outlet)
        self.inbox.work()
        outlet.flush()

    def _take(self, sock: socket.socket, outlet: Outlet) -> None:
        number = sock.fileno()
        for _ in range(READS_PER_WAKEUP):
            try:
                datagram, address = sock.recvfrom(LONGEST_DATAGRAM + 1)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier send is reported here on some systems
            if not 0 < len(datagram) <= LONGEST_DATAGRAM:
                continue
            path = self._by_path.get((number, address[:2]))
            if path is not None:
                self.receive(path, datagram)
            elif datagram[0] < 4:
                self.receive(UdpPath((number, address[:2]), outlet), datagram)
            else:
                self.traffic.strangers += 1

    def _check(self, path: Path, datagram: bytes, now: float) -> bool:
        """A check: the dear part, its signature, is looked at only for credentials that exist, and not often."""
        session = self._by_ufrag.get(peek_ufrag(datagram))
        if session is None or (path.session is not session and not session.strange.take(now)):
            self.traffic.strangers += 1
            return False
        request = read_binding_request(datagram)
        pwd = session.password(request.ufrag) if request else None
        if request is None or pwd is None or not request.is_signed_with(pwd):
            self.traffic.strangers += 1
            return False
        self._join(session, path)
        session.learn(path, request, self._priority(path), now)
        path.send(binding_response(request.transaction, path.address, pwd))
        return True

    def _priority(self, path: Path) -> int:
        """What the server gives its own end of a path."""
        if isinstance(path, UdpPath):
            return udp_priority(
                next((at for at, s in enumerate(self.sockets) if s.fileno() == path.key[0]), 0)
            )
        return tcp_priority(
            next((at for at, each in enumerate(self.door.addresses()) if each == path.local), 0)
        )

    def _join(self, session: IceSession, path: Path) -> None:
        """A path belongs to the session whose credentials were last shown on it."""
        if path.session is not None and path.session is not session:
            path.session.lose(path)
        path.session = session
        if isinstance(path, UdpPath):
            self._by_path[path.key] = path

    async def _bind(self, doors: Doors) -> None:
        port = doors.port
        for address in doors.addresses if doors.udp else ():
            self._bind_udp(address, port)
        for at, address in enumerate(doors.addresses if doors.tcp else ()):
            same = self.sockets[at].getsockname()[1] if doors.udp else port
            try:
                await self.door.open(address, doors.tcp_port or same)
            except OSError:
                if doors.tcp_port or not (doors.udp and doors.port):
                    raise
                log.warning("TCP port taken, no media over TCP", extra={"port": same})

    def _bind_udp(self, address: str, port: int) -> None:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self.sockets.append(sock)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, RECEIVE_BUFFER)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        asyncio.get_running_loop().add_reader(sock, self._read, sock, new_outlet(sock, self.traffic))

    def _unbind(self) -> None:
        loop = asyncio.get_running_loop()
        for sock in self.sockets:
            loop.remove_reader(sock)
            sock.close()
        self.sockets.clear()
        self.door.close()


def candidate_lines(udp: Sequence[Address], tcp: Sequence[Address]) -> list[str]:
    """Values of `a=candidate` lines (RFC 8839 section 5.1; TCP: RFC 6544 section 4.5), best first."""
    lines = []
    for at, (host, port) in enumerate(udp):
        lines.append(f"{at + 1} 1 udp {udp_priority(at)} {host} {port} typ host")
    for at, (host, port) in enumerate(tcp):
        lines.append(f"{len(udp) + at + 1} 1 tcp {tcp_priority(at)} {host} {port} typ host tcptype passive")
    return lines


def udp_priority(at: int) -> int:
    """Of the candidate at this place among those of UDP (RFC 8445 section 5.1.2.1)."""
    return HOST << 24 | (65535 - at) << 8 | 255


def tcp_priority(at: int) -> int:
    """Of the candidate at this place among those of TCP (RFC 6544 section 4.2)."""
    return HOST_TCP << 24 | (PASSIVE << 13 | 8191 - at) << 8 | 255


def _seen_from_outside(own: Sequence[Address], announced: Sequence[str]) -> Iterable[Address]:
    """Announced addresses first, for clients beyond the NAT; the own ones serve those inside."""
    ports = {ipaddress.ip_address(host).version: port for host, port in reversed(own)}
    for host in announced:
        with contextlib.suppress(KeyError):
            yield host, ports[ipaddress.ip_address(host).version]
    yield from own
