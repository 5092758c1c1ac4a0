"""The internal authority's life on both databases: lists, a key that goes away, requests that wait, revocation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509

from meetings.committees.powers import Part
from meetings.db.unit import Units
from meetings.kernel.clock import real_now
from meetings.minutes.authority import AuthorityAway, fingerprint, serial_of
from meetings.minutes.keys import WrongPassphrase
from meetings.minutes.ports import Workshop
from meetings.minutes.service import Certifying, DeferredSigning, MinutesService, SigningKeys
from meetings.minutes.service.certifying import AuthorityHere, NoSuchCertificate, OtherAuthority
from meetings.minutes.service.signers import NoSigningKey
from meetings.minutes.signature_class import KeyHome
from meetings.minutes.verification import Verdict
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.conftest import INSTALLATION
from tests.minutes.device import Device, new_device
from tests.minutes.office import PASSPHRASE, new_office
from tests.minutes.test_service import approved, signed
from tests.minutes.test_service_deferring import begin, enrol, finish
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

STICK = "mật khẩu của chiếc USB 2026"
ADDRESS = "https://chibo.example/api/v1/authority.crl"


@pytest.fixture
def ca(units: Units, workshop: Workshop, minutes: MinutesService) -> Certifying:
    return Certifying(units, workshop, minutes.keys, INSTALLATION)


def serials(crl: bytes) -> set[int]:
    return {one.serial_number for one in x509.load_der_x509_crl(crl)}


async def test_the_list_in_force_holds_what_was_taken_back(cell: Cell, minutes: MinutesService) -> None:
    desk, recorder = minutes.keys.authority, cell.world.asks(RECORDER)
    async with cell.world.units.read() as uow:
        held = await minutes.keys.held(uow, recorder.person)
    first = await desk.published_list()
    assert serials(first) == set()
    assert await desk.published_list() == first, "kept, not signed anew for whoever asks"
    assert await desk.renew_list() == 0
    await minutes.keys.revoke(recorder)
    assert await desk.renew_list() == 1
    second = await desk.published_list()
    assert serials(second) == {serial_of(held.certificate)}
    root = x509.load_pem_x509_certificate(await minutes.keys.root())
    listed = x509.load_der_x509_crl(second)
    assert listed.is_signature_valid(root.public_key())  # type: ignore[arg-type]  # RSA, by our own making
    trusted = await minutes.keys.trusted()
    assert trusted.crl == second


async def test_a_certificate_names_where_its_list_is(
    cell: Cell, units: Units, workshop: Workshop, device: Device
) -> None:
    keys = SigningKeys(units, workshop, INSTALLATION, ADDRESS)
    asker = cell.world.asks(MEMBER)
    await keys.keep_certified(asker, await keys.certify_ahead(asker, device.request(asker.person)))
    async with units.read() as uow:
        held = await keys.held(uow, asker.person)
    certificate = x509.load_pem_x509_certificate(held.certificate)
    [place] = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert place.full_name is not None
    assert place.full_name[0].value == ADDRESS


async def test_what_was_signed_before_stays_signed_when_the_certificate_is_taken_back(
    cell: Cell, minutes: MinutesService
) -> None:
    """By the moment that the ledger holds; without it, a revoked certificate is worth nothing."""
    sitting, recorder = await signed(cell, minutes), cell.world.asks(RECORDER)
    pdf = await minutes.pdf(recorder, sitting.id)
    await minutes.keys.revoke(recorder)
    report = await minutes.verify(pdf, sitting.id)
    assert report.accepted, report.lines()
    assert "chứng thư bị thu hồi sau khi ký" in report.lines()[0]
    rules = {rule.number: rule for rule in report.rules}
    assert rules[3].explanation.endswith("có chứng thư bị thu hồi, nhưng sau khi đã ký.")
    unknown = await minutes.verify(pdf)
    verdicts = {rule.number: rule.verdict for rule in unknown.rules}
    assert (unknown.accepted, verdicts[3]) == (False, Verdict.FAILED)


async def test_the_key_goes_away_requests_wait_and_it_comes_back(
    cell: Cell, minutes: MinutesService, ca: Certifying, signing: DeferredSigning, device: Device
) -> None:
    recorder = cell.world.asks(RECORDER)
    carried = await ca.carried(STICK)
    with pytest.raises(WrongPassphrase):
        await ca.let_go(carried, "một câu khác hẳn 77", 45)
    assert (await ca.standing()).here
    await ca.let_go(carried, STICK, 45)
    standing = await ca.standing()
    assert (standing.here, standing.waiting) == (False, 0)
    assert standing.listed is not None
    assert standing.listed > real_now() + timedelta(days=44)
    with pytest.raises(AuthorityAway):
        await minutes.keys.make(recorder, PASSPHRASE)
    with pytest.raises(AuthorityAway):
        await ca.carried(STICK)
    for made in (device, new_device()):  # the newest request counts
        waits = await minutes.keys.certify_ahead(recorder, made.request(recorder.person))
        assert await minutes.keys.keep_certified(recorder, waits) is None
    assert (await ca.standing()).waiting == 1
    assert (await minutes.keys.standing(recorder)).home is KeyHome.SERVER, "the old key holds meanwhile"
    with pytest.raises(WrongPassphrase):
        await ca.answer(carried, "một câu khác hẳn 77", 45)
    done = await ca.answer(carried, STICK, 45)
    assert (done.issued, done.refused) == (1, 0)
    assert (await minutes.keys.standing(recorder)).home is KeyHome.BROWSER
    sitting = await approved(cell, minutes)
    await finish(signing, recorder, await begin(signing, recorder, sitting.id), made)
    with pytest.raises(WrongPassphrase):
        await ca.bring_back(carried, "một câu khác hẳn 77")
    await ca.bring_back(carried, STICK)
    with pytest.raises(AuthorityHere):
        await ca.bring_back(carried, STICK)
    await enrol(minutes, recorder, device)


async def test_minutes_verify_while_the_key_is_away(
    cell: Cell, minutes: MinutesService, ca: Certifying
) -> None:
    sitting = await signed(cell, minutes)
    await ca.let_go(await ca.carried(STICK), STICK, 45)
    pdf = await minutes.pdf(cell.world.asks(MEMBER), sitting.id)
    assert (await minutes.verify(pdf, sitting.id)).accepted


async def test_another_authority_s_key_is_refused(cell: Cell, ca: Certifying) -> None:
    other = new_office().stored
    for act in (
        ca.let_go(other, STICK, 45),
        ca.bring_back(other, STICK),
        ca.answer(other, STICK, 45),
    ):
        with pytest.raises(OtherAuthority):
            await act
    assert (await ca.standing()).here


async def test_the_operator_takes_a_certificate_back(
    cell: Cell, minutes: MinutesService, ca: Certifying
) -> None:
    standing = await ca.standing()
    assert [one.revoked_at for one in standing.issued] == [None, None]
    chosen = next(one for one in standing.issued if one.person == cell.world.asks(RECORDER).person)
    mark = fingerprint(chosen.certificate)
    for wrong in ("", "zz", "0" * 64):
        with pytest.raises(NoSuchCertificate):
            await ca.revoke(wrong)
    assert await ca.revoke(mark[:20].upper()) == mark
    with pytest.raises(NoSuchCertificate):
        await ca.revoke(mark)
    sitting = await approved(cell, minutes)
    with pytest.raises(NoSigningKey):
        await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    assert (await minutes.keys.standing(cell.world.asks(SECRETARY))).home is KeyHome.SERVER
    assert serials((await minutes.keys.trusted()).crl or b"") == {serial_of(chosen.certificate)}
