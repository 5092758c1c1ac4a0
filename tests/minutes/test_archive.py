"""Stamps of the archive: over whole files, one over the other, and over nothing that does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.kernel.clock import real_now
from meetings.minutes.archive import document_stamps, lasting
from meetings.minutes.lasting import AuthorityAway, NotLasting
from meetings.minutes.signing import SigningRole, sign
from meetings.minutes.trust import TimestampTrust
from meetings.minutes.verification import Verdict
from meetings.minutes.verify import verify
from tests.minutes import attacks
from tests.minutes.office import Signed, order
from tests.minutes.stamping import StampAuthority, stamp_authority


@pytest.fixture(scope="module")
def authority() -> Iterator[StampAuthority]:
    with stamp_authority() as made:
        yield made


@pytest.fixture(scope="module")
def stamped(signed: Signed, authority: StampAuthority) -> bytes:
    return lasting(signed.pdf, signed.office.trust(), authority.trust, authority.url)


def window(authority: StampAuthority, hours: int = 2) -> TimestampTrust:
    now = real_now()
    return TimestampTrust(
        trust=authority.trust, since=now - timedelta(hours=2), until=now + timedelta(hours=hours)
    )


def failures(pdf: bytes, signed: Signed, times: TimestampTrust) -> set[int]:
    report = verify(pdf, replace(signed.evidence(), timestamps=times))
    return {rule.number for rule in report.rules if rule.verdict is Verdict.FAILED}


def test_signatures_without_stamps_are_stamped_later(
    signed: Signed, stamped: bytes, authority: StampAuthority
) -> None:
    """The stamp over the whole file is the proof of when; pages and locks stay as they were."""
    assert failures(signed.pdf, signed, window(authority)) == {5}
    assert failures(stamped, signed, window(authority)) == set()
    assert failures(stamped, signed, window(authority, hours=-1)) == {5}
    assert stamped.startswith(signed.pdf)
    assert len(document_stamps(stamped, authority.trust)) == 1


def test_renewed_stamps_stand_one_over_the_other(
    signed: Signed, stamped: bytes, authority: StampAuthority
) -> None:
    twice = lasting(stamped, signed.office.trust(), authority.trust, authority.url)
    assert twice.startswith(stamped)
    assert len(document_stamps(twice, authority.trust)) == 2
    assert failures(twice, signed, window(authority)) == set()


def test_a_stamp_of_nobody_known_says_nothing(signed: Signed, stamped: bytes) -> None:
    with stamp_authority() as other:
        assert document_stamps(stamped, other.trust) == []
        assert failures(stamped, signed, window(other)) == {5}


def test_an_authority_that_is_away(signed: Signed, authority: StampAuthority) -> None:
    """Sign now, stamp later."""
    authority.away = True
    try:
        with pytest.raises(AuthorityAway):
            lasting(signed.pdf, signed.office.trust(), authority.trust, authority.url)
        asked = replace(
            order(signed.half, SigningRole.CHAIR, signed.chair, signed.office), timestamp_url=authority.url
        )
        pdf = sign(asked)
    finally:
        authority.away = False
    assert failures(pdf, signed, window(authority)) == {5}
    later = lasting(pdf, signed.office.trust(), authority.trust, authority.url)
    assert failures(later, signed, window(authority)) == set()


def test_nothing_broken_is_stamped_over(signed: Signed, authority: StampAuthority) -> None:
    stranger = authority.trust  # people of another authority
    for pdf, people in ((b"%PDF-1.7", signed.office.trust()), (signed.pdf, stranger)):
        with pytest.raises(NotLasting):
            lasting(pdf, people, authority.trust, authority.url)


@pytest.mark.parametrize("attack", [attacks.overlaid, attacks.annotated])
def test_what_is_added_after_the_stamp_is_seen(
    signed: Signed, stamped: bytes, authority: StampAuthority, attack: object
) -> None:
    assert callable(attack)
    assert failures(attack(stamped), signed, window(authority)) >= {2, 9}
