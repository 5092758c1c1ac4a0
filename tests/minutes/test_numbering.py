"""Numbers by type and term."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.minutes.numbering import (
    SYMBOLS,
    BadUsedNumber,
    PaperKind,
    Term,
    TermTooEarly,
    may_begin,
    number_text,
    term_on,
)

FIRST = Term(name="2020-2025", since=date(2020, 6, 1))
SECOND = Term(name="2025-2030", since=date(2025, 6, 1))


def test_numbers_read_as_on_paper() -> None:
    assert number_text(5, PaperKind.RESOLUTION) == "05-NQ/CB"
    assert number_text(112, PaperKind.COUNTING) == "112-BB/CB"
    assert set(PaperKind) - set(SYMBOLS) == {PaperKind.EXCERPT, PaperKind.ATTENDANCE}
    assert number_text(5, PaperKind.EXCERPT) == ""


def test_the_term_is_that_of_the_day() -> None:
    terms = [SECOND, FIRST]
    assert term_on(terms, date(2020, 5, 31)) is None
    assert term_on(terms, date(2025, 5, 31)) == FIRST
    assert term_on(terms, date(2025, 6, 1)) == SECOND


def test_a_term_begins_after_what_was_numbered() -> None:
    may_begin(SECOND, [FIRST], date(2025, 5, 31))
    for terms, newest in (([SECOND], None), ([FIRST], date(2025, 6, 1))):
        with pytest.raises(TermTooEarly):
            may_begin(SECOND, terms, newest)


@pytest.mark.parametrize("last", [-1, 10_000])
def test_the_last_number_outside_is_sensible(last: int) -> None:
    with pytest.raises(BadUsedNumber):
        may_begin(Term(name="x", since=date(2025, 6, 1), used={PaperKind.RESOLUTION: last}), [], None)
