"""Minutes from their canonical JSON, strictly: unknown, missing or altered members are refused."""

from __future__ import annotations

import json
from functools import cache

from pydantic import TypeAdapter, ValidationError

from meetings.kernel.errors import Invalid
from meetings.minutes.facts import to_bytes
from meetings.minutes.records import FORMAT, Minutes


class BadMinutes(Invalid):
    """A JSON that is not minutes of this format, or not in its canonical form."""

    code = "bad-minutes"
    message = "Dữ liệu biên bản không đúng dạng."


def from_json(data: bytes) -> Minutes:
    """The minutes behind canonical bytes (facts.to_bytes). Raises BadMinutes for any other bytes."""
    try:
        value = json.loads(data)
        if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
            raise BadMinutes
        minutes = _adapter().validate_json(json.dumps(value), strict=True)
        if to_bytes(minutes) != data:
            raise BadMinutes
    except (ValueError, ValidationError, RecursionError):
        raise BadMinutes from None
    return minutes


@cache
def _adapter() -> TypeAdapter[Minutes]:
    return TypeAdapter(Minutes)
