"""Counting and deciding: story 1, refusals, and what can never happen."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.convening.rules import Standing
from meetings.voting.base import base_of
from meetings.voting.instruments import rule_on
from meetings.voting.refusals import (
    BadHallCount,
    FormNotAllowed,
    NoHallCount,
    NotATeller,
    OnlineForbidden,
    TooManyHands,
    VoteMoved,
    VotingNotOpen,
)
from meetings.voting.rules import (
    Ballot,
    Base,
    Choice,
    DecisionKind,
    Form,
    HallCount,
    Result,
    Tally,
    VoteState,
)
from meetings.voting.tally import Answers, check_hall_count, check_tellers, decide, may_close, may_open, tally
from tests.cell_s import CONVOKED, ELDER, HALL, PHONES, ROSTER
from tests.voting.ballot_box import ballot, hands, vote

RULE = rule_on(DecisionKind.RESOLUTION, date(2026, 11, 24))
NAMES = {one.id: one.full_name for one in ROSTER}
BASE = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES, taking_part={ELDER})
bounded = settings(max_examples=100, deadline=None, derandomize=True)
ballots = st.lists(
    st.builds(
        ballot,
        st.sampled_from(sorted(BASE.entitled)),
        st.sampled_from(list(Choice)),
        st.integers(1, 4),
    ),
    max_size=40,
    unique_by=lambda one: (one.member, one.version),
)


def decided(
    count: HallCount | None,
    answers: Answers | None = None,
    *,
    base: Base = BASE,
    standing: Standing = Standing.MANDATORY,
) -> Result:
    """The result of the cell's resolution."""
    return decide(
        vote(standing), base, rule=RULE, hall_count=count, answers=answers or Answers(), names=NAMES
    )


# --- story 1 -------------------------------------------------------------------


def test_story_1_passed_with_12_of_20_and_phones_on_their_own_line() -> None:
    phones = tuple(ballot(who) for who in PHONES[:3])
    result = decided(hands(12, 1, 1), Answers(ballots=phones))
    assert (result.base, result.needed, result.passed) == (20, 11, True)
    assert (result.in_favour, result.against, result.abstain, result.absent) == (12, 1, 1, 6)
    assert result.phone == Tally(in_favour=3)
    assert result.devices == Tally()
    assert result.not_cast == 0


def test_story_1_the_elder_declines() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES)
    result = decided(hands(12, 1, 0), base=base)
    assert (result.base, result.needed, result.passed) == (19, 10, True)
    assert result.notes == ()


def test_exempt_members_taking_part_are_named() -> None:
    assert NAMES[ELDER] in decided(hands(12, 1, 1)).notes[0]


def test_phones_cannot_carry_a_resolution() -> None:
    """Ten hands of twenty fail, whatever ten phones say."""
    phones = tuple(ballot(who) for who in PHONES[:3])
    result = decided(hands(10, 2, 2), Answers(ballots=phones))
    assert result.passed is False
    assert "Nghị quyết không được thông qua." in result.explanation


def test_late_answers_are_shown_and_not_counted() -> None:
    result = decided(hands(10), Answers(late=5))
    assert result.late == 5
    assert (result.in_favour, result.passed) == (10, False)


def test_devices_in_the_hall_confirm_and_differ() -> None:
    answers = Answers(ballots=tuple(ballot(who, Choice.AGAINST) for who in HALL[:3]))
    result = decided(hands(12, 1, 1), answers)
    assert result.devices == Tally(against=3)
    assert result.differs
    assert result.passed
    assert "Kết quả lấy theo đếm tại hội trường." in result.notes[-1]
    assert not decided(hands(12, 1, 1), Answers(ballots=(ballot(HALL[0]),))).differs


def test_who_raised_no_hand_is_told_apart_from_the_absent() -> None:
    result = decided(hands(11))
    assert (result.not_cast, result.absent) == (3, 6)
    assert "có mặt nhưng không biểu quyết 3, vắng mặt 6" in result.explanation


def test_a_supplement_has_opinions_and_no_verdict() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL)
    answers = Answers(ballots=tuple(ballot(who) for who in HALL[:12]), late=1)
    result = decided(None, answers, base=base, standing=Standing.SUPPLEMENT)
    assert result.passed is None
    assert result.needed is None
    assert (result.in_favour, result.phone.in_favour, result.late) == (0, 12, 1)
    assert "thông qua" not in result.explanation
    with pytest.raises(FormNotAllowed):
        decided(hands(1), base=base, standing=Standing.SUPPLEMENT)


def test_an_empty_base_decides_nothing() -> None:
    nobody = base_of([], convoked=(), present=())
    assert decided(hands(0), base=nobody).passed is False


# --- refusals -------------------------------------------------------------------


def test_hands_are_bounded_by_those_entitled_in_the_hall() -> None:
    check_hall_count(hands(14), BASE.present)
    with pytest.raises(TooManyHands) as refused:
        check_hall_count(hands(12, 2, 1), BASE.present)
    assert refused.value.facts == {"counted": 15, "entitled": 14}
    with pytest.raises(BadHallCount):
        check_hall_count(hands(5, -1), BASE.present)


def test_no_count_no_result() -> None:
    with pytest.raises(NoHallCount):
        decided(None)


def test_may_open_checks_state_and_form() -> None:
    prepared = vote(state=VoteState.PREPARED)
    may_open(prepared, RULE)
    with pytest.raises(VoteMoved):
        may_open(vote(), RULE)
    with pytest.raises(FormNotAllowed):
        may_open(replace(prepared, form=Form.PAPER), RULE)
    with pytest.raises(OnlineForbidden, match="Điều lệ Đảng ngày 19/01/2011, Điều 9"):
        may_open(replace(prepared, standing=Standing.SUPPLEMENT), replace(RULE, online_allowed=False))


def test_only_an_open_vote_may_close() -> None:
    may_close(vote())
    with pytest.raises(VotingNotOpen):
        may_close(vote(state=VoteState.PREPARED))
    with pytest.raises(VoteMoved):
        may_close(vote(state=VoteState.CLOSED))


def test_tellers_are_members_who_can_be_in_the_hall() -> None:
    probationary, absent = HALL[13], PHONES[0]
    check_tellers(replace(hands(1), tellers=(HALL[0], probationary)), BASE)
    with pytest.raises(NotATeller):
        check_tellers(replace(hands(1), tellers=(absent,)), BASE)
    counted = replace(hands(12, 1, 1), tellers=(HALL[0],))
    assert f"Người đếm: {NAMES[HALL[0]]}." in decided(counted).record


# --- properties ------------------------------------------------------------------


@bounded
@given(ballots, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_repetition_do_not_matter(box: list[Ballot], chance: random.Random) -> None:
    jumbled = box + box[::2]
    chance.shuffle(jumbled)
    assert tally(jumbled) == tally(box)


@bounded
@given(ballots)
def test_each_member_counts_once_with_the_last_version(box: list[Ballot]) -> None:
    last = {one.member: one.choice for one in sorted(box, key=lambda one: one.version)}
    counted = tally(box)
    assert counted.total == len(last)
    assert counted.in_favour == list(last.values()).count(Choice.FOR)


@bounded
@given(ballots, st.sampled_from(sorted(BASE.entitled)))
def test_one_more_yes_never_lowers_the_yes(box: list[Ballot], who: str) -> None:
    more = [*box, ballot(who, Choice.FOR, version=9)]
    assert tally(more).in_favour >= tally(box).in_favour


@bounded
@given(
    everyone_present=st.sets(st.sampled_from([one.id for one in ROSTER])),
    shares=st.tuples(st.integers(0, 28), st.integers(0, 28), st.integers(0, 28)),
    box=ballots,
)
def test_results_add_up_and_never_pass_the_base(
    everyone_present: set[str], shares: tuple[int, int, int], box: list[Ballot]
) -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=everyone_present, taking_part=everyone_present)
    count = hands(*shares)
    if count.total > len(base.present):
        with pytest.raises(TooManyHands):
            decided(count, base=base)
        return
    result = decided(count, Answers(ballots=tuple(box)), base=base)
    cast = result.in_favour + result.against + result.abstain
    assert cast + result.not_cast + result.absent == result.base
    assert result.devices.total <= len(base.present)
    assert result.devices.total + result.phone.total <= len(base.entitled)
    assert result.passed == (2 * result.in_favour > result.base)
    assert result.passed == decided(count, base=base).passed


@bounded
@given(st.integers(0, 13))
def test_more_hands_in_favour_never_undo_a_resolution(in_favour: int) -> None:
    before, after = decided(hands(in_favour)), decided(hands(in_favour + 1))
    assert not before.passed or after.passed
