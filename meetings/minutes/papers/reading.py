"""Papers from their canonical JSON, strictly: unknown, missing or altered members are refused."""

from __future__ import annotations

import json
from functools import cache

from pydantic import TypeAdapter, ValidationError

from meetings.kernel.errors import Invalid
from meetings.minutes.papers.facts import KINDS, to_bytes
from meetings.minutes.papers.records import FORMAT, AnyPaper


class BadPaper(Invalid):
    """A JSON that is not a paper of this format, or not in its canonical form."""

    code = "bad-paper"
    message = "Dữ liệu văn bản không đúng dạng."


def from_json(data: bytes) -> AnyPaper:
    """The paper behind canonical bytes (facts.to_bytes). Raises BadPaper for any other bytes."""
    try:
        value = json.loads(data)
        if not isinstance(value, dict) or value.get("format") != FORMAT or value.get("kind") not in KINDS:
            raise BadPaper
        paper = _adapter(value["kind"]).validate_json(json.dumps(value.get("facts")), strict=True)
        if to_bytes(paper) != data:
            raise BadPaper
    except (ValueError, TypeError, ValidationError, RecursionError):
        raise BadPaper from None
    return paper


@cache
def _adapter(kind: str) -> TypeAdapter[AnyPaper]:
    return TypeAdapter(KINDS[kind])
