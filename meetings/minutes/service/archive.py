"""Signed minutes and other signed papers get a time stamp over the whole file soon after signing, and a new one each
year."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.ids import Id, new_id
from meetings.ledger import files
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import archive_store, paper_store, store, work
from meetings.minutes.archive_store import Stamp
from meetings.minutes.ink import sha256_hex
from meetings.minutes.lasting import RENEW_AFTER, ArchiveStanding, AuthorityAway, NotLasting, standing
from meetings.minutes.ports import Workshop
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.made import MinutesMoved, NoMinutes
from meetings.minutes.service.paper_seats import NoSuchPaper, is_signed, newest_file

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Filed:
    """A signed file as it stands: of the minutes of a meeting, or of an issued paper with the hash of its data."""

    meeting: Id
    pdf: str
    paper: str = ""


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
        for about in due:
            try:
                await self.stamp(about)
            except AuthorityAway:
                log.warning("time-stamp authority away", extra={"waiting": len(due) - done})
                break
            except (NotLasting, MinutesMoved) as refusal:
                log.warning("not stamped", extra={"reason": refusal.code})
            else:
                done += 1
        return done

    async def stamp(self, about: Id) -> None:
        """One more stamp on the minutes of this meeting, or on this issued paper. Raises NoMinutes, AuthorityAway,
        NotLasting, MinutesMoved."""
        async with self._units.read() as uow:
            before = await _filed(uow, about)
            if before is None or self._url is None:
                raise NoMinutes
            pdf = await files.read(uow, before.pdf)
        known, _ = await self._minutes.evidence(pdf, None)
        made = await self._workshop.do(work.archive_pdf, pdf, known, self._url)
        async with self._units.begin() as uow:
            if await _filed(uow, about, lock=True) != before:
                raise MinutesMoved
            sha = await files.keep(uow, made)
            stamp = Stamp(id=new_id(), about=about, over=before.pdf, pdf=sha, at=real_now())
            await archive_store.add_stamp(uow.session, stamp)
            sitting = await convening.sitting(uow, before.meeting)
            said = {"pdf": sha, "over": before.pdf} | ({"data": before.paper} if before.paper else {})
            act = Act(
                cell=sitting.cell,
                name="papers.archive" if before.paper else "minutes.archive",
                actor=None,
                meeting=before.meeting,
                subject=stamp.id,
                public=said,
            )
            await record(uow, act)

    async def standing(self, asker: Asker, meeting: Id) -> ArchiveStanding:
        """Where this meeting's minutes stand with the archive. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await self._standing(
                uow, meeting, signed=await archive_store.is_signed(uow.session, meeting)
            )

    async def of_paper(self, asker: Asker, paper: Id) -> ArchiveStanding:
        """Where this issued paper stands with it. Raises NoSuchPaper, NoSuchMeeting."""
        async with self._units.read() as uow:
            issued = await paper_store.paper(uow.session, paper)
            if issued is None:
                raise NoSuchPaper
            await convening.allow_in(uow, asker, Power.VIEW_CELL, issued.meeting)
            return await self._standing(uow, paper, signed=await is_signed(uow, paper))

    async def _standing(self, uow: UnitOfWork, about: Id, *, signed: bool) -> ArchiveStanding:
        newest = await archive_store.newest_stamp(uow.session, about)
        return standing(
            signed=signed,
            authority=self.has_authority,
            newest=newest.at if newest else None,
            now=real_now(),
        )


async def _filed(uow: UnitOfWork, about: Id, *, lock: bool = False) -> _Filed | None:
    """The newest file of the minutes, or of a paper that is signed in every place."""
    approved = await store.approved(uow.session, about, lock=lock)
    if approved is not None:
        return _Filed(about, approved.pdf)
    issued = await paper_store.paper(uow.session, about, lock=lock)
    if issued is None or not await is_signed(uow, about):
        return None
    newest = await newest_file(uow, about)
    return None if newest is None else _Filed(issued.meeting, newest, sha256_hex(issued.data))
