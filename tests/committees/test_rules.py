"""Spans of days and what an asker holds."""

from __future__ import annotations

from datetime import date

from meetings.committees.rules import Actor, Mandate, Role, Span


def test_a_span_holds_both_its_ends() -> None:
    span = Span(since=date(2025, 3, 10), until=date(2026, 11, 24))
    days = [date(2025, 3, 9), date(2025, 3, 10), date(2026, 11, 24), date(2026, 11, 25)]
    assert [span.covers(day) for day in days] == [False, True, True, False]
    assert Span(since=date(2025, 3, 10)).covers(date(2999, 1, 1))


def test_an_actor_knows_roles_and_memberships() -> None:
    span = Span(since=date(2025, 3, 10))
    actor = Actor(
        person="p",
        session="s",
        mandates=(
            Mandate(role=Role.SECRETARY, org="cell", span=span),
            Mandate(role=Role.AUDITOR, org="commune", span=span),
        ),
        members=(("cell", "m1"), ("other", "m2")),
    )
    assert actor.roles_in(["cell"]) == {Role.SECRETARY}
    assert actor.roles_in(["cell", "commune"]) == {Role.SECRETARY, Role.AUDITOR}
    assert (actor.member_in("other"), actor.member_in("third")) == ("m2", None)
