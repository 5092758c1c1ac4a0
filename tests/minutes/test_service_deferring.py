"""Signing with a key on one's own device, through the service on both databases with a real worker."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from meetings.committees.powers import Part
from meetings.convening.rules import State
from meetings.convening.service import NoSuchMeeting
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import LedgerService
from meetings.minutes.certificate_request import BadCertificateRequest
from meetings.minutes.deferred import WrongSignature
from meetings.minutes.service import DeferredSigning, MinutesService
from meetings.minutes.service.deferring import (
    WAITS,
    KeptHere,
    NoSuchPending,
    PendingExpired,
    Waiting,
)
from meetings.minutes.service.house import NotYourPart
from meetings.minutes.service.signers import AlreadySigned, KeyChanged, KeyElsewhere, NoSigningKey
from meetings.minutes.signature_class import KeyHome, SignatureClass
from meetings.minutes.signing import OutOfTurn
from meetings.minutes.store import Approved
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.minutes.device import Device, new_device
from tests.minutes.office import PASSPHRASE
from tests.minutes.test_service import approved, state_of
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix


async def enrol(minutes: MinutesService, asker: Asker, device: Device) -> str:
    key = await minutes.keys.certify_ahead(asker, device.request(asker.person))
    fingerprint = await minutes.keys.keep_certified(asker, key)
    assert fingerprint is not None
    return fingerprint


async def begin(signing: DeferredSigning, asker: Asker, meeting: Id, part: Part = Part.RECORDER) -> Waiting:
    return await signing.begin(asker, await signing.begin_ahead(asker, meeting, part))


async def finish(signing: DeferredSigning, asker: Asker, waiting: Waiting, device: Device) -> Approved:
    pending = waiting.pending
    made = await signing.finish_ahead(asker, pending.meeting, pending.id, device.checked(pending.prepared))
    return await signing.finish(asker, made)


async def test_both_sign_with_keys_that_never_were_here(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    sitting = await approved(cell, minutes)
    for label, part in ((RECORDER, Part.RECORDER), (SECRETARY, Part.CHAIR)):
        asker = cell.world.asks(label)
        fingerprint = await enrol(minutes, asker, device)
        standing = await minutes.keys.standing(asker)
        assert (standing.fingerprint, standing.home) == (fingerprint, KeyHome.BROWSER)
        assert standing.public == hashlib.sha256(device.public).hexdigest()
        waiting = await begin(signing, asker, sitting.id, part)
        held = await signing.file(asker, sitting.id, waiting.pending.id)
        assert held == waiting.pending.prepared.pdf
        await finish(signing, asker, waiting, device)
    assert await state_of(cell.world, sitting.id) is State.SIGNED
    report = await minutes.verify(await minutes.pdf(cell.world.asks(MEMBER), sitting.id), sitting.id)
    assert report.accepted, report.lines()
    assert {line.kind for line in report.signatures} == {SignatureClass.BROWSER_HELD}
    [chain] = await LedgerService(cell.world.units).verify([sitting.cell])
    assert chain.valid
    assert await reconcile(cell.world.units) == []


async def test_one_key_here_and_one_elsewhere_in_one_file(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    sitting, chair = await approved(cell, minutes), cell.world.asks(SECRETARY)
    with pytest.raises(KeptHere):
        await signing.begin_ahead(cell.world.asks(RECORDER), sitting.id, Part.RECORDER)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await enrol(minutes, chair, device)
    with pytest.raises(KeyElsewhere):
        await minutes.sign(chair, sitting.id, Part.CHAIR, PASSPHRASE)
    with pytest.raises(KeyElsewhere):
        await minutes.keys.rewrap_ahead(chair, PASSPHRASE, "một câu khác hẳn 77")
    await finish(signing, chair, await begin(signing, chair, sitting.id, Part.CHAIR), device)
    report = await minutes.verify(await minutes.pdf(chair, sitting.id), sitting.id)
    assert [one.kind for one in report.signatures] == [
        SignatureClass.SERVER_HELD,
        SignatureClass.BROWSER_HELD,
    ]
    assert report.accepted


async def test_of_two_devices_that_finish_one_is_kept_and_the_other_told(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    """Attack 18: two clients finish the same field; and the same signature is sent again."""
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    await enrol(minutes, recorder, device)
    waiting = await begin(signing, recorder, sitting.id)
    value = device.checked(waiting.pending.prepared)
    one, other = [
        await signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value) for _ in range(2)
    ]
    done = await asyncio.gather(
        signing.finish(recorder, one), signing.finish(recorder, other), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["AlreadySigned", "Approved"]
    with pytest.raises(AlreadySigned):
        await signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value)
    with pytest.raises(OutOfTurn):
        await begin(signing, recorder, sitting.id)
    assert len((await minutes.look(recorder, sitting.id)).signatures) == 1


async def test_what_was_prepared_anew_replaces_what_waited(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    await enrol(minutes, recorder, device)
    first, second = [await begin(signing, recorder, sitting.id) for _ in range(2)]
    with pytest.raises(NoSuchPending):
        await finish(signing, recorder, first, device)
    await finish(signing, recorder, second, device)
    with pytest.raises(AlreadySigned):
        await finish(signing, recorder, first, device)


async def test_a_prepared_file_waits_half_an_hour_and_can_be_prepared_again(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    """Attack 18: finish after expiry, also when it expires between the two steps of finishing."""
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    await enrol(minutes, recorder, device)
    waiting = await begin(signing, recorder, sitting.id)
    value = device.checked(waiting.pending.prepared)
    ahead = await signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value)
    cell.world.clock.move(WAITS + timedelta(seconds=1))
    with pytest.raises(PendingExpired):
        await signing.finish(recorder, ahead)
    for act in (
        signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value),
        signing.file(recorder, sitting.id, waiting.pending.id),
    ):
        with pytest.raises(PendingExpired):
            await act
    await finish(signing, recorder, await begin(signing, recorder, sitting.id), device)


async def test_a_certificate_taken_back_between_the_steps_signs_nothing(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    """Attack 19, on the server's own steps too."""
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    await enrol(minutes, recorder, device)
    waiting = await begin(signing, recorder, sitting.id)
    value = device.checked(waiting.pending.prepared)
    ahead = await signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value)
    begun = await signing.begin_ahead(recorder, sitting.id, Part.RECORDER)
    await minutes.keys.revoke(recorder)
    for act in (
        signing.finish(recorder, ahead),
        signing.finish_ahead(recorder, sitting.id, waiting.pending.id, value),
        signing.begin(recorder, begun),
    ):
        with pytest.raises(KeyChanged):
            await act
    with pytest.raises(NoSigningKey):
        await signing.begin_ahead(recorder, sitting.id, Part.RECORDER)
    with pytest.raises(NoSigningKey):
        await minutes.keys.revoke(recorder)
    assert (await minutes.look(recorder, sitting.id)).signatures == ()


async def test_a_lost_device_is_replaced_by_another(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    """The new browser signs, the old one no longer."""
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    old = await enrol(minutes, recorder, device)
    waiting, newer = await begin(signing, recorder, sitting.id), new_device()
    new = await enrol(minutes, recorder, newer)
    assert old != new
    with pytest.raises(KeyChanged):
        await finish(signing, recorder, waiting, device)
    waiting = await begin(signing, recorder, sitting.id)
    with pytest.raises(WrongSignature):
        await finish(signing, recorder, waiting, device)
    await finish(signing, recorder, waiting, newer)
    [signature] = (await minutes.look(recorder, sitting.id)).signatures
    assert signature.fingerprint == new


async def test_who_may_prepare_and_see_it(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, device: Device
) -> None:
    sitting, recorder = await approved(cell, minutes), cell.world.asks(RECORDER)
    member, stranger = cell.world.asks(MEMBER), cell.world.asks(STRANGER)
    await enrol(minutes, recorder, device)
    with pytest.raises(NotYourPart):
        await signing.begin_ahead(member, sitting.id, Part.RECORDER)
    with pytest.raises(NotYourPart):
        await signing.begin_ahead(recorder, sitting.id, Part.CHAIR)
    waiting = await begin(signing, recorder, sitting.id)
    value = device.checked(waiting.pending.prepared)
    for asker, refusal in ((member, NoSuchPending), (stranger, NoSuchMeeting)):
        with pytest.raises(refusal):
            await signing.file(asker, sitting.id, waiting.pending.id)
        with pytest.raises(refusal):
            await signing.finish_ahead(asker, sitting.id, waiting.pending.id, value)
    other = await approved(cell, minutes)
    with pytest.raises(NoSuchPending):
        await signing.finish_ahead(recorder, other.id, waiting.pending.id, value)
    with pytest.raises(NoSuchPending):
        await signing.file(recorder, sitting.id, new_id())


async def test_a_request_of_another_person_is_not_certified(
    cell: Cell, minutes: MinutesService, device: Device
) -> None:
    recorder, member = cell.world.asks(RECORDER), cell.world.asks(MEMBER)
    with pytest.raises(BadCertificateRequest):
        await minutes.keys.certify_ahead(recorder, device.request(member.person))
