"""Signed minutes get their stamp when it is due, on both databases; where the authority is away, later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from meetings.committees.powers import Part
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.clock import real_now
from meetings.kernel.ids import Id, new_id
from meetings.ledger.log import LogService
from meetings.ledger.signers import log_signer
from meetings.minutes import archive_store, store
from meetings.minutes.archive_store import ArchiveStampRow, Stamp
from meetings.minutes.lasting import RENEW_AFTER, ArchiveState, standing
from meetings.minutes.ports import Workshop
from meetings.minutes.service import ArchiveService, Believed, MinutesService, SigningKeys
from meetings.minutes.verification import Verdict
from meetings.minutes.verify import meeting_in
from meetings.minutes.work import Stamps
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.office import PASSPHRASE
from tests.minutes.stamping import StampAuthority, stamp_authority
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

LOG = log_signer("an invented secret of a log, long enough")


@pytest.fixture(scope="module")
def authority() -> Iterator[StampAuthority]:
    with stamp_authority() as made:
        yield made


@pytest.fixture
def minutes(cell: Cell, workshop: Workshop, authority: StampAuthority) -> MinutesService:
    trust = authority.trust
    believed = Believed(log=str(LOG.key), stamps=Stamps(root=trust.roots[0], crl=trust.crls[0]))
    keys = SigningKeys(cell.world.units, workshop, INSTALLATION)
    url = authority.url
    return MinutesService(cell.world.units, workshop, keys, form=FORM, timestamp_url=url, believed=believed)


@pytest.fixture
def archive(
    cell: Cell, workshop: Workshop, minutes: MinutesService, authority: StampAuthority
) -> ArchiveService:
    return ArchiveService(cell.world.units, workshop, minutes, url=authority.url)


async def signed(cell: Cell, minutes: MinutesService) -> Id:
    meeting = (await cell.november()).sitting.id
    await minutes.approve(cell.world.asks(SECRETARY), meeting)
    await minutes.sign(cell.world.asks(RECORDER), meeting, Part.RECORDER, PASSPHRASE)
    await minutes.sign(cell.world.asks(SECRETARY), meeting, Part.CHAIR, PASSPHRASE)
    return meeting


async def state(cell: Cell, archive: ArchiveService, meeting: Id) -> ArchiveState:
    return (await archive.standing(cell.world.asks(MEMBER), meeting)).state


async def test_sign_now_stamp_later(
    cell: Cell, minutes: MinutesService, archive: ArchiveService, authority: StampAuthority
) -> None:
    """The authority is away while both sign; the job asks again until it answers, once."""
    authority.away = True
    try:
        meeting = await signed(cell, minutes)
        assert await archive.stamp_due() == 0
        assert await state(cell, archive, meeting) is ArchiveState.WAITING
    finally:
        authority.away = False
    before = await minutes.pdf(cell.world.asks(MEMBER), meeting)
    report = await minutes.verify(before, meeting)
    assert report.rules[2].verdict is Verdict.PASSED
    assert await archive.stamp_due() == 1
    assert await archive.stamp_due() == 0
    assert await state(cell, archive, meeting) is ArchiveState.KEPT
    after = await minutes.pdf(cell.world.asks(MEMBER), meeting)
    assert after.startswith(before)
    await LogService(cell.world.units, LOG).sequence()
    for pdf in (before, after):  # whoever holds the file of yesterday is not told that it is forged
        report = await minutes.verify(pdf, meeting_in(pdf))
        failed = {rule.number for rule in report.rules if rule.verdict is Verdict.FAILED}
        assert failed <= {5}
    assert await reconcile(cell.world.units) == []


async def test_two_jobs_at_once_keep_one_stamp(
    cell: Cell, minutes: MinutesService, archive: ArchiveService
) -> None:
    meeting = await signed(cell, minutes)
    done = await asyncio.gather(archive.stamp_due(), archive.stamp_due())
    assert sorted(done) in ([0, 1], [1, 1])
    async with cell.world.units.read() as uow:
        files = await archive_store.files_before(uow.session, meeting)
        approved = await store.approved(uow.session, meeting)
    assert approved is not None
    assert approved.pdf in files
    assert len(files) == 1 + sum(done)


async def test_a_year_later_it_is_due_again(
    cell: Cell, minutes: MinutesService, archive: ArchiveService
) -> None:
    meeting = await signed(cell, minutes)
    async with cell.world.units.begin() as uow:
        approved = await store.approved(uow.session, meeting)
        assert approved is not None
        old = real_now() - RENEW_AFTER - timedelta(days=1)
        await archive_store.add_stamp(
            uow.session,
            Stamp(id=new_id(), about=meeting, over=approved.pdf, pdf=approved.pdf, at=old),
        )
    assert await state(cell, archive, meeting) is ArchiveState.WAITING
    assert await archive.stamp_due() == 1
    assert await state(cell, archive, meeting) is ArchiveState.KEPT


async def test_stamps_are_only_added(cell: Cell, minutes: MinutesService, archive: ArchiveService) -> None:
    await signed(cell, minutes)
    await archive.stamp_due()
    with pytest.raises(GuardedByDatabase):
        async with cell.world.units.begin() as uow:
            await uow.session.execute(update(ArchiveStampRow).values(over="0" * 64))


async def test_without_an_authority_it_is_said(
    cell: Cell, minutes: MinutesService, workshop: Workshop
) -> None:
    silent = ArchiveService(cell.world.units, workshop, minutes, url=None)
    meeting = (await cell.november()).sitting.id
    assert await state(cell, silent, meeting) is ArchiveState.NOT_SIGNED
    assert await silent.stamp_due() == 0


def test_standing_by_the_clock() -> None:
    now = real_now()
    fresh = standing(signed=True, authority=True, newest=now, now=now)
    assert (fresh.state, fresh.due_at) == (ArchiveState.KEPT, now + RENEW_AFTER)
    late = standing(signed=True, authority=True, newest=now, now=now + RENEW_AFTER)
    assert late == replace(fresh, state=ArchiveState.WAITING)
    assert standing(signed=True, authority=False, newest=None, now=now).state is ArchiveState.NO_AUTHORITY
    assert standing(signed=False, authority=True, newest=None, now=now).state is ArchiveState.NOT_SIGNED
