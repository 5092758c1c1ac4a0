"""Who belongs to a sitting: while it runs as known now, once it has ended as known at its close."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.committees import service as committees
from meetings.committees.members import CountsAs
from meetings.committees.rules import Member
from meetings.convening.rosters import (
    NothingToCorrect,
    RosterEntry,
    RosterNote,
    notes,
    on_roster,
    roster_hash,
)
from meetings.convening.rules import ENDED, AnySitting
from meetings.convening.store import rosters
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of


async def roster_of(uow: UnitOfWork, found: AnySitting) -> list[Member]:
    """Everyone who belongs to the sitting, by name. Of one that has ended: as kept at its close and corrected openly
    since, whatever is entered, ended or changed later. Of any other: the cell's roster of its day, as known now."""
    if found.state not in ENDED:
        return await _known(uow, found)
    entries = await rosters.entries(uow.session, found.id)
    return await committees.members_as(uow, found.cell, on_roster(entries))


async def keep_roster(uow: UnitOfWork, closing: AnySitting, roster: Sequence[Member]) -> None:
    """Keep who belongs to the sitting, in the unit that closes it."""
    kept = [RosterEntry(member=who.id, sequence=0, counts=_as(who)) for who in roster]
    await rosters.add(uow.session, closing.id, kept)


async def kept_hash(uow: UnitOfWork, meeting: Id) -> str:
    """SHA-256 of the roster that was kept at the close."""
    return roster_hash(await rosters.entries(uow.session, meeting))


async def roster_notes(uow: UnitOfWork, found: AnySitting) -> list[RosterNote]:
    """Of an ended sitting: who was entered, ended or changed after its close, and who was corrected; by name."""
    if found.state not in ENDED:
        return []
    entries = await rosters.entries(uow.session, found.id)
    known = {who.id: _as(who) for who in await _known(uow, found)}
    ever = {one.member: one.counts for one in entries if one.counts is not None} | known
    people = await committees.members_as(uow, found.cell, ever)
    return notes({who.id: who.full_name for who in people}, entries, known)


async def correct_roster(
    uow: UnitOfWork, ended: AnySitting, member: Id, reason: str, by: Id
) -> RosterEntry | None:
    """From now on the member counts as what is known of them now; None where somebody did that before. The caller
    locks the sitting, checks the power and records the act. Raises NothingToCorrect."""
    note = next((one for one in await roster_notes(uow, ended) if one.member == member), None)
    if note is None:
        raise NothingToCorrect
    if not note.differs:
        return None
    sequence = note.correction.sequence + 1 if note.correction else 1
    made = RosterEntry(member=member, sequence=sequence, counts=note.known, reason=reason, by=by, at=uow.now)
    await rosters.add(uow.session, ended.id, [made])
    return made


async def _known(uow: UnitOfWork, found: AnySitting) -> list[Member]:
    day = (found.opened_at or found.starts_at).astimezone(zone_of(found.zone)).date()
    return await committees.roster(uow, found.cell, day)


def _as(who: Member) -> CountsAs:
    return CountsAs(category=who.category, official=who.official)
