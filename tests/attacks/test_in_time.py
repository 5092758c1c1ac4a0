"""Attacks of signing.md 6 that play with time: expiry, values and files that were signed for another moment."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from meetings.committees.powers import Part
from meetings.convening.rules import AnySitting
from meetings.kernel.clock import real_now
from meetings.kernel.ids import derived_id
from meetings.minutes.authority import PERSON_LIFE, Subject, fingerprint
from meetings.minutes.keys import open_person_key
from meetings.minutes.nine_rules import Evidence
from meetings.minutes.service import MinutesService
from meetings.minutes.service.made import MinutesMoved
from meetings.minutes.signing import LoadedSigner, SigningRole, sign, sign_with
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import verify
from tests.attendance.world import SECRETARY
from tests.minutes.office import PASSPHRASE, Office, Signed, Signer, new_office, order
from tests.sitting.holding import RECORDER, Cell


def failures(report: Report) -> set[int]:
    failed = {rule.number for rule in report.rules if rule.verdict is Verdict.FAILED}
    print(f"seen: rejected by rules {sorted(failed)}")
    return failed


def with_life_until(office: Office, who: Signer, until: datetime) -> Signer:
    """The same key and name under a certificate that ends then."""
    subject = Subject(name=who.name, organisation="Chi bộ thôn Nà Mây", person=derived_id(who.name))
    return replace(who, certificate=office.authority.issue(subject, who.key.public, until - PERSON_LIFE))


def evidence(signed: Signed, chair: Signer) -> Evidence:
    known = signed.evidence()
    assert known.fingerprints is not None
    return replace(
        known, fingerprints={**known.fingerprints, SigningRole.CHAIR: fingerprint(chair.certificate)}
    )


def test_a_certificate_that_had_expired_at_signing(signed: Signed) -> None:
    """Attack 11."""
    late = with_life_until(signed.office, signed.chair, real_now() - timedelta(hours=1))
    pdf = sign(order(signed.half, SigningRole.CHAIR, late, signed.office))
    report = verify(pdf, evidence(signed, late))
    assert failures(report) == {3}
    assert "hết hạn" in report.bottom_line or "hiệu lực" in report.bottom_line


def test_a_stamped_signature_is_read_after_its_certificate_ended(signed: Signed) -> None:
    """Attack 11: a time stamp alone does not carry a signature over its certificate's end; renewal would."""
    until = real_now() + timedelta(seconds=3)
    short = with_life_until(signed.office, signed.chair, until)
    stamps = new_office()
    key = stamps.authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (root,) = load_certs_from_pemder_data(stamps.stored.certificate)
    stamper = DummyTimeStamper(root, load_private_key_from_pemder_data(key, None))
    loaded = open_person_key(short.key.wrapped, PASSPHRASE)
    signer = LoadedSigner(loaded, short.certificate, signed.office.stored.certificate)
    pdf = sign_with(order(signed.half, SigningRole.CHAIR, short, signed.office), signer, stamper)
    time.sleep(max(0.0, (until - real_now()).total_seconds()) + 1)
    assert failures(verify(pdf, evidence(signed, short))) == {3}


class WrongValue(LoadedSigner):
    """Hands in a value that its key did not make, as a broken or lying device would."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """One bit off."""
        made = await super().async_sign_raw(data, digest_algorithm, dry_run)
        return made if dry_run else bytes([made[0] ^ 1]) + made[1:]


class OtherBytes(LoadedSigner):
    """Signs attributes other than those that stand in the file."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Over other bytes."""
        return await super().async_sign_raw(data + b"\0", digest_algorithm, dry_run)


@pytest.mark.parametrize("device", [WrongValue, OtherBytes])
def test_a_value_that_is_no_signature_of_the_file(signed: Signed, device: type[LoadedSigner]) -> None:
    """Attack 13, on the server's side."""
    key = open_person_key(signed.chair.key.wrapped, PASSPHRASE)
    signer = device(key, signed.chair.certificate, signed.office.stored.certificate)
    asked = order(signed.half, SigningRole.CHAIR, signed.chair, signed.office)
    assert 3 in failures(verify(sign_with(asked, signer, None), signed.evidence()))


async def approved(cell: Cell, minutes: MinutesService) -> AnySitting:
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    return sitting


async def moved(minutes: MinutesService, cell: Cell, who: str, made: object) -> None:
    with pytest.raises(MinutesMoved) as refused:
        await minutes.keep_signed(cell.world.asks(who), made)  # type: ignore[arg-type]  # what sign_ahead gave
    print(f"seen: refused, {refused.value.code}")


async def test_a_signature_made_ahead_is_kept_once(cell: Cell, minutes: MinutesService) -> None:
    """Attack 18: replayed at once, by the other of two who finish the same field, and after the chair."""
    sitting, recorder, chair = (
        await approved(cell, minutes),
        cell.world.asks(RECORDER),
        cell.world.asks(SECRETARY),
    )
    first = await minutes.sign_ahead(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    second = await minutes.sign_ahead(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.keep_signed(recorder, second)
    for replayed in (second, first):
        await moved(minutes, cell, RECORDER, replayed)
    await minutes.sign(chair, sitting.id, Part.CHAIR, PASSPHRASE)
    with pytest.raises(Exception, match=r"ký|biên bản"):
        await minutes.keep_signed(recorder, first)
    assert len((await minutes.look(chair, sitting.id)).signatures) == 2


async def test_a_key_taken_back_between_digest_and_finish(cell: Cell, minutes: MinutesService) -> None:
    """Attack 19."""
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    made = await minutes.sign_ahead(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.keys.make(recorder, "câu mật khẩu mới của tôi 2026")
    await moved(minutes, cell, RECORDER, made)
    assert (await minutes.look(recorder, sitting.id)).signatures == ()
