"""The dated rules of lists of candidates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.list_rules import LIST_RULES, list_rule_on
from meetings.voting.refusals import NoRule
from meetings.voting.rules import Certainty


def test_the_rule_of_the_day_names_its_paper_and_how_sure_it_is() -> None:
    before, now = list_rule_on(date(2024, 10, 9)), list_rule_on(date(2024, 10, 10))
    assert (before.citation.number, before.citation.certainty) == ("244-QĐ/TW", Certainty.UNSURE)
    assert (now.citation.number, now.citation.place) == ("190-QĐ/TW", "Điều 14")
    assert list_rule_on(date(2030, 1, 1)) == LIST_RULES[-1]
    with pytest.raises(NoRule):
        list_rule_on(date(2014, 6, 8))


@pytest.mark.parametrize(("seats", "most"), [(1, 2), (3, 4), (6, 7), (7, 9), (10, 13), (15, 19)])
def test_the_surplus_is_thirty_per_cent_and_one_always(seats: int, most: int) -> None:
    assert LIST_RULES[-1].most(seats) == most


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 100), st.integers(0, 250), st.integers(1, 250))
def test_limits_in_integers(seats: int, in_favour: int, present: int) -> None:
    rule = LIST_RULES[-1]
    surplus = rule.most(seats) - seats
    assert surplus == 1 or 10 * surplus <= 3 * seats
    assert 10 * (surplus + 1) > 3 * seats
    assert rule.supported(in_favour, present) == (Fraction(in_favour, present) > Fraction(3, 10))
