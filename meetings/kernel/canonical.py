"""Canonical JSON (RFC 8785) and its digest. Text must be NFC already: JCS does not normalise."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


def canonical(value: Json) -> bytes:
    """The one byte form of a JSON value. Raises ValueError for text that is not NFC or a float."""
    _check(value)
    return rfc8785.dumps(value)


def digest(value: Json) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("text is not NFC")
    elif isinstance(value, float):
        raise ValueError("floats have no place in a record")  # noqa: TRY004  one error type for the caller
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check(key)
            _check(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            _check(inner)
