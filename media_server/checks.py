"""Connectivity checks of ICE: STUN binding requests and their answers (RFC 8445, RFC 8489). Pure.

Every client checks every path all the time, and strangers may too: this costs a third of what a general STUN library
takes. The tests compare both.
"""

from __future__ import annotations

import hmac
import secrets
import string
import struct
import zlib
from dataclasses import dataclass
from socket import AF_INET6, inet_aton, inet_pton

ALPHABET = string.ascii_letters + string.digits
COOKIE = 0x2112A442
BINDING_REQUEST, BINDING_SUCCESS = 0x0001, 0x0101
USERNAME, INTEGRITY, XOR_MAPPED_ADDRESS, FINGERPRINT = 0x0006, 0x0008, 0x0020, 0x8028
PRIORITY, USE_CANDIDATE = 0x0024, 0x0025
HEADER = struct.Struct("!HHL")
ATTRIBUTE = struct.Struct("!HH")
HEADER_LENGTH = 20
SIGNATURE_LENGTH = 20  # HMAC-SHA1
FINGERPRINT_MASK = 0x5354554E
MOST_ATTRIBUTES_SKIPPED = 8  # clients put USERNAME first or second

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One pair of ICE user fragment and password."""

    ufrag: str
    pwd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRequest:
    """A STUN binding request that is well formed but not yet authenticated: `signed` is what `signature` is of.

    `priority` is what the client gives the path, 0 if it does not say.
    """

    transaction: bytes
    ufrag: str
    nominated: bool
    priority: int
    signed: bytes
    signature: bytes

    def is_signed_with(self, pwd: str) -> bool:
        """Whether whoever sent it knows this password."""
        return hmac.compare_digest(hmac.digest(pwd.encode(), self.signed, "sha1"), self.signature)


def new_credentials() -> Credentials:
    """Random credentials: 48 bits of fragment, 143 bits of password."""
    return Credentials(ufrag=_random_text(8), pwd=_random_text(24))


def peek_ufrag(datagram: bytes) -> str:
    """The fragment a binding request is addressed to, read without checking anything else; else empty.

    A flood with made-up fragments ends here.
    """
    if not _is_binding_request(datagram):
        return ""
    size = len(datagram)
    at = HEADER_LENGTH
    for _ in range(MOST_ATTRIBUTES_SKIPPED):
        if at + ATTRIBUTE.size > size:
            return ""
        name, length = ATTRIBUTE.unpack_from(datagram, at)
        at += ATTRIBUTE.size
        if name == USERNAME:
            return datagram[at : at + length].partition(b":")[0].decode("ascii", "replace")
        at += (length + 3) & ~3
    return ""


def read_binding_request(datagram: bytes) -> BindingRequest | None:
    """None unless the datagram is a binding request with a user name and a signature.

    What stands behind the signature is not signed and is ignored, but for a checksum, which must be right.
    """
    if not _is_binding_request(datagram):
        return None
    at, ufrag, nominated, priority, value = HEADER_LENGTH, "", False, 0, b""
    while at + ATTRIBUTE.size <= len(datagram):
        name, length = ATTRIBUTE.unpack_from(datagram, at)
        value = datagram[at + ATTRIBUTE.size : at + ATTRIBUTE.size + length]
        if name == INTEGRITY:
            break
        if name == USERNAME:
            ufrag = value.partition(b":")[0].decode("ascii", "replace")
        elif name == PRIORITY:
            priority = int.from_bytes(value[:4], "big")
        nominated = nominated or name == USE_CANDIDATE
        at += ATTRIBUTE.size + ((length + 3) & ~3)
    else:
        return None
    end = at + ATTRIBUTE.size + SIGNATURE_LENGTH
    if not ufrag or len(value) != SIGNATURE_LENGTH or not _checksum_holds(datagram, end):
        return None
    signed = _with_length(datagram[:at], end)
    return BindingRequest(
        transaction=datagram[8:HEADER_LENGTH],
        ufrag=ufrag,
        nominated=nominated,
        priority=priority,
        signed=signed,
        signature=value,
    )


def binding_response(transaction: bytes, source: Address, pwd: str) -> bytes:
    """The authenticated success answer, which tells the client the address it was seen from."""
    family, packed = (2, inet_pton(AF_INET6, source[0])) if ":" in source[0] else (1, inet_aton(source[0]))
    mask = (COOKIE.to_bytes(4, "big") + transaction)[: len(packed)]
    hidden = (int.from_bytes(packed, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(packed), "big")
    value = struct.pack("!BBH", 0, family, source[1] ^ (COOKIE >> 16)) + hidden
    answer = HEADER.pack(BINDING_SUCCESS, 0, COOKIE) + transaction
    answer += ATTRIBUTE.pack(XOR_MAPPED_ADDRESS, len(value)) + value
    signed = _with_length(answer, len(answer) + ATTRIBUTE.size + SIGNATURE_LENGTH)
    answer = signed + ATTRIBUTE.pack(INTEGRITY, SIGNATURE_LENGTH) + hmac.digest(pwd.encode(), signed, "sha1")
    answer = _with_length(answer, len(answer) + ATTRIBUTE.size + 4)
    return answer + struct.pack("!HHL", FINGERPRINT, 4, zlib.crc32(answer) ^ FINGERPRINT_MASK)


def _is_binding_request(datagram: bytes) -> bool:
    size = len(datagram)
    if size < HEADER_LENGTH:
        return False
    kind, length, cookie = HEADER.unpack_from(datagram)
    return bool(kind == BINDING_REQUEST and cookie == COOKIE and length == size - HEADER_LENGTH)


def _checksum_holds(datagram: bytes, at: int) -> bool:
    """Whether the checksum that stands there is right, if one stands there."""
    if len(datagram) < at + 8 or ATTRIBUTE.unpack_from(datagram, at) != (FINGERPRINT, 4):
        return True
    return zlib.crc32(datagram[:at]) ^ FINGERPRINT_MASK == int.from_bytes(datagram[at + 4 : at + 8], "big")


def _with_length(message: bytes, end: int) -> bytes:
    """The message with the length it has if it ends at `end`."""
    return message[:2] + (end - HEADER_LENGTH).to_bytes(2, "big") + message[4:]


def _random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
