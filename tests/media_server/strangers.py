"""Datagrams of a client that is none of the SDKs."""

from __future__ import annotations

from aioice import stun


def check(ufrag: str, pwd: str, *, nominate: bool = True) -> bytes:
    """A signed connectivity check."""
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:client"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 1
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(pwd.encode())
    return bytes(message)


def framed(*packets: bytes) -> bytes:
    """Packets as they go over TCP (RFC 4571)."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in packets)
