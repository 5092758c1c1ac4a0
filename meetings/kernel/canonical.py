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
    kind = type(value)
    if kind is str:
        return _check_text(value)  # type: ignore[arg-type]  # mypy does not narrow by `kind`
    if kind is dict:
        plain = True  # every part is looked at: each may raise
        for name, inner in value.items():  # type: ignore[attr-defined]  # as above
            plain = _check(name) and name.isascii() and plain
            plain = _check(inner) and plain
        return plain
    return value is None or kind is bool or _check_rarer(value)


def _check_text(text: str) -> bool:
    if not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        raise ValueError("text is not NFC")
    return True


def _check_rarer(value: object) -> bool:
    """Numbers, lists, and kinds that only look like the plain ones: what stands in them is checked too."""
    if isinstance(value, str):
        return _check_text(value) and False
    if isinstance(value, float):
        raise ValueError("floats have no place in a record")  # noqa: TRY004  one error type for the caller
    if isinstance(value, Mapping):
        for pair in value.items():
            _check(pair)
        return False
    if isinstance(value, Sequence):
        plain = [_check(inner) for inner in value]
        return type(value) in {list, tuple} and all(plain)
    return type(value) is int and abs(value) <= _MOST
