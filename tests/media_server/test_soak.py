from __future__ import annotations

import pytest

from bench.media.soak import bound, is_flat, soak

MINUTES = 2.0


@pytest.mark.parametrize("minutes", [MINUTES, 60.0])
def test_growth_is_told_from_noise(minutes: float) -> None:
    base = 100 << 20
    assert is_flat([base + (number % 3 << 18) for number in range(30)], minutes)
    step = bound(minutes) / 9  # from the middle of one third to that of the next are ten
    assert not is_flat([base + round(number * step) for number in range(30)], minutes)


def test_an_hour_may_grow_by_four_mebibytes_and_a_shorter_time_by_less() -> None:
    assert bound(60) == 4 << 20
    assert bound(MINUTES) < 1.2 * (1 << 20)


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_two_minutes_of_coming_and_going_leave_memory_flat() -> None:
    samples = await soak(MINUTES)
    assert is_flat(samples, MINUTES), samples
