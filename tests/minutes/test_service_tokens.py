"""Signing with a token's certificate through the service on both databases: codes, classes, refusals."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meetings.committees.powers import Part
from meetings.convening.rules import State
from meetings.db.unit import Units
from meetings.kernel.ids import Id
from meetings.minutes.foreign import AnothersCertificate, BadCertificate, TakenBack, Untrusted
from meetings.minutes.ports import Workshop
from meetings.minutes.service import Believed, DeferredSigning, MinutesService, SigningKeys, TokenSigning
from meetings.minutes.service.deferring import NoSuchPending
from meetings.minutes.service.house import NotYourPart
from meetings.minutes.service.signers import AlreadySigned
from meetings.minutes.service.tokens import CODE_LASTS, NoAuthorities, NoSuchCode, TokenWaiting
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.signing import OutOfTurn
from meetings.minutes.store import Approved
from meetings.minutes.trust_list import TrustList
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.minutes.outside import NAME, Outside, new_outside
from tests.minutes.test_service import approved, state_of
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

WHO = {RECORDER: Part.RECORDER, SECRETARY: Part.CHAIR}


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


@pytest.fixture
def listing(outside: Outside, tmp_path: Path) -> Path:
    return outside.write(tmp_path)


@pytest.fixture
def believing(units: Units, workshop: Workshop, listing: Path) -> MinutesService:
    """The minutes of an installation with a list of authorities."""
    keys = SigningKeys(units, workshop, INSTALLATION)
    believed = Believed(authorities=TrustList(listing))
    return MinutesService(units, workshop, keys, form=FORM, timestamp_url=None, believed=believed)


@pytest.fixture
def tokens(units: Units, workshop: Workshop, believing: MinutesService) -> TokenSigning:
    deferred = DeferredSigning(units, workshop, believing, None)
    return TokenSigning(units, workshop, believing, deferred)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the program beside somebody's token does; the device stands for the token."""

    cell: Cell
    believing: MinutesService
    tokens: TokenSigning
    outside: Outside
    device: Device

    async def certificate(self, meeting: Id, label: str) -> bytes:
        """In the name of who has that part, as authorities write names."""
        minutes = (await self.believing.look(self.cell.world.asks(label), meeting)).minutes
        assert minutes is not None
        officer = minutes.facts.recorder if WHO[label] is Part.RECORDER else minutes.facts.chair
        made = self.outside.certificate(officer.name.upper(), self.device.key.public_key())
        return made.public_bytes(Encoding.DER)

    async def code(self, meeting: Id, label: str) -> str:
        return (await self.tokens.open_code(self.cell.world.asks(label), meeting, WHO[label])).code

    async def begin(self, code: str, certificate: bytes) -> TokenWaiting:
        return await self.tokens.begin(code, await self.tokens.begin_ahead(code, certificate, ()))

    async def finish(self, code: str, waiting: TokenWaiting) -> Approved:
        value = self.device.checked(waiting.waiting.pending.prepared)
        return await self.tokens.finish(code, await self.tokens.finish_ahead(code, value))

    async def sign(self, meeting: Id, label: str) -> Approved:
        code = await self.code(meeting, label)
        return await self.finish(code, await self.begin(code, await self.certificate(meeting, label)))


@pytest.fixture
def beside(
    cell: Cell, believing: MinutesService, tokens: TokenSigning, outside: Outside, device: Device
) -> Beside:
    return Beside(cell=cell, believing=believing, tokens=tokens, outside=outside, device=device)


async def test_both_sign_with_tokens_and_the_class_is_said(
    cell: Cell, believing: MinutesService, beside: Beside
) -> None:
    sitting = await approved(cell, believing)
    for label in (RECORDER, SECRETARY):
        await beside.sign(sitting.id, label)
    assert await state_of(cell.world, sitting.id) is State.SIGNED
    report = await believing.verify(await believing.pdf(cell.world.asks(MEMBER), sitting.id), sitting.id)
    assert report.accepted, report.lines()
    assert {line.kind for line in report.signatures} == {SignatureClass.PUBLIC}
    said = f"Chữ ký số công cộng, do {NAME} cấp chứng thư"
    assert all(line.line().startswith(f"{said}. Người ký: ") for line in report.signatures)
    assert report.bottom_line.startswith(f"Nội dung chưa bị thay đổi sau khi ký. Loại chữ ký: {said}.")
    assert await reconcile(cell.world.units) == []


async def test_official_ones_are_named_so_with_their_issuer(
    cell: Cell, believing: MinutesService, beside: Beside, outside: Outside, listing: Path
) -> None:
    """And one file may hold a token's signature beside an internal one, each called what it is."""
    sitting = await approved(cell, believing)
    outside.write(listing.parent, purpose="official")
    await believing.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await beside.sign(sitting.id, SECRETARY)
    report = await believing.verify(await believing.pdf(cell.world.asks(MEMBER), sitting.id), sitting.id)
    assert report.accepted, report.lines()
    internal, official = [line.line() for line in report.signatures]
    assert "Không phải chữ ký số" in internal
    assert official.startswith("Chữ ký số chuyên dùng công vụ. Người ký: ")
    assert f"Nơi cấp chứng thư: {NAME}." in official


async def test_where_the_authority_is_not_listed_the_file_is_not_accepted(
    cell: Cell, believing: MinutesService, minutes: MinutesService, beside: Beside
) -> None:
    sitting = await approved(cell, believing)
    for label in (RECORDER, SECRETARY):
        await beside.sign(sitting.id, label)
    report = await minutes.verify(await minutes.pdf(cell.world.asks(MEMBER), sitting.id), sitting.id)
    assert not report.accepted
    assert {line.kind for line in report.signatures} == {SignatureClass.UNKNOWN}
    assert all("không do nơi máy này tin cậy cấp" in line.explanation for line in report.signatures)


async def test_whose_certificate_it_is_must_fit_whose_place_it_is(
    cell: Cell, believing: MinutesService, beside: Beside
) -> None:
    sitting = await approved(cell, believing)
    code = await beside.code(sitting.id, RECORDER)
    with pytest.raises(AnothersCertificate):
        await beside.begin(code, await beside.certificate(sitting.id, SECRETARY))
    with pytest.raises(BadCertificate):
        await beside.begin(code, b"no certificate")
    with pytest.raises(Untrusted):
        await replace(beside, outside=new_outside()).sign(sitting.id, RECORDER)
    with pytest.raises(NotYourPart):
        await beside.tokens.open_code(cell.world.asks(SECRETARY), sitting.id, Part.RECORDER)
    with pytest.raises(OutOfTurn):
        await beside.sign(sitting.id, SECRETARY)
    await beside.sign(sitting.id, RECORDER)


async def test_a_code_is_for_one_signature_and_a_quarter_of_an_hour(
    cell: Cell, believing: MinutesService, beside: Beside
) -> None:
    sitting = await approved(cell, believing)
    first = await beside.code(sitting.id, RECORDER)
    code = await beside.code(sitting.id, RECORDER)
    certificate = await beside.certificate(sitting.id, RECORDER)
    for wrong in (first, "0000 0000 0000", "mã"):
        with pytest.raises(NoSuchCode):
            await beside.begin(wrong, certificate)
    with pytest.raises(NoSuchCode):
        await beside.tokens.finish_ahead(code, b"nothing was prepared")
    waiting = await beside.begin(code, certificate)
    cell.world.clock.move(CODE_LASTS + timedelta(seconds=1))
    with pytest.raises(NoSuchCode):
        await beside.finish(code, waiting)
    code = (await beside.code(sitting.id, RECORDER)).replace(" ", "-")
    waiting = await beside.begin(code, certificate)
    await beside.finish(code, waiting)
    for act in (beside.finish(code, waiting), beside.begin(code, certificate)):
        with pytest.raises(AlreadySigned):
            await act
    with pytest.raises(AlreadySigned):
        await beside.code(sitting.id, RECORDER)


async def test_two_programs_finish_the_same_signature(
    cell: Cell, believing: MinutesService, beside: Beside
) -> None:
    """And what was prepared anew under the same code replaces what waited."""
    sitting = await approved(cell, believing)
    code = await beside.code(sitting.id, RECORDER)
    certificate = await beside.certificate(sitting.id, RECORDER)
    older = await beside.begin(code, certificate)
    waiting = await beside.begin(code, certificate)
    value = beside.device.checked(waiting.waiting.pending.prepared)
    one, other = [await beside.tokens.finish_ahead(code, value) for _ in range(2)]
    done = await asyncio.gather(
        beside.tokens.finish(code, one), beside.tokens.finish(code, other), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["AlreadySigned", "Approved"]
    assert older.waiting.pending.id != waiting.waiting.pending.id
    with pytest.raises(AlreadySigned):
        await beside.finish(code, older)


async def test_a_browser_that_prepares_meanwhile_wins_the_place_until_the_code_prepares_again(
    cell: Cell, believing: MinutesService, beside: Beside, units: Units, workshop: Workshop
) -> None:
    sitting = await approved(cell, believing)
    recorder = cell.world.asks(RECORDER)
    code = await beside.code(sitting.id, RECORDER)
    certificate = await beside.certificate(sitting.id, RECORDER)
    waiting = await beside.begin(code, certificate)
    made = await believing.keys.certify_ahead(recorder, beside.device.request(recorder.person))
    await believing.keys.keep_certified(recorder, made)
    deferred = DeferredSigning(units, workshop, believing, None)
    await deferred.begin(recorder, await deferred.begin_ahead(recorder, sitting.id, Part.RECORDER))
    with pytest.raises(NoSuchPending):
        await beside.finish(code, waiting)
    await beside.finish(code, await beside.begin(code, certificate))


async def test_a_certificate_taken_back_between_the_steps_signs_nothing(
    cell: Cell, believing: MinutesService, beside: Beside, outside: Outside, listing: Path
) -> None:
    sitting = await approved(cell, believing)
    code = await beside.code(sitting.id, RECORDER)
    certificate = await beside.certificate(sitting.id, RECORDER)
    waiting = await beside.begin(code, certificate)
    outside.write(listing.parent, x509.load_der_x509_certificate(certificate))
    with pytest.raises(TakenBack):
        await beside.finish(code, waiting)
    assert (await believing.look(cell.world.asks(RECORDER), sitting.id)).signatures == ()


async def test_without_a_list_no_code_is_given(
    cell: Cell, minutes: MinutesService, units: Units, workshop: Workshop, signing: DeferredSigning
) -> None:
    sitting = await approved(cell, minutes)
    without = TokenSigning(units, workshop, minutes, signing)
    assert not await without.offered()
    with pytest.raises(NoAuthorities):
        await without.open_code(cell.world.asks(RECORDER), sitting.id, Part.RECORDER)
