"""Who belongs to a sitting that has ended, corrected openly: what was entered after its close counts from now on."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.attendance.service.reading import SittingRecord, record_of
from meetings.attendance.service.roll import OnCorrected, nothing_more
from meetings.committees.members import CountsAs
from meetings.committees.powers import Act
from meetings.convening import service as convening
from meetings.convening.afterwards import may_restate
from meetings.convening.rosters import RosterNote
from meetings.convening.service import Correction
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class RosterService:
    """`on_corrected` runs in the unit of a correction."""

    def __init__(self, units: Units, on_corrected: OnCorrected = nothing_more) -> None:
        self._units, self._on_corrected = units, on_corrected

    async def notes(self, asker: Asker, meeting: Id) -> Sequence[RosterNote]:
        """Who was entered, ended or changed after the close, and who was corrected. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            found, _ = await convening.allow_in(uow, asker, Act.ROLL, meeting)
            return await convening.roster_notes(uow, found)

    async def correct(self, asker: Asker, meeting: Id, member: Id, reason: str) -> Sequence[RosterNote]:
        """Count the member in an ended sitting as what is known of them now. What the sitting fulfilled, its votes and
        its minutes stay; the change is a dated restatement that auditors see. Saying it again changes nothing.

        Raises NoSuchMeeting, NoPower, NothingToRestate, NothingToCorrect.
        """
        async with self._units.begin() as uow:
            found, actor = await convening.allow_in(uow, asker, Act.ENTER_LATE, meeting, lock=True)
            may_restate(found)
            before = await record_of(uow, found)
            made = await convening.correct_roster(uow, found, member, reason, actor.person)
            if made is not None:
                act = Recorded(
                    cell=found.cell,
                    name="attendance.correct_roster",
                    actor=actor.person,
                    meeting=meeting,
                    subject=member,
                    personal={"counts": _word(made.counts), "reason": reason},
                )
                await record(uow, act)
                said = _restated(before, await record_of(uow, found), reason)
                await convening.restate(uow, found, said, actor.person)
                await self._on_corrected(uow, found)
            return await convening.roster_notes(uow, found)


def _word(counts: CountsAs | None) -> str | None:
    return counts.category.value if counts else None


def _restated(before: SittingRecord, after: SittingRecord, reason: str) -> Correction:
    """In numbers: restatements are shown to the whole cell, names are not."""
    return Correction(
        what="Danh sách đảng viên của buổi họp", before=_told(before), after=_told(after), reason=reason
    )


def _told(one: SittingRecord) -> str:
    rate = one.rate()
    counted = f", {len(rate.whole)} đồng chí tính vào tỷ lệ dự họp" if rate else ""
    return f"{len(one.roster)} đồng chí{counted}"
