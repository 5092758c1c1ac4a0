"""Canonical JSON (RFC 8785) and its digest. Text must be NFC already: JCS does not normalise."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import orjson
import rfc8785

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


def canonical(value: Json) -> bytes:
    """The one byte form of a JSON value. Raises ValueError for text that is not NFC or a float."""
    if _check(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(value)


def digest(value: Json) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


# RFC 8785 sorts keys by UTF-16 units and writes DEL as it is; whole numbers end at 2**53 - 1. Plain values,
# whose keys are ASCII, look the same from orjson, which is ten times as fast.
_MOST = 2**53 - 1


def _check(value: object) -> bool:
    """Whether orjson writes the very bytes of RFC 8785. Raises ValueError as `canonical` does."""
    if isinstance(value, str):
        if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
            raise ValueError("text is not NFC")
        return type(value) is str
    if isinstance(value, float):
        raise ValueError("floats have no place in a record")  # noqa: TRY004  one error type for the caller
    if isinstance(value, Mapping):
        plain = [_check(part) for pair in value.items() for part in pair]  # all of them: each may raise
        return type(value) is dict and all(plain) and all(key.isascii() for key in value)
    if isinstance(value, Sequence):
        plain = [_check(inner) for inner in value]
        return type(value) in {list, tuple} and all(plain)
    return value is None or isinstance(value, bool) or (type(value) is int and abs(value) <= _MOST)
