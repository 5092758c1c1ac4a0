"""Pure: in whose place somebody signs, of the minutes or of another issued paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from meetings.committees.powers import Part
from meetings.kernel.ids import Id

RECORDER_FIELD, CHAIR_FIELD, SIGNER_FIELD = "NguoiGhi", "ChuTri", "NguoiKy"
_TELLER = "KiemPhieu{number}"
MOST_TELLERS = 20  # as many as a protocol names at most


def teller_field(number: int) -> str:
    """The place of a counting board's member, from 1."""
    return _TELLER.format(number=number)


@dataclass(frozen=True, kw_only=True, slots=True)
class OfPaper:
    """A place in an issued paper, by its field: the only one (domain.md 4.4: T/M CHI BỘ, whoever is named there), or
    one of several, as papers.places has them."""

    paper: Id
    field: str = SIGNER_FIELD


Seating: TypeAlias = Part | OfPaper
_FIELDS = {Part.RECORDER: RECORDER_FIELD, Part.CHAIR: CHAIR_FIELD}
_PARTS = {field: part for part, field in _FIELDS.items()}
ROLES = {
    "signer": SIGNER_FIELD,
    **{part.value: field for part, field in _FIELDS.items()},
    **{f"teller-{number}": teller_field(number) for number in range(1, MOST_TELLERS + 1)},
}
"""Fields by the names that pages and programs call them."""
_CALLED = {field: role for role, field in ROLES.items()}


def field_of(seating: Seating) -> str:
    """The name of the field in the file."""
    return seating.field if isinstance(seating, OfPaper) else _FIELDS[seating]


def role_of(field: str) -> str:
    """What pages and programs call it."""
    return _CALLED[field]


def seating_in(field: str, paper: Id | None) -> Seating:
    """Whose place a field is, in that paper or in the minutes."""
    return OfPaper(paper=paper, field=field) if paper else _PARTS[field]
