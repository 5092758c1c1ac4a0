"""A certificate is given to whoever holds the key and asks in their own name, and to nobody else."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meetings.kernel.clock import real_now
from meetings.kernel.ids import derived_id
from meetings.minutes.authority import BROWSER_HELD_KEY, Subject, UnfitKey, public_hash
from meetings.minutes.certificate_request import MOST_BYTES, BadCertificateRequest, requested_key
from meetings.minutes.signature_class import KeyHome
from tests.minutes.device import Device
from tests.minutes.office import Office

ME, OTHER = derived_id("me"), derived_id("other")


def test_ones_own_request_gives_its_key(device: Device) -> None:
    assert requested_key(device.request(ME), ME) == device.public


def test_the_certificate_names_the_person_and_where_the_key_lives(device: Device, office: Office) -> None:
    subject = Subject(name="Hoàng Thị Nụ", organisation="Chi bộ Mẫu", person=ME)
    made = office.authority.issue(subject, device.public, real_now(), KeyHome.BROWSER)
    certificate = x509.load_pem_x509_certificate(made)
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier for one in policies] == [BROWSER_HELD_KEY]
    (serial,) = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    assert (serial.value, len(public_hash(made))) == (ME, 64)


def test_a_request_made_for_somebody_else_is_refused(device: Device) -> None:
    """Else one could have another's key certified in one's own name."""
    with pytest.raises(BadCertificateRequest):
        requested_key(device.request(OTHER), ME)


@pytest.mark.parametrize("at", [60, 200, -1])
def test_an_altered_request_is_refused(device: Device, at: int) -> None:
    spoiled = bytearray(device.request(ME))
    spoiled[at] ^= 1
    with pytest.raises(BadCertificateRequest):
        requested_key(bytes(spoiled), ME)


@pytest.mark.parametrize("data", [b"", b"hello", bytes(MOST_BYTES * 4)])
def test_other_data_is_refused(data: bytes) -> None:
    with pytest.raises(BadCertificateRequest):
        requested_key(data, ME)


def test_more_names_than_ones_own_are_refused(device: Device) -> None:
    names = [(NameOID.SERIAL_NUMBER, ME), (NameOID.COMMON_NAME, "Bí thư")]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    made = x509.CertificateSigningRequestBuilder(subject).sign(device.key, hashes.SHA256())
    with pytest.raises(BadCertificateRequest):
        requested_key(made.public_bytes(serialization.Encoding.DER), ME)


def test_other_kinds_of_keys_get_no_certificate(office: Office) -> None:
    """ECDSA would raise the file's version and break its archive form (signing.md 2.2)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, ME)])
    made = x509.CertificateSigningRequestBuilder(subject).sign(key, hashes.SHA256())
    public = requested_key(made.public_bytes(serialization.Encoding.DER), ME)
    with pytest.raises(UnfitKey):
        office.authority.issue(Subject(name="x", organisation="y", person=ME), public, real_now())
