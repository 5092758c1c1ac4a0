"""Pure: in whose place somebody signs, of the minutes or of another issued paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from meetings.committees.powers import Part
from meetings.kernel.ids import Id

SIGNER_FIELD = "NguoiKy"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfPaper:
    """A place in an issued paper. Without `part` its only one (domain.md 4.4): T/M CHI BỘ, whoever is named there; an
    addendum has those of the minutes."""

    paper: Id
    part: Part | None = None


Seating: TypeAlias = Part | OfPaper
_FIELDS = {Part.RECORDER: "NguoiGhi", Part.CHAIR: "ChuTri"}
_PARTS = {field: part for part, field in _FIELDS.items()}


def field_of(seating: Seating) -> str:
    """The name of the field in the file."""
    part = seating.part if isinstance(seating, OfPaper) else seating
    return SIGNER_FIELD if part is None else _FIELDS[part]


def seating_in(field: str, paper: Id | None) -> Seating:
    """Whose place a field is, in that paper or in the minutes."""
    return OfPaper(paper=paper, part=_PARTS.get(field)) if paper else _PARTS[field]
