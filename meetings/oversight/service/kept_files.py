"""Photographs and scans of papers, for whoever may audit the cell. A hash alone opens nothing."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Actor
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.kernel.scans import ScanKind, scan_kind
from meetings.ledger import files
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record
from meetings.oversight import store

PHOTO = "bien-ban-giay"
SCAN = "bien-ban-da-ky"
LETTER = "van-ban-cap-tren"


class NoSuchFile(NotFound):
    """No paper of this sitting, or of this month, has that file."""

    code = "no-such-file"
    message = "Không có tệp này."


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """A file with its media type. `stem`: what kind of paper it is, in ASCII, as the name to keep it under."""

    content: bytes
    kind: ScanKind
    stem: str


class FileActs:
    """Each look by anyone but the cell's own people leaves an entry in its ledger, with the file's hash."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def file_of_meeting(self, asker: Asker, meeting: Id, sha256: str) -> KeptFile:
        """The photo of minutes on paper, or the scan of minutes signed by hand.

        Raises NoSuchMeeting, NoPower, NoSuchFile.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Act.AUDIT, meeting)
            paper = await convening.paper_of(uow, meeting)
            known = {(await store.paperwork(uow.session, meeting)).scan_sha256: SCAN}
            if paper is not None:
                known[paper.photo_sha256] = PHOTO
            return await _opened(uow, sitting.cell, actor, sha256, known.get(sha256), meeting)

    async def file_of_month(self, asker: Asker, cell: Id, month: Month, sha256: str) -> KeptFile:
        """The paper itself of a superior's decision about that month. Raises NoSuchOrg, NoPower, NoSuchFile."""
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.AUDIT, cell)
            known = await convening.decisions_of(uow, cell, month)
            stem = LETTER if sha256 in {one.scan_sha256 for one in known} else None
            return await _opened(uow, cell, actor, sha256, stem, None)


async def _opened(
    uow: UnitOfWork, cell: Id, actor: Actor, sha256: str, stem: str | None, meeting: Id | None
) -> KeptFile:
    if stem is None:
        raise NoSuchFile
    content = await files.read(uow, sha256)
    if actor.member_in(cell) is None:
        act = Recorded(
            cell=cell,
            name="oversight.open_file",
            actor=actor.person,
            meeting=meeting,
            public={"paper": stem, "sha256": sha256},
        )
        await record(uow, act)
    return KeptFile(content=content, kind=scan_kind(content), stem=stem)
