"""Domain time: real, shifted or standing still, always aware and in UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.kernel.clock import Clock, FixedClock, ShiftedClock, SystemClock, check_aware, real_now

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 24, 19, 0, tzinfo=HANOI)


@pytest.mark.parametrize("clock", [SystemClock(), ShiftedClock(START), FixedClock(START)])
def test_every_clock_tells_aware_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC
    assert clock.at(real_now()).tzinfo is UTC


def test_naive_moments_are_programming_errors() -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        check_aware(naive)
    with pytest.raises(ValueError, match="naive"):
        FixedClock(naive)


def test_the_system_clock_is_the_machine() -> None:
    before = real_now()
    assert before <= SystemClock().now() <= real_now()
    assert SystemClock().at(START) == START


def test_a_shifted_clock_runs_at_its_rate() -> None:
    clock = ShiftedClock(START, rate=60)
    real, began = real_now(), clock.now()
    assert clock.at(real + timedelta(seconds=2)) - clock.at(real) == timedelta(minutes=2)
    time.sleep(0.01)
    assert clock.now() > began


def test_a_shifted_clock_never_jumps_back() -> None:
    clock = ShiftedClock(START)
    clock.jump_to(START + timedelta(days=3))
    clock.jump_to(START)
    assert clock.now() >= START + timedelta(days=3)


def test_a_fixed_clock_stands_until_moved() -> None:
    clock = FixedClock(START)
    assert clock.now() == clock.now() == clock.at(real_now()) == START
    clock.move(timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=5)
    clock.set(START)
    assert clock.now() == START
