"""Who signs which paper, in which order, by the layout of domain.md 4.4. Pure."""

from __future__ import annotations

from meetings.minutes.papers.records import Addendum, AnyPaper, AttendanceList, Ballots, Counting
from meetings.minutes.records import Officer
from meetings.minutes.seating import CHAIR_FIELD, RECORDER_FIELD, SIGNER_FIELD, teller_field

_POSITIONS = {RECORDER_FIELD: "Thư ký", CHAIR_FIELD: "Chủ trì"}


def places_of(paper: AnyPaper) -> dict[str, Officer]:
    """The fields of a paper's signatures in order, and whose they are: an addendum's and a list's as in the minutes,
    each member of a counting board under its protocol; whoever signs for the cell under all others."""
    match paper:
        case Ballots():
            return {}
        case Addendum() | AttendanceList():
            return {RECORDER_FIELD: paper.recorder, CHAIR_FIELD: paper.chair}
        case Counting():
            return {teller_field(number): one for number, one in enumerate(paper.board, 1)}
        case _:
            return {SIGNER_FIELD: paper.paper.signer}


def position_at(field: str, officer: Officer) -> str:
    """In which capacity somebody signs there."""
    return _POSITIONS.get(field, officer.position)
