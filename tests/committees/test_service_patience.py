"""Memory of tries stays bounded and forgets only what says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.committees.service.patience import Patience
from meetings.committees.sign_in import TriedTooOften

START = datetime(2026, 11, 24, tzinfo=UTC)


def test_full_buckets_are_forgotten_first() -> None:
    patience = Patience(most=10)
    for number in range(4):
        patience.try_from(f"early {number}", f"link {number}", START - timedelta(minutes=10))
    for _ in range(20):
        patience.try_from("patient", "guessed", START)
    patience.try_from("late", "another link", START)
    assert len(patience) == 4
    with pytest.raises(TriedTooOften):
        patience.try_from("late", "guessed", START)


def test_a_flood_of_keys_costs_bounded_memory() -> None:
    patience = Patience(most=100)
    for number in range(1_000):
        patience.try_from(f"address {number}", f"link {number}", START)
    assert len(patience) <= 101
