"""Who may do what to whom today, as a table of (mandate, distance, past) and answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meetings.committees.powers import POWERS, Act, NoPower, Part, Place, can, may
from meetings.committees.rules import Actor, Mandate, OrgKind, Role, Span
from meetings.kernel.ids import Id

TODAY = date(2026, 11, 24)
CELL = Place(org="cell", above=("commune", "province"))
COMMUNE = Place(org="commune", kind=OrgKind.COMMUNE, above=("province",))
NOW = Span(since=date(2025, 3, 10))
PAST = Span(since=date(2020, 3, 10), until=TODAY - timedelta(days=1))
FUTURE = Span(since=TODAY + timedelta(days=1))

RUNS = {Act.CONVENE, Act.OPEN, Act.CLOSE, Act.ROLL, Act.AGENDA, Act.VOTE, Act.MINUTES, Act.ENTER_LATE}
LEADS = RUNS | {Act.VIEW_CELL, Act.AUDIT, Act.INVITE, Act.IMPORT}
SUPERIOR = {Act.AUDIT, Act.DECIDE_MONTH}
ADMIN = {Act.ADMINISTER, Act.INVITE, Act.IMPORT}


def holder(role: Role, org: Id, span: Span = NOW) -> Actor:
    return Actor(person="person", session="session", mandates=(Mandate(role=role, org=org, span=span),))


def powers(actor: Actor, place: Place, today: date = TODAY) -> set[Act]:
    return {act for act in Act if can(actor, act, place, today)}


@pytest.mark.parametrize(
    ("role", "org", "expected"),
    [
        (Role.SECRETARY, "cell", LEADS),
        (Role.DEPUTY, "cell", LEADS),
        (Role.COMMITTEE_MEMBER, "cell", {Act.VIEW_CELL, Act.AUDIT}),
        (Role.OVERSEER, "cell", {Act.VIEW_CELL, Act.AUDIT}),
        (Role.AUDITOR, "cell", {Act.VIEW_CELL, Act.AUDIT}),
        (Role.ADMINISTRATOR, "cell", ADMIN),
        (Role.SECRETARY, "commune", SUPERIOR),
        (Role.DEPUTY, "province", SUPERIOR),
        (Role.COMMITTEE_MEMBER, "commune", SUPERIOR),
        (Role.AUDITOR, "commune", {Act.VIEW_CELL, Act.AUDIT}),
        (Role.AUDITOR, "province", {Act.VIEW_CELL, Act.AUDIT}),
        (Role.OVERSEER, "commune", set()),  # assigned to one cell, not to a subtree
        (Role.ADMINISTRATOR, "province", ADMIN),
        *((role, "other-cell", set()) for role in Role),
        *((role, "other-commune", set()) for role in Role),
    ],
)
def test_powers_over_a_cell_by_mandate_and_distance(role: Role, org: Id, expected: set[Act]) -> None:
    assert powers(holder(role, org), CELL) == expected


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("span", [PAST, FUTURE])
@pytest.mark.parametrize("org", ["cell", "commune"])
def test_a_past_or_coming_mandate_gives_nothing(role: Role, span: Span, org: Id) -> None:
    assert powers(holder(role, org, span), CELL) == set()


def test_a_mandate_still_counts_on_its_last_day() -> None:
    assert PAST.until is not None
    assert Act.CONVENE in powers(holder(Role.SECRETARY, "cell", PAST), CELL, PAST.until)


@pytest.mark.parametrize("role", Role)
def test_no_mandate_above_ever_writes_into_a_cell(role: Role) -> None:
    for org in ("commune", "province"):
        assert powers(holder(role, org), CELL).isdisjoint(RUNS)


@pytest.mark.parametrize(
    ("role", "org", "expected"),
    [
        (Role.SECRETARY, "commune", {Act.AUDIT, Act.SET_POLICY, Act.INVITE}),
        (Role.COMMITTEE_MEMBER, "commune", {Act.AUDIT}),
        (Role.AUDITOR, "province", {Act.AUDIT}),
        (Role.SECRETARY, "province", {Act.AUDIT}),
        (Role.ADMINISTRATOR, "province", {Act.ADMINISTER, Act.INVITE}),
        (Role.SECRETARY, "cell", set()),
    ],
)
def test_powers_over_a_committee(role: Role, org: Id, expected: set[Act]) -> None:
    assert powers(holder(role, org), COMMUNE) == expected


def test_a_cell_sets_no_policy_and_decides_no_month_of_its_own() -> None:
    assert powers(holder(Role.SECRETARY, "cell"), CELL).isdisjoint({Act.SET_POLICY, Act.DECIDE_MONTH})


def test_a_member_sees_the_own_cell_only() -> None:
    member = Actor(person="p", session="s", members=(("cell", "membership"),))
    assert powers(member, CELL) == {Act.VIEW_CELL}
    assert powers(member, Place(org="other-cell")) == set()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part.CHAIR, {Act.OPEN, Act.CLOSE, Act.ROLL, Act.AGENDA, Act.VOTE, Act.MINUTES, Act.VIEW_CELL}),
        (Part.RECORDER, {Act.ROLL, Act.AGENDA, Act.MINUTES, Act.VIEW_CELL}),
    ],
)
def test_chair_and_recorder_hold_their_parts_in_that_sitting(part: Part, expected: set[Act]) -> None:
    member = Actor(person="p", session="s", members=(("cell", "membership"),))
    assert powers(member, Place(org="cell", parts=((part, "membership"),))) == expected
    assert powers(member, Place(org="cell", parts=((part, "somebody"),))) == {Act.VIEW_CELL}


def test_a_part_is_of_no_use_in_another_cell() -> None:
    member = Actor(person="p", session="s", members=(("cell", "membership"),))
    assert powers(member, Place(org="other-cell", parts=((Part.CHAIR, "membership"),))) == set()


def test_the_refusal_names_the_act_and_no_person() -> None:
    with pytest.raises(NoPower) as caught:
        may(holder(Role.AUDITOR, "commune"), Act.ROLL, CELL, TODAY)
    assert caught.value.facts == {"act": "roll"}
    may(holder(Role.AUDITOR, "commune"), Act.AUDIT, CELL, TODAY)


def test_every_act_has_its_powers() -> None:
    assert set(POWERS) == set(Act)
