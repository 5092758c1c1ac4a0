"""The shapes of JSON that come in and go out, on pydantic. Unknown fields are refused; text arrives NFC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from meetings.kernel.clock import check_aware
from meetings.kernel.errors import Refused
from meetings.kernel.ids import parse_id
from meetings.kernel.scans import MOST_BASE64
from meetings.kernel.text import clean_line, clean_text


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class View(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Nothing(View):
    """An empty answer."""


class ProblemView(View):
    """An error (RFC 9457). `code` is stable; `title` is for people, in their language."""

    type: str
    title: str
    status: int
    code: str
    fields: list[FieldProblem] = []


class FieldProblem(View):
    """What is wrong with one field of the body or query."""

    field: str
    problem: str


def checked(parse: Callable[[str], str]) -> AfterValidator:
    """Parses a field; its refusal is reported with the field's place, under the refusal's code."""

    def run(text: str) -> str:
        try:
            return parse(text)
        except Refused as refusal:
            raise PydanticCustomError(refusal.code, "refused") from None

    return AfterValidator(run)


UuidText = Annotated[
    str, checked(parse_id), Field(min_length=36, max_length=36, json_schema_extra={"format": "uuid"})
]
Line = Annotated[str, checked(clean_line), Field(min_length=1, max_length=200)]
LongText = Annotated[str, checked(clean_text), Field(max_length=20_000)]
# As for days; also so far from the ends of what `datetime` holds that no time zone leads over them.
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, tzinfo=UTC)
Moment = Annotated[
    AwareDatetime, Field(ge=_FIRST, le=_LAST), AfterValidator(check_aware)
]  # in UTC, as stored
Scan = Annotated[str, Field(min_length=1, max_length=MOST_BASE64)]  # PDF, JPEG or PNG in base64
Count = Annotated[int, Field(ge=0, le=100_000)]
