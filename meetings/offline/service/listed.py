"""The list of the day on the device and on the server: who is on one of them alone is named to a person."""

from __future__ import annotations

from dataclasses import replace

from meetings.committees import service as committees
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.offline.rules import Kept, KeptVote


async def gone_since(uow: UnitOfWork, sitting: AnySitting, kept: Kept) -> list[Member]:
    """Members of the cell whom the device marked and who are not of that day any more: their leaving was written down
    meanwhile. Of another cell they are nobody's: the roll refuses them. Raises NoSuchMember."""
    known = await convening.roster_of(uow, replace(sitting, opened_at=kept.opened_at))
    marked = dict.fromkeys([*(one.member for one in kept.marks), *(one.member for one in kept.absences)])
    others = [member for member in marked if member not in {one.id for one in known}]
    found = [await committees.member_ever(uow, member) for member in others]
    return [one for one in found if one.cell == sitting.cell]


def without(kept: Kept, gone: set[Id]) -> Kept:
    """The record without what it says of their attendance; what they did otherwise stays, and is judged as always."""
    return replace(
        kept,
        marks=tuple(one for one in kept.marks if one.member not in gone),
        absences=tuple(one for one in kept.absences if one.member not in gone),
        votes=tuple(_asked_without(one, gone) for one in kept.votes),
    )


def _asked_without(vote: KeptVote, gone: set[Id]) -> KeptVote:
    return replace(
        vote,
        taking_part=tuple(one for one in vote.taking_part if one not in gone),
        excused=tuple(one for one in vote.excused if one not in gone),
        tellers=tuple(one for one in vote.tellers if one not in gone),
    )
