"""One UDP socket per address for all clients, told apart by ICE credentials (ICE-lite, RFC 8445)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import string
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aioice import stun

log = logging.getLogger(__name__)

LONGEST_DATAGRAM = 1500  # bytes; longer ones are no WebRTC traffic and are dropped
READS_PER_WAKEUP = 64
MOST_CREDENTIALS = 4  # kept per session over ICE restarts
MOST_ADDRESSES = 16  # remote addresses kept per session
RECEIVE_BUFFER = 4 << 20
ALPHABET = string.ascii_letters + string.digits
HOST_PRIORITY = 2130706431  # RFC 8445 (July 2018) section 5.1.2.1, host candidate, component 1

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One pair of ICE user fragment and password."""

    ufrag: str
    pwd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRequest:
    """A STUN binding request that is well formed but not yet authenticated."""

    message: stun.Message
    ufrag: str
    nominated: bool


def new_credentials() -> Credentials:
    """Random credentials: 48 bits of fragment, 143 bits of password."""
    return Credentials(ufrag=_random_text(8), pwd=_random_text(24))


def read_binding_request(datagram: bytes) -> BindingRequest | None:
    """None unless the datagram is a STUN binding request with a user name."""
    try:
        message = stun.parse_message(datagram)
    except (ValueError, KeyError, IndexError, struct.error):
        return None
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        return None
    username = message.attributes.get("USERNAME")
    if not isinstance(username, str) or "MESSAGE-INTEGRITY" not in message.attributes:
        return None
    return BindingRequest(
        message=message,
        ufrag=username.partition(":")[0],
        nominated="USE-CANDIDATE" in message.attributes,
    )


def binding_response(request: stun.Message, source: Address, pwd: str) -> bytes:
    """The authenticated success answer, which tells the client the address it was seen from."""
    answer = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.RESPONSE,
        transaction_id=request.transaction_id,
    )
    answer.attributes["XOR-MAPPED-ADDRESS"] = source
    answer.add_message_integrity(pwd.encode())
    return bytes(answer)


class IceSession:
    """The server's end of one peer connection's path. Times are `time.monotonic()` seconds."""

    def __init__(
        self, mux: UdpMux, on_dtls: Callable[[bytes], None], on_rtp: Callable[[bytes], None]
    ) -> None:
        self._mux = mux
        self.on_dtls = on_dtls
        self.on_rtp = on_rtp
        self.current = new_credentials()
        self.known = [self.current]
        self.paths: list[tuple[int, Address]] = []
        self.selected: tuple[socket.socket, Address] | None = None
        self.last_check = 0.0
        mux.register(self, self.current)

    def restart(self) -> None:
        """New credentials; the few before stay valid, so that media never stops."""
        self.current = new_credentials()
        self.known.append(self.current)
        self._mux.register(self, self.current)
        while len(self.known) > MOST_CREDENTIALS:
            self._mux.retire(self.known.pop(0))

    def password(self, ufrag: str) -> str | None:
        """The password that belongs to one of this session's fragments."""
        return next((each.pwd for each in self.known if each.ufrag == ufrag), None)

    def candidates(self) -> list[str]:
        """The candidate lines to tell the client."""
        return self._mux.candidates()

    def send(self, datagram: bytes | memoryview) -> None:
        """Send on the nominated path; a full socket buffer drops the datagram, as a network would."""
        if self.selected is None:
            return
        sock, address = self.selected
        try:
            sock.sendto(datagram, address)
        except OSError:
            self._mux.dropped += 1

    def close(self) -> None:
        """Forget every credential and path."""
        self.selected = None
        self._mux.forget(self)


class UdpMux:
    """All media sockets of the process."""

    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []
        self.dropped = 0
        self._by_ufrag: dict[str, IceSession] = {}
        self._by_path: dict[tuple[int, Address], IceSession] = {}

    def open(self, addresses: Sequence[str], port: int) -> None:
        """Bind one socket per address. Raises OSError if an address cannot be bound."""
        loop = asyncio.get_running_loop()
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            sock = socket.socket(family, socket.SOCK_DGRAM)
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, RECEIVE_BUFFER)
            self.sockets.append(sock)
            sock.bind((address, port))
            loop.add_reader(sock, self._read, sock)

    def close(self) -> None:
        """Close all sockets."""
        loop = asyncio.get_running_loop()
        for sock in self.sockets:
            loop.remove_reader(sock)
            sock.close()
        self.sockets.clear()
        self._by_ufrag.clear()
        self._by_path.clear()

    def addresses(self) -> list[Address]:
        """Where media is received."""
        return [sock.getsockname()[:2] for sock in self.sockets]

    def candidates(self) -> list[str]:
        """The values of `a=candidate` lines."""
        return [
            f"{index} 1 udp {HOST_PRIORITY - index} {host} {port} typ host"
            for index, (host, port) in enumerate(self.addresses(), start=1)
        ]

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
        for path in session.paths:
            self._drop_path(session, path)

    def sessions(self) -> int:
        """How many credentials are alive: for leak checks."""
        return len(self._by_ufrag)

    def _read(self, sock: socket.socket) -> None:
        for _ in range(READS_PER_WAKEUP):
            try:
                datagram, address = sock.recvfrom(LONGEST_DATAGRAM + 1)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier send is reported here on some systems
            if 0 < len(datagram) <= LONGEST_DATAGRAM:
                self._dispatch(sock, datagram, address[:2])

    def _dispatch(self, sock: socket.socket, datagram: bytes, address: Address) -> None:
        first = datagram[0]
        if first < 4:
            self._on_stun(sock, datagram, address)
            return
        session = self._by_path.get((sock.fileno(), address))
        if session is None:
            return
        if 127 < first < 192:
            session.on_rtp(datagram)
        elif 19 < first < 64:
            session.on_dtls(datagram)

    def _on_stun(self, sock: socket.socket, datagram: bytes, address: Address) -> None:
        request = read_binding_request(datagram)
        session = self._by_ufrag.get(request.ufrag) if request else None
        if request is None or session is None:
            return
        pwd = session.password(request.ufrag)
        if pwd is None or not request.message.check_message_integrity(pwd.encode()):
            return
        self._learn(session, sock, address, nominated=request.nominated)
        try:
            sock.sendto(binding_response(request.message, address, pwd), address)
        except OSError:
            self.dropped += 1

    def _learn(self, session: IceSession, sock: socket.socket, address: Address, *, nominated: bool) -> None:
        path = (sock.fileno(), address)
        if self._by_path.get(path) is not session:
            self._by_path[path] = session
            session.paths.append(path)
            if len(session.paths) > MOST_ADDRESSES:
                self._drop_path(session, session.paths.pop(0))
        if nominated or session.selected is None:
            session.selected = (sock, address)
        session.last_check = time.monotonic()

    def _drop_path(self, session: IceSession, path: tuple[int, Address]) -> None:
        if self._by_path.get(path) is session:
            del self._by_path[path]


def _random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
