"""Connectivity checks of ICE (STUN binding requests, RFC 8445 and RFC 8489). Pure."""

from __future__ import annotations

import secrets
import string
import struct
from dataclasses import dataclass

from aioice import stun

ALPHABET = string.ascii_letters + string.digits
BINDING_REQUEST = 0x0001
USERNAME = 0x0006
HEADER = struct.Struct("!HHL")
ATTRIBUTE = struct.Struct("!HH")
HEADER_LENGTH = 20
MOST_ATTRIBUTES_SKIPPED = 8  # clients put USERNAME first or second

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


def peek_ufrag(datagram: bytes) -> str:
    """The fragment a binding request is addressed to, read without checking anything else; else empty.

    It costs a tenth of `read_binding_request`: a flood with made-up fragments ends here.
    """
    size = len(datagram)
    if size < HEADER_LENGTH:
        return ""
    kind, length, cookie = HEADER.unpack_from(datagram)
    if kind != BINDING_REQUEST or cookie != stun.COOKIE or length != size - HEADER_LENGTH:
        return ""
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


def _random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
