"""The internal authority issues, takes back, and opens only under its installation's secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meetings.kernel.clock import real_now
from meetings.minutes.authority import (
    MOST_BYTES,
    SERVER_HELD_KEY,
    Subject,
    UnfitKey,
    fingerprint,
    fitting,
    open_authority,
    serial_of,
)
from meetings.minutes.keys import WrongPassphrase
from tests.minutes.office import SECRET, Office, Signer


@pytest.fixture(scope="module")
def person(office: Office) -> Signer:
    return office.enrol("Lý Quốc Khánh")


def test_another_secret_does_not_open_it(office: Office) -> None:
    assert open_authority(office.stored, SECRET).root == office.authority.root
    with pytest.raises(WrongPassphrase):
        open_authority(office.stored, b"another")


def test_the_root_may_only_certify(office: Office) -> None:
    root = office.authority.root
    usage = root.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    assert isinstance(office.authority.key.key_size, int)
    assert office.authority.key.key_size == 3072


def test_a_person_may_only_sign(office: Office, person: Signer) -> None:
    certificate = x509.load_pem_x509_certificate(person.certificate)
    certificate.verify_directly_issued_by(office.authority.root)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [policy.policy_identifier for policy in policies] == [SERVER_HELD_KEY]
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "Lý Quốc Khánh"


def test_no_certificate_outlives_the_root(office: Office, person: Signer) -> None:
    late = office.authority.root.not_valid_after_utc - timedelta(days=3)
    subject = Subject(name="x", organisation="y", person="z")
    certificate = x509.load_pem_x509_certificate(office.authority.issue(subject, person.key.public, late))
    assert certificate.not_valid_after_utc == office.authority.root.not_valid_after_utc


def test_a_certificate_taken_back_is_on_the_list(office: Office, person: Signer) -> None:
    other = office.enrol("Vàng A Của", person.key)
    listed = x509.load_der_x509_crl(office.crl([person]))
    assert listed.is_signature_valid(office.authority.key.public_key())
    assert listed.get_revoked_certificate_by_serial_number(serial_of(person.certificate)) is not None
    assert listed.get_revoked_certificate_by_serial_number(serial_of(other.certificate)) is None
    assert fingerprint(person.certificate) != fingerprint(other.certificate)


def test_other_keys_are_refused(office: Office) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = curve.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UnfitKey):
        office.authority.issue(Subject(name="x", organisation="y", person="z"), der, real_now())


@pytest.mark.parametrize("text", ["Nụ", "Ữ" * 40, "Chi bộ " + "thôn rất xa " * 9])
def test_long_names_are_cut_between_characters(text: str) -> None:
    assert len(fitting(text).encode()) <= MOST_BYTES
    assert text.startswith(fitting(text))
