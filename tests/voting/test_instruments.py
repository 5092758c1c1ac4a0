"""The dated table and its integer arithmetic."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.voting.instruments import (
    MORE_THAN_HALF,
    RULES,
    TWO_THIRDS,
    cite,
    cite_en,
    needed,
    rule_on,
)
from meetings.voting.refusals import NoRule
from meetings.voting.rules import Certainty, DecisionKind, Threshold


@pytest.mark.parametrize(
    ("threshold", "base", "fewest"),
    [
        (MORE_THAN_HALF, 20, 11),
        (MORE_THAN_HALF, 19, 10),
        (MORE_THAN_HALF, 1, 1),
        (MORE_THAN_HALF, 0, 1),
        (TWO_THIRDS, 20, 14),
        (TWO_THIRDS, 21, 14),
        (TWO_THIRDS, 0, 1),
    ],
)
def test_needed(threshold: Threshold, base: int, fewest: int) -> None:
    assert needed(threshold, base) == fewest


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    share=st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1]),
    strict=st.booleans(),
    base=st.integers(1, 300),
)
def test_needed_is_the_fewest_that_reaches_the_share(share: tuple[int, int], strict: bool, base: int) -> None:
    threshold = Threshold(numerator=share[0], denominator=share[1], strict=strict)
    fewest, wanted = needed(threshold, base), Fraction(*share)

    def reached(votes: int) -> bool:
        return Fraction(votes, base) > wanted if strict else Fraction(votes, base) >= wanted

    assert reached(fewest)
    assert fewest <= base
    assert not reached(fewest - 1)


@pytest.mark.parametrize(
    ("day", "number", "certainty"),
    [
        (date(2025, 6, 30), "24-QĐ/TW", Certainty.UNSURE),
        (date(2025, 7, 1), "294-QĐ/TW", Certainty.SEEN_SECOND),
        (date(2026, 7, 25), "294-QĐ/TW", Certainty.SEEN_SECOND),
        (date(2026, 7, 26), "208-QĐ/TW", Certainty.UNSURE),
    ],
)
def test_the_rule_of_the_day(day: date, number: str, certainty: Certainty) -> None:
    rule = rule_on(DecisionKind.RESOLUTION, day)
    assert rule.citations[-1].number == number
    assert rule.citations[-1].certainty is certainty
    assert rule.threshold == MORE_THAN_HALF


def test_before_the_table_there_is_no_rule() -> None:
    with pytest.raises(NoRule):
        rule_on(DecisionKind.RESOLUTION, date(2021, 7, 29))
    with pytest.raises(NoRule):
        rule_on(DecisionKind.RESOLUTION, date(2026, 1, 1), {})


def test_every_row_stands_under_its_own_kind_with_dated_sources() -> None:
    for kind, rows in RULES.items():
        assert {rule.kind for rule in rows} == {kind}
        assert all(rule.citations and rule.forms for rule in rows)
        assert list(rows) == sorted(rows, key=lambda rule: rule.effective_from)


def test_a_citation_names_number_and_date_and_its_doubt() -> None:
    charter, rules = rule_on(DecisionKind.RESOLUTION, date(2025, 11, 24)).citations
    assert cite(charter) == "Điều lệ Đảng ngày 19/01/2011, Điều 9"
    assert cite(rules) == "Quy định 294-QĐ/TW ngày 26/05/2025, điểm 9.3.2"
    newest = rule_on(DecisionKind.RESOLUTION, date(2026, 11, 24)).citations[-1]
    assert cite(newest) == "Quy định 208-QĐ/TW ngày 26/07/2026 (chưa đối chiếu toàn văn)"
    assert cite_en(newest).endswith("of 26/07/2026 (full text not compared)")
