from __future__ import annotations

from media_server.certificates import DAY_S, DailyCertificate
from media_server.transport import sha256_fingerprint


def test_a_new_day_has_a_new_certificate() -> None:
    clock = [5.0]
    daily = DailyCertificate(now=lambda: clock[0])
    first = daily.current()
    clock[0] += DAY_S - 1
    assert daily.current() is first
    clock[0] += 1
    second = daily.current()
    assert sha256_fingerprint(second) != sha256_fingerprint(first)
    assert daily.current() is second
