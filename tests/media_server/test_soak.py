from __future__ import annotations

import pytest

from bench.media.soak import GROWTH, is_flat, soak


def test_growth_is_told_from_noise() -> None:
    base = 100 << 20
    assert is_flat([base + (number % 3 << 20) for number in range(30)])
    assert not is_flat([base + number * GROWTH for number in range(30)])


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_two_minutes_of_coming_and_going_leave_memory_flat() -> None:
    samples = await soak(2.0)
    assert is_flat(samples), samples
