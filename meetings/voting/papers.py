"""The papers behind the table of decisions, each line one subject over time (domain.md 0, 2.2, 2.3).

A number repeats over the years, so every paper has its date. UNSURE: the text was not read; it is taken to
say what the paper before it said, and is shown as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from meetings.voting.rules import Certainty, Citation

Line: TypeAlias = Sequence[tuple[date, Citation]]


def on(line: Line, day: date) -> Citation:
    """The paper of that day, which must not be before the line begins."""
    return next(paper for since, paper in reversed(line) if since <= day)


def _paper(
    instrument: str,
    number: str,
    dated: date,
    certainty: Certainty,
    place: str = "",
    since: date | None = None,
) -> tuple[date, Citation]:
    paper = Citation(instrument=instrument, number=number, dated=dated, place=place, certainty=certainty)
    return since or dated, paper


def _charter(article: int, certainty: Certainty) -> Line:
    return (_paper("Điều lệ Đảng", "", date(2011, 1, 19), certainty, f"Điều {article}"),)


_SEEN, _SECOND, _KNOWN, _UNSURE = (
    Certainty.SEEN,
    Certainty.SEEN_SECOND,
    Certainty.KNOWN,
    Certainty.UNSURE,
)

CHARTER_3 = _charter(3, _KNOWN)  # members discuss and say their opinion
CHARTER_4 = _charter(4, _SEEN)  # admission
CHARTER_5 = _charter(5, _KNOWN)  # recognition after probation
CHARTER_8 = _charter(8, _KNOWN)  # removal from the roll
CHARTER_9 = _charter(9, _KNOWN)  # more than half; minority opinions
CHARTER_24 = _charter(24, _SEEN)  # from how many official members on a cell elects a committee

# The base was read in secondary texts of 294-QĐ/TW only.
BASE: Line = (
    _paper("Quy định", "24-QĐ/TW", date(2021, 7, 30), _UNSURE),
    _paper("Quy định", "294-QĐ/TW", date(2025, 5, 26), _SECOND, "điểm 9.3.2", since=date(2025, 7, 1)),
    _paper("Quy định", "208-QĐ/TW", date(2026, 7, 26), _UNSURE),
)
# One person at a time: read for admissions. The texts of the other decisions about a person were not read on this;
# they are taken to say the same, since each is about somebody who is named.
ONE_ADMITTED: Line = (_paper("Điều lệ Đảng", "", date(2011, 1, 19), _SEEN, "Điều 4"),)
ONE_RECOGNISED: Line = (_paper("Điều lệ Đảng", "", date(2011, 1, 19), _UNSURE, "Điều 5"),)
ONE_REMOVED: Line = (_paper("Điều lệ Đảng", "", date(2011, 1, 19), _UNSURE, "Điều 8"),)
ONE_DISCIPLINED: Line = (
    _paper("Quy định", "22-QĐ/TW", date(2021, 7, 28), _UNSURE),
    _paper("Quy định", "262-QĐ/TW", date(2025, 2, 3), _UNSURE),
    _paper("Quy định", "296-QĐ/TW", date(2025, 5, 30), _UNSURE),
)
# Secret ballot or card, as the meeting decides.
MEMBER_BALLOT: Line = (
    _paper("Hướng dẫn", "01-HD/TW", date(2021, 9, 28), _SEEN, "điểm 5.1"),
    _paper("Hướng dẫn", "06-HD/TW", date(2025, 6, 9), _UNSURE),
    _paper("Hướng dẫn", "01-HD/TW", date(2026, 5, 19), _UNSURE),
)
DISCIPLINE_SHARE: Line = (_paper("Quy định", "69-QĐ/TW", date(2022, 7, 6), _SEEN, "Điều 15"),)
DISCIPLINE_BALLOT: Line = (
    _paper("Quy định", "22-QĐ/TW", date(2021, 7, 28), _KNOWN),
    _paper("Quy định", "262-QĐ/TW", date(2025, 2, 3), _UNSURE),
    _paper("Quy định", "296-QĐ/TW", date(2025, 5, 30), _KNOWN),
)
ELECTION_BALLOT: Line = (
    _paper("Quyết định", "244-QĐ/TW", date(2014, 6, 9), _SEEN, "Điều 3"),
    _paper("Quy định", "190-QĐ/TW", date(2024, 10, 10), _SEEN, "Điều 3"),
)
ELECTION_BASE: Line = (
    _paper("Quyết định", "244-QĐ/TW", date(2014, 6, 9), _SEEN, "Điều 32"),
    _paper("Quy định", "190-QĐ/TW", date(2024, 10, 10), _SEEN, "Điều 30"),
)
ELECTION_LIST: Line = (
    _paper("Quyết định", "244-QĐ/TW", date(2014, 6, 9), _UNSURE),
    _paper("Quy định", "190-QĐ/TW", date(2024, 10, 10), _SEEN, "Điều 14"),
)
HANDS_FOR_OFFICES: Line = (
    _paper("Hướng dẫn", "32-HD/TW", date(2009, 9, 25), _SEEN, "mục 3"),
    _paper("Quyết định", "244-QĐ/TW", date(2014, 6, 9), _UNSURE),
    _paper("Quy định", "190-QĐ/TW", date(2024, 10, 10), _SECOND),
)
RATING: Line = (
    _paper("Hướng dẫn", "12-HD/BTCTW", date(2018, 7, 6), _SEEN),
    _paper("Hướng dẫn", "42-HD/BTCTW", date(2025, 10, 28), _SECOND),
)
