"""Datagrams of one socket leave together: copied into a preallocated arena, handed to the kernel in one call."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import functools
import socket
import sys
from collections.abc import Callable
from typing import Protocol

from media_server.traffic import Traffic

BATCH = 32  # datagrams in one call: more save little, and keep the first of them waiting
SLOT = 2048  # bytes: the longest datagram with its trailer fits
WORD = 8  # bytes: the size of a pointer and of a length where batches are used
SENDMMSG = "sendmmsg"  # Linux and FreeBSD; elsewhere each datagram is sent alone

Address = tuple[str, int]
SendMany = Callable[[int, int, int, int], int]


class _Piece(ctypes.Structure):
    """struct iovec"""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """struct msghdr of Linux"""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint),
        ("pieces", ctypes.c_void_p),
        ("piece_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr"""

    _fields_ = (("header", _Header), ("sent", ctypes.c_uint))


class Outlet(Protocol):
    """Where datagrams of one socket go out. What the kernel does not take now is dropped and counted."""

    def target(self, address: Address) -> Target:
        """An address in the form this outlet wants it."""

    def put(self, datagram: bytes | memoryview, target: Target) -> None:
        """Copy a datagram of at most `SLOT` bytes; it leaves before the event loop waits again."""

    def hold(self) -> None:
        """The caller will flush: nothing need be scheduled until then."""

    def flush(self) -> None:
        """Let everything leave now."""


class Target:
    """A remote address. `name` keeps its bytes as the kernel reads them, `at` is where they lie (0: nowhere)."""

    __slots__ = ("address", "at", "name")

    def __init__(self, address: Address, name: bytes = b"") -> None:
        self.address = address
        self.name = ctypes.create_string_buffer(name, len(name)) if name else None
        self.at = ctypes.addressof(self.name) if self.name else 0


class SingleOutlet:
    """Each datagram is sent alone."""

    def __init__(self, sock: socket.socket, traffic: Traffic) -> None:
        self._sock = sock
        self._traffic = traffic

    def target(self, address: Address) -> Target:
        """Only the address itself is needed."""
        return Target(address)

    def put(self, datagram: bytes | memoryview, target: Target) -> None:
        """Send it now."""
        try:
            self._sock.sendto(datagram, target.address)
        except OSError:
            self._traffic.dropped += 1
            return
        self._traffic.packets_out += 1
        self._traffic.bytes_out += len(datagram)

    def hold(self) -> None:
        """Nothing waits here."""

    def flush(self) -> None:
        """Nothing waits here."""


class BatchOutlet:
    """Up to `BATCH` datagrams leave by one sendmmsg."""

    def __init__(self, sock: socket.socket, traffic: Traffic, send_many: SendMany) -> None:
        self._sock = sock
        self._family = sock.family
        self._traffic = traffic
        self._send_many = send_many
        self._call_soon = asyncio.get_running_loop().call_soon
        self._count = 0
        self._held = False
        self._targets: list[Target] = []  # those of the batch: their bytes must live until it is sent
        self._arena = (ctypes.c_char * (BATCH * SLOT))()
        whole = memoryview(self._arena).cast("B")
        self._slots = [whole[at * SLOT : (at + 1) * SLOT] for at in range(BATCH)]
        self._pieces, self._messages = (_Piece * BATCH)(), (_Message * BATCH)()
        self._prepare()
        self._lengths = memoryview(self._pieces).cast("B").cast("Q")
        self._names = memoryview(self._messages).cast("B").cast("Q")
        self._head = ctypes.addressof(self._messages)

    def target(self, address: Address) -> Target:
        """With its bytes as the kernel reads them (struct sockaddr_in or sockaddr_in6)."""
        head = self._family.to_bytes(2, sys.byteorder) + address[1].to_bytes(2)
        if self._family == socket.AF_INET:
            return Target(address, head + socket.inet_aton(address[0]) + bytes(8))
        full = socket.getaddrinfo(*address, self._family, socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0][
            4
        ]
        host = socket.inet_pton(socket.AF_INET6, str(full[0]).partition("%")[0])
        return Target(address, head + bytes(4) + host + int(full[-1]).to_bytes(4, sys.byteorder))

    def put(self, datagram: bytes | memoryview, target: Target) -> None:
        """Into the next slot; a full batch leaves at once."""
        at, size = self._count, len(datagram)
        self._slots[at][:size] = datagram
        self._lengths[at * LENGTH_STEP + LENGTH_AT] = size
        self._names[at * NAME_STEP] = target.at
        self._targets.append(target)
        self._traffic.bytes_out += size
        self._count = at + 1
        if at == BATCH - 1:
            self._leave()
        elif at == 0 and not self._held:
            self._call_soon(self.flush)

    def hold(self) -> None:
        """`put` schedules nothing until the caller flushes."""
        self._held = True

    def flush(self) -> None:
        """Let everything leave now."""
        self._held = False
        if self._count:
            self._leave()

    def _leave(self) -> None:
        """One call, or some more if the kernel stumbles over a datagram. What does not fit is dropped."""
        count, self._count = self._count, 0
        at = 0
        while at < count:
            sent = self._send_many(
                self._sock.fileno(), self._head + at * ctypes.sizeof(_Message), count - at, 0
            )
            if sent > 0:
                at += sent
                continue
            lost = count - at if ctypes.get_errno() in FULL else 1
            self._traffic.dropped += lost
            self._traffic.packets_out -= lost
            at += lost
        self._traffic.packets_out += count
        self._targets.clear()

    def _prepare(self) -> None:
        """What never changes: where each slot lies, and how long a name is."""
        arena, pieces = ctypes.addressof(self._arena), ctypes.addressof(self._pieces)
        for at in range(BATCH):
            self._pieces[at].base = arena + at * SLOT
            header = self._messages[at].header
            header.name_length = 16 if self._family == socket.AF_INET else 28
            header.pieces = pieces + at * ctypes.sizeof(_Piece)
            header.piece_count = 1


LENGTH_STEP = ctypes.sizeof(_Piece) // WORD
LENGTH_AT = _Piece.length.offset // WORD
NAME_STEP = ctypes.sizeof(_Message) // WORD
FULL = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS, errno.EBADF)


def new_outlet(sock: socket.socket, traffic: Traffic) -> Outlet:
    """The best one this platform has. Needs a running event loop."""
    send_many = sendmmsg()
    return SingleOutlet(sock, traffic) if send_many is None else BatchOutlet(sock, traffic, send_many)


@functools.cache
def sendmmsg() -> SendMany | None:
    """The C library's function; None where it is not, or where pointers are not of 64 bits."""
    if not sys.platform.startswith("linux") or ctypes.sizeof(ctypes.c_void_p) != WORD:
        return None
    try:
        found = getattr(ctypes.CDLL(None, use_errno=True), SENDMMSG)
    except (OSError, AttributeError):
        return None
    found.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int)
    found.restype = ctypes.c_int
    called: SendMany = found
    return called
