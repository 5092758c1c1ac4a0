"""Every worked example of examples/votes.json, and what holds for every rule of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.rules import Category, Member
from meetings.convening.rules import Standing
from meetings.voting.base import base_of
from meetings.voting.instruments import RULES, needed, rule_on
from meetings.voting.refusals import FormNotAllowed, OnlineForbidden, TooManyHands
from meetings.voting.rules import (
    DecisionKind,
    DecisionRule,
    Excluded,
    Form,
    HallCount,
    Included,
    Result,
    Threshold,
    VoteState,
)
from meetings.voting.subjects import KINDS, REASONS
from meetings.voting.tally import Answers, decide, may_open
from tests.cell_s import SECRETARY, at, member
from tests.voting.ballot_box import vote
from tests.voting.worked import EXAMPLES, people, result

TODAY = date(2026, 11, 24)
bounded = settings(max_examples=100, deadline=None, derandomize=True)
kinds = st.sampled_from(list(DecisionKind))
rolls = st.lists(
    st.tuples(
        st.sampled_from(list(Category)),
        st.booleans(),  # in the hall
        st.booleans(),  # excused
    ),
    max_size=24,
)


@pytest.mark.parametrize("case", EXAMPLES["cases"], ids=lambda case: case["name"])
def test_a_worked_example(case: dict[str, Any]) -> None:
    found = result(case)
    wanted = case["expect"]
    numbers = (found.base, found.needed, found.not_cast, found.absent, found.passed)
    assert numbers == tuple(wanted[name] for name in ("base", "needed", "not_cast", "absent", "passed"))
    assert found.explanation == wanted.get("explanation", found.explanation)
    assert found.explanation.startswith(f"Số đảng viên làm căn cứ tính: {found.base}, ")
    assert found.explanation_en.startswith(f"Vote base: {found.base}, ")
    assert sum(one.counted for one in found.people) == found.base
    assert {one.name for one in found.people} == {one.full_name for one, _ in people(case)}
    assert all(one.text and one.text_en for one in found.people)


@pytest.mark.parametrize("row", EXAMPLES["thresholds"])
def test_a_threshold(row: dict[str, Any]) -> None:
    share = Threshold(numerator=row["numerator"], denominator=row["denominator"], strict=row["strict"])
    assert needed(share, row["base"]) == row["needed"]


def test_every_kind_has_rules_words_and_an_example() -> None:
    assert set(RULES) == set(KINDS) == set(DecisionKind)
    assert set(REASONS) == {*Included, *Excluded}
    shown = {case["kind"] for case in EXAMPLES["cases"]}
    same_rule = {"committee_election", "delegate_election", "recorder_choice", "motion"}
    assert shown | same_rule == {kind.value for kind in DecisionKind}


@pytest.mark.parametrize("kind", DecisionKind)
def test_only_open_questions_without_names_may_be_asked_online(kind: DecisionKind) -> None:
    """domain.md 3.2.4: no secret ballot, election, admission, recognition, removal or discipline."""
    question = replace(
        vote(Standing.SUPPLEMENT, VoteState.PREPARED), kind=kind, question="Ý kiến về một việc"
    )
    allowed = {DecisionKind.RESOLUTION, DecisionKind.SITTING_ASSESSMENT, DecisionKind.CONSULTATION}
    if kind in allowed:
        may_open(question, rule_on(kind, TODAY))
    else:
        with pytest.raises(OnlineForbidden, match=r"Căn cứ: .* ngày "):
            may_open(question, rule_on(kind, TODAY))
    with pytest.raises(OnlineForbidden):
        may_open(replace(question, form=Form.PAPER), rule_on(kind, TODAY))


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (DecisionKind.EXPULSION, Form.HANDS),
        (DecisionKind.SECRETARY_ELECTION, Form.CARDS),
        (DecisionKind.ADMISSION, Form.HANDS),
        (DecisionKind.RESOLUTION, Form.PAPER),
    ],
)
def test_a_form_the_rule_does_not_know_is_refused(kind: DecisionKind, form: Form) -> None:
    question = replace(vote(state=VoteState.PREPARED), kind=kind, form=form)
    with pytest.raises(FormNotAllowed):
        may_open(question, rule_on(kind, TODAY))


# --- properties ------------------------------------------------------------------


def decided(
    rule: DecisionRule, roll: list[tuple[Category, bool, bool]], yes: int, no: int, invalid: int
) -> Result | None:
    """The result, or None where more was counted than can be."""
    known: list[Member] = [member(category, number) for number, (category, _, _) in enumerate(roll)]
    base = base_of(
        known,
        convoked={one.id for one in known if one.category is not Category.SUSPENDED},
        present={one.id for one, (_, here, _) in zip(known, roll, strict=True) if here},
        taking_part={one.id for one in known},
        excused={one.id for one, (_, _, excused) in zip(known, roll, strict=True) if excused},
        kind=rule.base,
    )
    count = HallCount(in_favour=yes, against=no, abstain=0, invalid=invalid, by=SECRETARY, at=at(65))
    try:
        return decide(vote(), base, rule=rule, hall_count=count, answers=Answers(), names={})
    except TooManyHands:
        return None


@bounded
@given(kinds, rolls, st.integers(0, 12), st.integers(0, 6), st.integers(0, 3))
def test_no_share_passes_the_whole_and_everybody_is_accounted_for(
    kind: DecisionKind, roll: list[tuple[Category, bool, bool]], yes: int, no: int, invalid: int
) -> None:
    found = decided(rule_on(kind, TODAY), roll, yes, no, invalid)
    if found is None:
        return
    counted = found.in_favour + found.against + found.abstain + found.invalid
    assert counted + found.not_cast + found.absent == found.base
    assert 0 <= found.in_favour <= found.base
    assert len(found.people) == len(roll)
    assert found.passed is (None if kind is DecisionKind.CONSULTATION else found.in_favour >= _least(found))


def _least(found: Result) -> int:
    assert found.needed is not None
    return max(1, found.needed)


@bounded
@given(kinds, rolls, st.integers(0, 12), st.integers(0, 6))
def test_one_more_yes_never_undoes_a_decision(
    kind: DecisionKind, roll: list[tuple[Category, bool, bool]], yes: int, no: int
) -> None:
    rule = rule_on(kind, TODAY)
    before, after = decided(rule, roll, yes, no, 0), decided(rule, roll, yes + 1, no, 0)
    assert before is None or after is None or not before.passed or after.passed


@bounded
@given(kinds, rolls, st.randoms(use_true_random=False))
def test_the_order_of_the_roll_does_not_matter(
    kind: DecisionKind, roll: list[tuple[Category, bool, bool]], chance: Any
) -> None:
    jumbled = list(roll)
    chance.shuffle(jumbled)
    one, other = (decided(rule_on(kind, TODAY), people, 0, 0, 0) for people in (roll, jumbled))
    assert one is not None
    assert other is not None
    assert (one.base, one.needed, one.absent) == (other.base, other.needed, other.absent)


@bounded
@given(kinds, rolls)
def test_exempt_and_sent_elsewhere_count_only_when_there(
    kind: DecisionKind, roll: list[tuple[Category, bool, bool]]
) -> None:
    found = decided(rule_on(kind, TODAY), roll, 0, 0, 0)
    assert found is not None
    never = {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED, Category.SUSPENDED}
    when_there = {Category.EXEMPT, Category.TEMPORARY_AWAY}
    counted = {one.member for one in found.people if one.counted}
    for number, (category, here, _) in enumerate(roll):
        if category in never or (category in when_there and not here):
            assert member(category, number).id not in counted
        elif here:
            assert member(category, number).id in counted
