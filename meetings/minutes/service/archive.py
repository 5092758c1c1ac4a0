"""Signed minutes get a time stamp over the whole file soon after signing, and a new one each year."""

from __future__ import annotations

import logging

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.ids import Id, new_id
from meetings.ledger import files
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import archive_store, store, work
from meetings.minutes.lasting import RENEW_AFTER, ArchiveStanding, AuthorityAway, NotLasting, standing
from meetings.minutes.ports import Workshop
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.made import MinutesMoved, NoMinutes

log = logging.getLogger(__name__)


class ArchiveService:
    """`url`: the RFC 3161 authority, or none; then nothing is stamped and everybody can see so."""

    def __init__(self, units: Units, workshop: Workshop, minutes: MinutesService, *, url: str | None) -> None:
        self._units, self._workshop, self._minutes, self._url = units, workshop, minutes, url

    @property
    def has_authority(self) -> bool:
        """Whether stamps can be asked for, and judged before they are kept."""
        return self._url is not None and self._minutes.believes_stamps

    async def stamp_due(self) -> int:
        """Stamp every file whose stamp is missing or a year old; how many. An authority that is away is asked again
        at the next tick, a file that does not hold is passed over and logged."""
        if not self.has_authority:
            return 0
        async with self._units.read() as uow:
            due = await archive_store.without_stamp_since(uow.session, real_now() - RENEW_AFTER)
        done = 0
        for meeting in due:
            try:
                await self.stamp(meeting)
            except AuthorityAway:
                log.warning("time-stamp authority away", extra={"waiting": len(due) - done})
                break
            except (NotLasting, MinutesMoved) as refusal:
                log.warning("not stamped", extra={"reason": refusal.code})
            else:
                done += 1
        return done

    async def stamp(self, meeting: Id) -> None:
        """One more stamp on this meeting's file. Raises NoMinutes, AuthorityAway, NotLasting, MinutesMoved."""
        async with self._units.read() as uow:
            before = await store.approved(uow.session, meeting)
            if before is None or self._url is None:
                raise NoMinutes
            pdf = await files.read(uow, before.pdf)
        known, _ = await self._minutes.evidence(pdf, None)
        made = await self._workshop.do(work.archive_pdf, pdf, known, self._url)
        async with self._units.begin() as uow:
            now = await store.approved(uow.session, meeting, lock=True)
            if now is None or now.pdf != before.pdf:
                raise MinutesMoved
            stamp, sha = new_id(), await files.keep(uow, made)
            await archive_store.add_stamp(uow.session, stamp, meeting, before.pdf, sha, real_now())
            sitting = await convening.sitting(uow, meeting)
            said = {"pdf": sha, "over": before.pdf}
            await record(
                uow,
                Act(
                    cell=sitting.cell,
                    name="minutes.archive",
                    actor=None,
                    meeting=meeting,
                    subject=stamp,
                    public=said,
                ),
            )

    async def standing(self, asker: Asker, meeting: Id) -> ArchiveStanding:
        """Where this meeting's minutes stand with the archive. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return standing(
                signed=await archive_store.is_signed(uow.session, meeting),
                authority=self.has_authority,
                newest=await archive_store.newest_stamp(uow.session, meeting),
                now=real_now(),
            )
