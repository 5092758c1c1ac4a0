"""Two signatures in two steps each: other tools agree with them, and nothing else fits into the prepared hole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from meetings.kernel.clock import real_now
from meetings.kernel.ids import derived_id
from meetings.minutes.authority import Subject, fingerprint
from meetings.minutes.deferred import (
    DeferredPen,
    Filling,
    Prepared,
    SpoiledPending,
    WrongSignature,
)
from meetings.minutes.deferred_work import complete, prepare
from meetings.minutes.nine_rules import Evidence
from meetings.minutes.signature_class import KeyHome, SignatureClass
from meetings.minutes.signing import OutOfTurn, SigningRole
from meetings.minutes.verify import verify
from tests.minutes.attacks import flipped
from tests.minutes.device import Device
from tests.minutes.office import POSITIONS, Office, Signed
from tests.minutes.test_signing import run, trusting

FIELDS = (SigningRole.RECORDER, SigningRole.CHAIR)


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Both officers with certificates for keys on one device: what matters here is that no key is on the server."""

    office: Office
    device: Device
    ready: bytes
    names: dict[SigningRole, str]
    certificates: dict[SigningRole, bytes]

    def pen(self, role: SigningRole) -> DeferredPen:
        return DeferredPen(
            role=role.value,
            name=self.names[role],
            position=POSITIONS[role],
            kind=SignatureClass.BROWSER_HELD.said(),
            certificate=self.certificates[role],
            chain=(self.office.stored.certificate,),
            signed_at=real_now(),
        )

    def filling(self, role: SigningRole, signature: bytes) -> Filling:
        return Filling(
            role=role.value,
            certificate=self.certificates[role],
            chain=(self.office.stored.certificate,),
            signature=signature,
            timestamp_url=None,
        )

    def prepared(self) -> Prepared:
        return prepare(self.ready, self.pen(SigningRole.RECORDER))

    def by_recorder(self, prepared: Prepared, signature: bytes) -> bytes:
        return complete(prepared, self.filling(SigningRole.RECORDER, signature))

    def signed(self) -> bytes:
        pdf = self.ready
        for role in FIELDS:
            made = prepare(pdf, self.pen(role))
            pdf = complete(made, self.filling(role, self.device.checked(made)))
        return pdf


@pytest.fixture(scope="module")
def elsewhere(signed: Signed, device: Device) -> Elsewhere:
    facts, office = signed.minutes.facts, signed.office
    names = {SigningRole.RECORDER: facts.recorder.name, SigningRole.CHAIR: facts.chair.name}
    since = real_now() - timedelta(days=1)
    certificates = {
        role: office.authority.issue(
            Subject(name=name, organisation="Chi bộ Mẫu", person=derived_id(name)),
            device.public,
            since,
            KeyHome.BROWSER,
        )
        for role, name in names.items()
    }
    return Elsewhere(office=office, device=device, ready=signed.ready, names=names, certificates=certificates)


@pytest.fixture(scope="module")
def both(elsewhere: Elsewhere) -> bytes:
    return elsewhere.signed()


@pytest.fixture(scope="module")
def prepared(elsewhere: Elsewhere) -> Prepared:
    return elsewhere.prepared()


def test_the_verifier_accepts_them_and_names_their_class(elsewhere: Elsewhere, both: bytes) -> None:
    prints = {role: fingerprint(one) for role, one in elsewhere.certificates.items()}
    report = verify(both, Evidence(people=elsewhere.office.trust(), fingerprints=prints))
    assert report.accepted, report.lines()
    assert [one.kind for one in report.signatures] == [SignatureClass.BROWSER_HELD] * 2
    assert report.lines()[0].startswith(
        "Chữ ký điện tử nội bộ (khóa nằm trên máy người ký). Không phải chữ ký số. Người ký:"
    )


def test_pdfsig_agrees(elsewhere: Elsewhere, both: bytes, tmp_path: Path) -> None:
    store = trusting(elsewhere.office.stored.certificate, tmp_path)
    (tmp_path / "signed.pdf").write_bytes(both)
    said = run("pdfsig", "-nssdir", f"sql:{store}", str(tmp_path / "signed.pdf"))
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("Certificate Validation: Certificate is Trusted.") == 2
    assert said.count("Signature Type: ETSI.CAdES.detached") == 2


def test_readers_leave_out_just_the_hole(prepared: Prepared) -> None:
    [found] = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", prepared.pdf)
    assert tuple(map(int, found)) == (0, prepared.start, prepared.end, len(prepared.pdf) - prepared.end)
    hole = prepared.pdf[prepared.start : prepared.end]
    assert (hole[:1], hole[-1:], set(hole[1:-1])) == (b"<", b">", {ord("0")})


def test_a_value_by_another_key_or_of_other_bytes_is_refused(
    elsewhere: Elsewhere, prepared: Prepared
) -> None:
    """Attack 13: wrong signature value, wrong digest."""
    right = elsewhere.device.checked(prepared)
    for wrong in (
        elsewhere.device.sign(prepared.digest),
        elsewhere.device.sign(elsewhere.prepared().attributes + b"\0"),
        flipped(right, 9),
        b"",
        right + b"\0",
    ):
        with pytest.raises(WrongSignature):
            elsewhere.by_recorder(prepared, wrong)
    chair = elsewhere.filling(SigningRole.CHAIR, right)
    other = replace(chair, certificate=elsewhere.office.stored.certificate, role=SigningRole.RECORDER.value)
    with pytest.raises(WrongSignature):
        complete(prepared, other)


def test_a_file_swapped_between_the_steps_is_refused(elsewhere: Elsewhere, prepared: Prepared) -> None:
    """Whoever changes what waits, or the attributes beside it, finds that nothing is signed."""
    right = elsewhere.device.checked(prepared)
    other = elsewhere.prepared()
    forged = replace(prepared, attributes=other.attributes, digest=other.digest)
    for swapped in (
        replace(prepared, pdf=flipped(prepared.pdf, 900)),
        replace(prepared, pdf=other.pdf + b" "),
        replace(prepared, digest=bytes(32)),
        forged,
    ):
        value = elsewhere.device.sign(swapped.attributes) if swapped is forged else right
        with pytest.raises(SpoiledPending):
            elsewhere.by_recorder(swapped, value)


def test_a_signature_prepared_for_one_field_does_not_land_in_another(
    elsewhere: Elsewhere, prepared: Prepared
) -> None:
    value = elsewhere.device.checked(prepared)
    filling = replace(elsewhere.filling(SigningRole.RECORDER, value), role=SigningRole.CHAIR.value)
    with pytest.raises(SpoiledPending):
        complete(prepared, filling)


def test_the_turns_are_kept(elsewhere: Elsewhere, both: bytes) -> None:
    with pytest.raises(OutOfTurn):
        prepare(elsewhere.ready, elsewhere.pen(SigningRole.CHAIR))
    for role in FIELDS:
        with pytest.raises(OutOfTurn):
            prepare(both, elsewhere.pen(role))
