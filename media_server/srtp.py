"""SRTP: packets protected and unprotected. Only here are private names of pylibsrtp known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pylibsrtp
from pylibsrtp import _binding as srtp

SRTP_BUFFER = 2048  # bytes: the longest datagram and the longest trailer fit
SHORTEST, LONGEST = 8, SRTP_BUFFER - 256  # bytes of a packet before its trailer
OK = 0  # srtp_err_status_ok
NAMES = "srtp_protect srtp_protect_rtcp srtp_unprotect srtp_unprotect_rtcp"


def missing_names() -> list[str]:
    """Names of the pinned library that this file needs and that are not there. Must be empty to start."""
    needed: tuple[tuple[str, Any, str], ...] = (
        ("pylibsrtp.Session", pylibsrtp.Session(), "_srtp"),
        ("pylibsrtp._binding", srtp, "ffi lib"),
        ("pylibsrtp._binding.lib", getattr(srtp, "lib", None), NAMES),
    )
    return [f"{where}.{n}" for where, owner, names in needed for n in names.split() if not hasattr(owner, n)]


class SrtpBox:
    """Protects and unprotects in one preallocated buffer. A result is good until the next call."""

    def __init__(self, receive: pylibsrtp.Session, transmit: pylibsrtp.Session) -> None:
        self._keep = (receive, transmit)
        self._rx = receive._srtp[0]
        self._tx = transmit._srtp[0]
        self._cdata = srtp.ffi.new("char[]", SRTP_BUFFER)
        self._view = memoryview(srtp.ffi.buffer(self._cdata))
        self._length = srtp.ffi.new("int *")

    def protect(self, packet: bytes) -> memoryview | None:
        """None if the packet cannot be protected (too long, or the library refuses). The hottest of all."""
        size = len(packet)
        if not SHORTEST <= size <= LONGEST:
            return None
        self._view[:size] = packet
        self._length[0] = size
        if srtp.lib.srtp_protect(self._tx, self._cdata, self._length) != OK:
            return None
        return self._view[: self._length[0]]

    def protect_rtcp(self, packet: bytes) -> memoryview | None:
        """The same for RTCP."""
        return self._run(srtp.lib.srtp_protect_rtcp, self._tx, packet)

    def unprotect(self, packet: bytes) -> bytes | None:
        """None if the packet is forged, replayed or malformed."""
        view = self._run(srtp.lib.srtp_unprotect, self._rx, packet)
        return None if view is None else bytes(view)

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        """The same for RTCP."""
        view = self._run(srtp.lib.srtp_unprotect_rtcp, self._rx, packet)
        return None if view is None else bytes(view)

    def _run(self, function: Callable[..., int], context: Any, packet: bytes) -> memoryview | None:
        size = len(packet)
        if not SHORTEST <= size <= LONGEST:
            return None
        self._view[:size] = packet
        self._length[0] = size
        if function(context, self._cdata, self._length) != OK:
            return None
        return self._view[: self._length[0]]


def is_rtcp(packet: bytes) -> bool:
    """Second byte 192..223 (RFC 5761, April 2010, section 4)."""
    return len(packet) > 1 and 192 <= packet[1] <= 223
