"""Names, lists and who is elected."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.rules import Category
from meetings.voting.elections import (
    BadSeats,
    BadSupport,
    Here,
    ListTooLong,
    ListTooShort,
    MayNotStand,
    NamedAlready,
    NameStep,
    NotNamed,
    Step,
    TooManyPresent,
    against_roll,
    check_list,
    check_seats,
    check_step,
    elect,
    may_stand,
    names_of,
)
from meetings.voting.list_rules import list_rule_on
from meetings.voting.paper import PaperLine
from meetings.voting.refusals import TooManyHands
from meetings.voting.rules import DecisionKind
from tests.cell_s import member

COMMITTEE, SECRETARY = DecisionKind.COMMITTEE_ELECTION, DecisionKind.SECRETARY_ELECTION

RULE = list_rule_on(date(2026, 11, 24))


def lines(*yes: int) -> list[PaperLine]:
    return [PaperLine(member=f"m{number}", in_favour=n, against=0) for number, n in enumerate(yes)]


def elected(*yes: int, seats: int, needed: int = 9) -> tuple[list[str], list[str]]:
    """Who is elected, who is tied."""
    found = elect(lines(*yes), {}, seats=seats, needed=needed)
    return [one.member for one in found if one.elected], [one.member for one in found if one.tied]


def test_the_most_votes_above_half_are_elected() -> None:
    assert elected(15, 8, 12, 10, seats=3) == (["m0", "m2", "m3"], [])
    assert elected(15, 8, 12, 10, seats=2) == (["m0", "m2"], [])


def test_below_half_nobody_is_elected_though_seats_are_free() -> None:
    assert elected(8, 8, 3, seats=3) == ([], [])


def test_a_tie_at_the_last_seat_elects_nobody_of_the_tied() -> None:
    assert elected(15, 11, 11, seats=2) == (["m0"], ["m1", "m2"])
    assert elected(11, 11, seats=1) == ([], ["m0", "m1"])


def test_a_tie_inside_the_seats_or_below_half_is_none() -> None:
    assert elected(11, 11, 10, seats=2) == (["m0", "m1"], [])
    assert elected(15, 8, 8, seats=2) == (["m0"], [])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.integers(1, 6), st.integers(1, 20))
def test_never_more_elected_than_seats_and_nobody_over_the_head_of_another(
    yes: list[int], seats: int, needed: int
) -> None:
    found = elect(lines(*yes), {}, seats=seats, needed=needed)
    winners = [one.in_favour for one in found if one.elected]
    assert len(winners) <= seats
    assert all(n >= needed for n in winners)
    others = [one.in_favour for one in found if not one.elected]
    assert not winners or not others or min(winners) > max(others)
    assert not any(one.elected and one.tied for one in found)
    reached = sum(n >= needed for n in yes)
    assert len(winners) == min(seats, reached) or any(one.tied for one in found)


def test_a_name_the_convenor_did_not_bring_needs_more_than_thirty_per_cent() -> None:
    steps = [
        NameStep(member="a", step=Step.BY_CONVENOR),
        NameStep(member="b", step=Step.BY_MEMBER),
        NameStep(member="c", step=Step.BY_SELF),
        NameStep(member="d", step=Step.BY_MEMBER),
        NameStep(member="b", step=Step.SUPPORT, in_favour=6, present=20),  # 30 %, not more
        NameStep(member="c", step=Step.SUPPORT, in_favour=7, present=20),
    ]
    assert [(one.member, one.listed) for one in names_of(steps, RULE)] == [
        ("a", True),
        ("b", False),
        ("c", True),
        ("d", False),
    ]
    gone = names_of([*steps, NameStep(member="a", step=Step.WITHDRAWN)], RULE)
    assert not gone[0].listed
    assert gone[0].by is Step.BY_CONVENOR


def test_steps_that_make_no_sense_are_refused() -> None:
    steps = [NameStep(member="a", step=Step.BY_CONVENOR), NameStep(member="a", step=Step.WITHDRAWN)]
    names = names_of(steps, RULE)
    with pytest.raises(NamedAlready):
        check_step(names, NameStep(member="a", step=Step.BY_MEMBER, nominator="b"))
    with pytest.raises(NotNamed):
        check_step(names, NameStep(member="a", step=Step.SUPPORT, in_favour=1, present=2))
    with pytest.raises(NotNamed):
        check_step(names, NameStep(member="b", step=Step.WITHDRAWN))
    with pytest.raises(BadSupport):
        check_step((), NameStep(member="b", step=Step.BY_SELF, in_favour=3, present=2))


def test_a_count_stands_beside_the_roll_and_only_what_cannot_be_is_refused() -> None:
    here = Here(least=13, most=14, cell=24)  # thirteen and an exempt elder in the hall
    for present, on_roll in ((13, 13), (14, 14), (12, 13), (20, 14)):
        count = NameStep(member="a", step=Step.SUPPORT, in_favour=9, present=present)
        brought = NameStep(member="a", step=Step.BY_SELF)
        assert against_roll(brought, here) == brought
        [named] = names_of([brought, against_roll(count, here)], RULE)
        assert (named.support, named.on_roll) == ((9, present), on_roll), "nothing is corrected"
        assert named.differs is (present != on_roll)
    with pytest.raises(TooManyHands, match="Đếm được 15 nhưng chỉ có 14"):
        against_roll(NameStep(member="a", step=Step.SUPPORT, in_favour=15, present=20), here)
    with pytest.raises(TooManyPresent, match=r"Ghi 25 .* chỉ có 24"):
        against_roll(NameStep(member="a", step=Step.SUPPORT, in_favour=9, present=25), here)


@pytest.mark.parametrize(
    ("kind", "names", "seats"), [(COMMITTEE, 4, 3), (COMMITTEE, 9, 7), (SECRETARY, 1, 1), (SECRETARY, 2, 1)]
)
def test_a_list_within_its_limits(kind: DecisionKind, names: int, seats: int) -> None:
    check_list(kind, names, seats, RULE)


def test_a_list_too_short_or_with_too_much_surplus_is_refused() -> None:
    with pytest.raises(ListTooShort):
        check_list(COMMITTEE, 3, 3, RULE)  # must exceed the seats
    with pytest.raises(ListTooShort):
        check_list(SECRETARY, 0, 1, RULE)
    with pytest.raises(ListTooLong, match=r"30 %.*190-QĐ/TW ngày 10/10/2024, Điều 14"):
        check_list(COMMITTEE, 10, 7, RULE)  # three more than seven is above 30 %


def test_seats_and_who_may_stand() -> None:
    check_seats(COMMITTEE, 3)
    for kind, seats in ((SECRETARY, 2), (COMMITTEE, 0), (DecisionKind.RESOLUTION, 1)):
        with pytest.raises(BadSeats):
            check_seats(kind, seats)
    may_stand(member(Category.OFFICIAL))
    for category in (Category.PROBATIONARY, Category.TEMPORARY_ARRIVED, Category.SUSPENDED):
        with pytest.raises(MayNotStand):
            may_stand(member(category))
