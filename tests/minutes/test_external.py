"""Certificates of authorities outside: which may sign, which may not, and why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meetings.kernel.clock import real_now
from meetings.kernel.errors import Refused
from meetings.minutes.authority import UnfitKey
from meetings.minutes.external import fit_to_sign, issuer_in
from meetings.minutes.foreign import NoRevocations, NotInForce, TakenBack, Untrusted
from meetings.minutes.listed import Listed
from meetings.minutes.trust_list import read_list
from tests.minutes.device import Device
from tests.minutes.outside import DAY, NAME, Outside, curve_public, new_outside

WHO = "NGUYỄN VĂN MẪU"


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def judged(certificate: x509.Certificate, listed: tuple[Listed, ...], *above: bytes) -> Listed:
    return fit_to_sign(pem(certificate), above, listed, real_now())


def test_a_certificate_of_a_listed_authority_may_sign(
    outside: Outside, device: Device, tmp_path: Path
) -> None:
    mine = outside.certificate(WHO, device.key.public_key())
    found = judged(mine, outside.listed(tmp_path))
    assert (found.name, found.kind.said(found.name)) == (
        NAME,
        f"Chữ ký số công cộng, do {NAME} cấp chứng thư",
    )
    assert found.line().startswith(f"{NAME}: Chữ ký số công cộng, do {NAME} cấp chứng thư. Tin từ ")


def test_the_way_to_a_listed_root_leads_over_what_lies_beside(
    outside: Outside, device: Device, tmp_path: Path
) -> None:
    """The list may name the root alone: then whoever it certified may issue, and must be shown."""
    mine = outside.certificate(WHO, device.key.public_key())
    file = outside.write(tmp_path)
    (tmp_path / "goc.pem").write_bytes(pem(outside.root))
    [listed] = read_list(file)
    assert issuer_in(mine, [], [listed]) is None
    assert issuer_in(mine, [outside.below], [listed]) == listed
    with pytest.raises(Untrusted):
        judged(mine, (listed,))
    assert judged(mine, (listed,), pem(outside.below)) == listed


def test_below_a_listed_root_only_the_listed_authority_issues(
    outside: Outside, device: Device, tmp_path: Path
) -> None:
    """A country's root certifies many authorities; naming one of them is not naming the others."""
    other = outside.sibling()
    mine = other.certificate(WHO, device.key.public_key())
    with pytest.raises(Untrusted):
        judged(mine, outside.listed(tmp_path), pem(other.below))


@pytest.mark.parametrize(("life", "why"), [((400 * DAY, -DAY), NotInForce), ((-DAY, 400 * DAY), NotInForce)])
def test_outside_its_own_time(
    outside: Outside,
    device: Device,
    tmp_path: Path,
    life: tuple[timedelta, timedelta],
    why: type[Refused],
) -> None:
    with pytest.raises(why):
        judged(outside.certificate(WHO, device.key.public_key(), life), outside.listed(tmp_path))


def test_taken_back_unknown_and_unfit_ones(outside: Outside, device: Device, tmp_path: Path) -> None:
    mine = outside.certificate(WHO, device.key.public_key())
    with pytest.raises(TakenBack):
        judged(mine, outside.listed(tmp_path, mine))
    with pytest.raises(Untrusted):
        judged(new_outside().certificate(WHO, device.key.public_key()), outside.listed(tmp_path))
    with pytest.raises(Untrusted):
        judged(mine, ())
    with pytest.raises(Untrusted):
        judged(outside.certificate(WHO, device.key.public_key(), signs=False), outside.listed(tmp_path))
    with pytest.raises(UnfitKey):
        judged(outside.certificate(WHO, curve_public()), outside.listed(tmp_path))


def test_without_a_list_of_revocations_that_is_good_today_nothing_is_signed(
    outside: Outside, device: Device, tmp_path: Path
) -> None:
    mine = outside.certificate(WHO, device.key.public_key())
    for file in (outside.write(tmp_path, lists=False), outside.write(tmp_path, days=-1)):
        [listed] = read_list(file)
        assert not listed.fresh_on(real_now())
        with pytest.raises(NoRevocations, match=NAME):
            judged(mine, (listed,))


def test_an_authority_is_believed_between_its_days_only(
    outside: Outside, device: Device, tmp_path: Path
) -> None:
    mine = outside.certificate(WHO, device.key.public_key())
    for since, until in ((DAY * 2, None), (-30 * DAY, -2 * DAY)):
        with pytest.raises(Untrusted):
            judged(mine, read_list(outside.write(tmp_path, since=since, until=until)))
