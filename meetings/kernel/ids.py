"""Identifiers: UUIDs as lower-case text, time-ordered when we make them."""

from __future__ import annotations

import os
import time
import uuid
from typing import TypeAlias

from meetings.kernel.errors import Invalid

Id: TypeAlias = str


class BadId(Invalid):
    """An identifier that is not a UUID."""

    code = "bad-id"
    message = "Mã định danh không đúng."


def new_id() -> Id:
    """A new UUID version 7 (RFC 9562 5.7): 48 bits of milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def parse_id(text: str) -> Id:
    """The canonical form of an identifier that came from outside. Raises BadId."""
    try:
        return str(uuid.UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise BadId from None


def derived_id(*parts: str) -> Id:
    """The same id for the same parts, so that repeating a write is harmless (UUID version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\x1f".join(parts)))
