"""The program beside a token refuses whatever is not about the very file that it was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives.serialization import Encoding

from meetings.cli.prepared import Mismatch, Told, checked_digest
from meetings.kernel.clock import real_now
from meetings.minutes.deferred import DeferredPen
from meetings.minutes.deferred_work import prepare
from meetings.minutes.facts import to_bytes
from meetings.minutes.signing import SigningRole, ready_to_sign
from tests.minutes.device import Device, new_device
from tests.minutes.outside import Outside, new_outside
from tests.minutes.sittings import hybrid


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


@pytest.fixture(scope="module")
def device() -> Device:
    return new_device()


@pytest.fixture(scope="module")
def certificate(outside: Outside, device: Device) -> bytes:
    return outside.certificate("NGUYỄN VĂN MẪU", device.key.public_key()).public_bytes(Encoding.DER)


@pytest.fixture(scope="module")
def told(outside: Outside, certificate: bytes) -> Told:
    """As an honest server makes it."""
    pen = DeferredPen(
        role=SigningRole.RECORDER.value,
        name="Nguyễn Văn Mẫu",
        position="Thư ký",
        kind="Chữ ký số chuyên dùng công vụ",
        certificate=_pem(x509.Certificate.load(certificate)),
        chain=(),
        signed_at=real_now(),
    )
    made = prepare(ready_to_sign(to_bytes(hybrid())), pen)
    return Told(pdf=made.pdf, attributes=made.attributes, start=made.start, end=made.end)


def _pem(certificate: x509.Certificate) -> bytes:
    return bytes(pem.armor("CERTIFICATE", certificate.dump()))


def test_an_honest_file_gives_its_own_digest(told: Told, certificate: bytes) -> None:
    assert len(checked_digest(told, certificate)) == 64


def _attributes(told: Told, change: Callable[[list[cms.CMSAttribute]], list[cms.CMSAttribute]]) -> Told:
    read = list(cms.CMSAttributes.load(told.attributes))
    return replace(told, attributes=cms.CMSAttributes(change(read)).dump())


def _more(found: list[cms.CMSAttribute]) -> list[cms.CMSAttribute]:
    return [*found, cms.CMSAttribute({"type": "signing_time", "values": [_now()]})]


def _now() -> cms.Time:
    return cms.Time({"utc_time": real_now()})


def _other_content(told: Told) -> bytes:
    at = told.pdf.index(b"/Type")
    return told.pdf[:at] + b"/Tyqe" + told.pdf[at + 5 :]


CHANGES: dict[str, Callable[[Told], Told]] = {
    "another file": lambda told: replace(told, pdf=_other_content(told)),
    "a wider hole": lambda told: replace(told, start=told.start - 10),
    "a moved hole": lambda told: replace(told, start=told.start + 1, end=told.end + 1),
    "a hole with something in it": lambda told: replace(
        told, pdf=told.pdf[: told.start + 1] + b"1" + told.pdf[told.start + 2 :]
    ),
    "bytes behind": lambda told: replace(told, pdf=told.pdf + b"\n%more"),
    "no attributes": lambda told: replace(told, attributes=b"\x31\x00"),
    "a bare digest": lambda told: replace(told, attributes=bytes(32)),
    "an attribute too many": lambda told: _attributes(told, _more),
    "an attribute missing": lambda told: _attributes(told, lambda found: found[1:]),
    "an attribute twice": lambda told: _attributes(told, lambda found: [*found, found[0]]),
    "bytes behind the attributes": lambda told: replace(told, attributes=told.attributes + b"\x00"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_refused(told: Told, certificate: bytes, change: str) -> None:
    with pytest.raises(Mismatch, match="DỪNG LẠI"):
        checked_digest(CHANGES[change](told), certificate)


def test_attributes_about_anothers_certificate_are_refused(told: Told, outside: Outside) -> None:
    other = outside.certificate("NGUYỄN VĂN MẪU", new_device().key.public_key())
    with pytest.raises(Mismatch, match="chứng thư"):
        checked_digest(told, other.public_bytes(Encoding.DER))
