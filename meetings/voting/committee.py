"""The committee that a secretary and a deputy are elected from (Điều lệ Đảng, Điều 24, khoản 4)."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.rules import Category, Member, Role
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.voting import paper_store
from meetings.voting.elections import Committee, from_committee
from meetings.voting.paper_store import Election
from meetings.voting.rules import DecisionKind, StoredVote

_SEATED = (Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.DEPUTY)


async def official_of(uow: UnitOfWork, sitting: AnySitting) -> int:
    """How many official members the cell has, wherever they are; those temporarily here belong to another."""
    roll = await convening.roster_of(uow, sitting)
    return sum(one.official and one.category is not Category.TEMPORARY_ARRIVED for one in roll)


async def committee_of(uow: UnitOfWork, election: Election, votes: Sequence[StoredVote]) -> Committee | None:
    """None: others may stand too. Where this sitting elects a committee, those whom it has elected so far; else who
    sits in the committee by the mandates that are written down."""
    sitting = await convening.sitting(uow, election.meeting)
    if not from_committee(election.kind, await official_of(uow, sitting)):
        return None
    here = await paper_store.elections_of(uow.session, election.meeting)
    if any(one.kind is DecisionKind.COMMITTEE_ELECTION for one in here):
        return Committee(known=True, members=_elected(votes))
    return await _seated(uow, sitting)


def _elected(votes: Sequence[StoredVote]) -> frozenset[Id]:
    ended = [one for one in votes if one.vote.kind is DecisionKind.COMMITTEE_ELECTION and one.result]
    names = [name for one in ended for name in (one.result or {})["names"]]
    return frozenset(name["member"] for name in names if name["elected"])


async def _seated(uow: UnitOfWork, sitting: AnySitting) -> Committee:
    """A secretary alone tells nothing of a committee."""
    day = day_of(sitting)
    held = {role: await committees.mandate_holders(uow, sitting.cell, role, day) for role in _SEATED}
    people = {person for holders in held.values() for person in holders}
    roll: Sequence[Member] = await convening.roster_of(uow, sitting)
    members = frozenset(one.id for one in roll if one.person in people)
    return Committee(known=bool(held[Role.COMMITTEE_MEMBER]), members=members)
