"""The machine's clock is wrong by a day while people sign: the authority's time shows it, nothing is signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from meetings.committees.powers import Part
from meetings.db.unit import Units
from meetings.kernel.clock import real_now
from meetings.minutes.ports import Workshop
from meetings.minutes.service import DeferredSigning, MinutesService, SigningKeys
from meetings.minutes.signing import ClockWrong
from meetings.minutes.verification import Verdict
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import SECRETARY
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.minutes.stamping import stamp_authority
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

DAY = timedelta(days=1)
Stamped = Callable[[str], MinutesService]


@pytest.fixture
def stamped_by(units: Units, workshop: Workshop) -> Stamped:
    def made(url: str) -> MinutesService:
        keys = SigningKeys(units, workshop, INSTALLATION)
        return MinutesService(units, workshop, keys, form=FORM, timestamp_url=url)

    return made


@pytest.mark.parametrize("wrong", [DAY, -DAY], ids=["a day behind", "a day ahead"])
async def test_nothing_is_signed_and_the_operator_is_sent_for(
    cell: Cell, minutes: MinutesService, stamped_by: Stamped, wrong: timedelta
) -> None:
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    recorder = cell.world.asks(RECORDER)
    with stamp_authority(real_now() + wrong) as authority:
        with pytest.raises(ClockWrong) as refused:
            await stamped_by(authority.url).sign(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
        assert abs(int(str(refused.value.facts["minutes"])) - 24 * 60) <= 1
        assert "chưa ký gì cả" in str(refused.value)
    assert (await minutes.look(recorder, sitting.id)).signatures == ()
    assert await reconcile(cell.world.units) == []


async def test_nor_by_a_key_that_is_elsewhere(
    cell: Cell, minutes: MinutesService, stamped_by: Stamped, workshop: Workshop, device: Device
) -> None:
    sitting, recorder = (await cell.november()).sitting, cell.world.asks(RECORDER)
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    made = await minutes.keys.certify_ahead(recorder, device.request(recorder.person))
    await minutes.keys.keep_certified(recorder, made)
    with stamp_authority(real_now() + DAY) as authority:
        signing = DeferredSigning(
            cell.world.units, workshop, stamped_by(authority.url), timestamp_url=authority.url
        )
        begun = await signing.begin_ahead(recorder, sitting.id, Part.RECORDER)
        waiting = (await signing.begin(recorder, begun)).pending
        with pytest.raises(ClockWrong):
            await signing.finish_ahead(recorder, sitting.id, waiting.id, device.checked(waiting.prepared))
    assert (await minutes.look(recorder, sitting.id)).signatures == ()


async def test_clocks_that_nearly_agree_are_right(
    cell: Cell, minutes: MinutesService, stamped_by: Stamped
) -> None:
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    with stamp_authority(real_now() - timedelta(minutes=2)) as authority:
        signed = stamped_by(authority.url)
        await signed.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    assert len((await minutes.look(cell.world.asks(RECORDER), sitting.id)).signatures) == 1


async def test_without_an_authority_the_verifier_says_whose_time_it_is(
    cell: Cell, minutes: MinutesService
) -> None:
    """Nobody can tell that the clock is wrong: it is said, never passed."""
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(cell.world.asks(SECRETARY), sitting.id, Part.CHAIR, PASSPHRASE)
    report = await minutes.verify(await minutes.pdf(cell.world.asks(SECRETARY), sitting.id), sitting.id)
    fifth = report.rules[4]
    assert (fifth.verdict, "giờ ký là giờ của máy chủ" in fifth.explanation) == (Verdict.NOT_APPLIED, True)
