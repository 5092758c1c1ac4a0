"""Keys, certificates and signed files are slow to make: one set for the whole run."""

from __future__ import annotations

import pytest

from meetings.minutes.facts import to_bytes
from meetings.minutes.signing import ready_to_sign
from tests.minutes.office import Office, Signed, new_office, signed_by_both
from tests.minutes.sittings import hybrid, supplement


@pytest.fixture(scope="session")
def office() -> Office:
    return new_office()


@pytest.fixture(scope="session")
def signed(office: Office) -> Signed:
    """The hybrid regular sitting of November, signed by both."""
    minutes = hybrid()
    return signed_by_both(minutes, ready_to_sign(to_bytes(minutes)), office)


@pytest.fixture(scope="session")
def signed_supplement(signed: Signed) -> Signed:
    """An online supplement, signed by the same people."""
    minutes = supplement()
    return signed_by_both(minutes, ready_to_sign(to_bytes(minutes)), signed.office, signed)
