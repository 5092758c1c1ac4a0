"""What ballots printed before a vote opens say: of a question in words, or of an election whose list is closed."""

from __future__ import annotations

from meetings.attendance.service.reading import convoked_members, day_of
from meetings.committees.rules import Category
from meetings.convening.rules import AnySitting
from meetings.convening.service import roster_of
from meetings.db.unit import UnitOfWork
from meetings.minutes.papers.records import Ballots
from meetings.minutes.service.gathering import Form
from meetings.minutes.service.paper_facts import on_ballot, paper_of
from meetings.voting.electing import ElectionLook, next_slate
from meetings.voting.rules import Vote

_ELSEWHERE = frozenset({Category.TEMPORARY_AWAY, Category.SUSPENDED})


async def of_question(
    uow: UnitOfWork, sitting: AnySitting, form: Form, vote: Vote, copies: int | None
) -> Ballots:
    """Of a question as it could be put. As many as official members are called and expected here, unless told
    otherwise: who comes is not known yet."""
    return Ballots(
        paper=await paper_of(uow, sitting, form, day_of(sitting)),
        vote=None,
        question=vote.question,
        copies=copies or await _expected(uow, sitting),
        names=on_ballot(vote),
    )


async def of_election(
    uow: UnitOfWork, sitting: AnySitting, form: Form, look: ElectionLook, copies: int | None
) -> Ballots:
    """The names of the next round. Raises ListOpen, RoundNotNow."""
    slate = next_slate(look)
    return Ballots(
        paper=await paper_of(uow, sitting, form, day_of(sitting)),
        vote=None,
        question=look.election.title,
        copies=copies or await _expected(uow, sitting),
        names=tuple(name for _, name in slate.candidates),
        seats=slate.seats,
    )


async def _expected(uow: UnitOfWork, sitting: AnySitting) -> int:
    called = await convoked_members(uow, sitting.id)
    people = await roster_of(uow, sitting)
    return max(1, sum(one.official and one.id in called and one.category not in _ELSEWHERE for one in people))
