"""Sheets of ballots to print: of a vote, of a question that nobody has put yet, of an election's next round."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.attendance.service.reading import day_of
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.minutes import work
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.ports import Workshop
from meetings.minutes.service import ballot_facts, paper_facts
from meetings.minutes.service.gathering import Form
from meetings.voting.electing import standing_of
from meetings.voting.elections import ELECTIONS, FromTheList
from meetings.voting.rules import Concerned, DecisionKind
from meetings.voting.rules import Form as BallotForm
from meetings.voting.running import Question, prepared
from meetings.voting.running import known as known_vote

_AHEAD = frozenset({State.DRAFT, State.CONVENED, State.OPEN})


class OverAlready(Conflict):
    """Ballots are printed ahead for a sitting that is still to vote."""

    code = "over-already"
    message = "Buổi họp đã kết thúc nên không in phiếu được nữa."


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """Ballots of a question that nobody has put yet. `copies` None: as many as are expected to vote."""

    question: str
    kind: DecisionKind
    person: Concerned | None = None
    copies: int | None = None


class BallotSheets:
    """`form` is what the printed form needs. Nothing is kept of what is printed."""

    def __init__(self, units: Units, workshop: Workshop, *, form: Form) -> None:
        self._units, self._workshop, self._form = units, workshop, form

    async def of_vote(self, asker: Asker, vote: Id, copies: int | None) -> bytes:
        """Sheets of ballots. Raises NoSuchVote, NoSuchMeeting, NoPower, NotOnBallots, BallotTooLong."""
        async with self._units.read() as uow:
            stored = await known_vote(uow, vote)
            sitting, _ = await convening.allow_in(uow, asker, Power.VOTE, stored.vote.meeting)
            facts = await paper_facts.ballots(uow, sitting, stored, self._form, copies)
        return await self._workshop.do(work.print_paper, to_bytes(facts))

    async def ahead(self, asker: Asker, meeting: Id, ahead: Ahead) -> bytes:
        """The same before a question is put, if it could be put so on the day of the sitting.

        Raises OverAlready, FromTheList, NoSuchMeeting, NoPower, BallotTooLong and what `voting.running.prepared`
        raises.
        """
        if ahead.kind in ELECTIONS:
            raise FromTheList
        question = Question(
            question=ahead.question,
            kind=ahead.kind,
            form=BallotForm.PAPER,
            item=None,
            minutes=1,
            person=ahead.person,
        )
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VOTE, meeting)
            if sitting.state not in _AHEAD:
                raise OverAlready
            vote, _ = await prepared(uow, sitting, question, day_of(sitting))
            facts = await ballot_facts.of_question(uow, sitting, self._form, vote, ahead.copies)
        return await self._workshop.do(work.print_paper, to_bytes(facts))

    async def of_election(self, asker: Asker, election: Id, copies: int | None) -> bytes:
        """The same of an election's next round, from its closed list. Raises NoSuchElection, ListOpen, RoundNotNow,
        NoSuchMeeting, NoPower, BallotTooLong."""
        async with self._units.read() as uow:
            look = await standing_of(uow, election)
            sitting, _ = await convening.allow_in(uow, asker, Power.VOTE, look.election.meeting)
            facts = await ballot_facts.of_election(uow, sitting, self._form, look, copies)
        return await self._workshop.do(work.print_paper, to_bytes(facts))
