from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.floods import Bucket, Callers, Meter, household


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=200))
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(pauses: list[float]) -> None:
    bucket, now, given_out = Bucket(rate=5, burst=3), 100.0, 0
    for pause in pauses:
        now += pause
        given_out += bucket.take(now)
    assert given_out <= 3 + 5 * (now - 100.0) + 1e-6


def test_a_bucket_fills_again() -> None:
    bucket = Bucket(rate=1, burst=2)
    assert [bucket.take(10.0) for _ in range(3)] == [True, True, False]
    assert not bucket.take(10.5)
    assert bucket.take(11.6)


def test_what_costs_more_takes_more() -> None:
    bucket = Bucket(rate=10, burst=100)
    assert [bucket.take(5.0, 60), bucket.take(5.0, 60), bucket.take(5.0, 40)] == [True, False, True]
    assert not bucket.take(6.0, 11) and bucket.take(6.0, 10)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::1"),
        ("", ""),
    ],
)
def test_an_address_counts_with_those_its_owner_can_choose(host: str, name: str) -> None:
    assert household(host) == name


def test_a_meter_counts_packets_and_bytes_of_one_second() -> None:
    meter = Meter(3, 100)
    assert [meter.admits(40, 5.0 + at / 10) for at in range(3)] == [True, True, False]
    assert meter.admits(40, 6.1)
    assert [meter.admits(1, 6.2) for _ in range(3)] == [True, True, False]


def test_every_address_has_its_own_bucket_and_they_are_bounded() -> None:
    callers = Callers(rate=1, burst=1, most=10)
    assert callers.take("192.0.2.1", 1.0)
    assert not callers.take("192.0.2.1", 1.0)
    assert callers.take("192.0.2.2", 1.0)
    for number in range(100):
        callers.take(f"198.51.100.{number}", 2.0)
    assert len(callers) == 10
