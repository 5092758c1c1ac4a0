"""Acts of voting: put a question, count hands, end it; ask what came out and what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from meetings.agenda import deciding
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.rules import Standing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import record
from meetings.voting import store
from meetings.voting.assisting import AssistingService
from meetings.voting.casting import BallotBox
from meetings.voting.counting import CountingService
from meetings.voting.deferring import DeferringService
from meetings.voting.electing import ElectionService
from meetings.voting.elections import ELECTIONS, FromTheList
from meetings.voting.motions import MotionVotes
from meetings.voting.refusals import FormNotAllowed
from meetings.voting.reserving import ReservingService
from meetings.voting.rules import Ballot, Form, HallCount, StoredVote, VoteState
from meetings.voting.running import Question, act_of, decided, known, may_ask, may_run, put_question, there
from meetings.voting.secret import SecretService
from meetings.voting.tally import check_hall_count, check_tellers, may_close

__all__ = ["Question", "Recorded", "VotingService", "answered", "votes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What stands for one member: every version, the last one counts; how many came late, and the last when.
    `assisted`: ballots that the secretary entered for the member."""

    ballots: tuple[Ballot, ...]
    in_hall: bool
    late: int
    late_at: datetime | None = None
    assisted: frozenset[Id] = frozenset()


class VotingService:
    """`start` and `stop` with the application."""

    def __init__(self, units: Units, *, waiting: int = 20_000) -> None:
        self._units = units
        self.box = BallotBox(units, waiting=waiting)
        self.assisting = AssistingService(units)
        self.counting = CountingService(units)
        self.deferring = DeferringService(units)
        self.elections = ElectionService(units)
        self.motions = MotionVotes(units)
        self.reserving = ReservingService(units)
        self.secret = SecretService(units)

    def start(self) -> None:
        """Begin to take ballots."""
        self.box.start()
        self.secret.box.start()

    async def stop(self) -> None:
        """Write the open ballots that were accepted, drop the secret ones that nobody was told of."""
        await self.secret.box.stop()
        await self.box.stop()

    async def open_vote(
        self, asker: Asker, meeting: Id, question: Question, private: bytes | None = None
    ) -> StoredVote:
        """Put a question and fix its base. `private`: the key of a secret vote on devices, made ahead.

        Raises NotOpen, NoSuchItem, RollNotConfirmed, OnlineForbidden, FormNotAllowed, NotTakingPart, NotExcused,
        ExemptMayNotVote, FromTheList, NoPower, PersonMissing, OnePersonOnly, NotThisPerson, NobodyConcerned.
        """
        if question.kind in ELECTIONS:
            raise FromTheList
        if question.form is Form.SECRET_DEVICE:
            return await self.secret.open_vote(asker, meeting, question, private)
        async with self._units.begin() as uow:
            sitting, person = await may_ask(uow, asker, meeting)
            return await put_question(uow, sitting, person, question)

    async def count_hands(
        self, asker: Asker, vote: Id, count: tuple[int, int, int], tellers: Sequence[Id] = ()
    ) -> StoredVote:
        """Write down (for, against, abstain) of the hall, counted by these members.

        Raises TooManyHands, BadHallCount, VoteMoved, FormNotAllowed for secret ballots and in a supplement, NotATeller.
        """
        async with self._units.begin() as uow:
            stored, person = await may_run(uow, asker, vote)
            if stored.vote.form.secret or stored.vote.standing is Standing.SUPPLEMENT:
                raise FormNotAllowed
            may_close(stored.vote)
            before = await store.hall_count(uow.session, vote)
            hands = HallCount(
                in_favour=count[0],
                against=count[1],
                abstain=count[2],
                by=person,
                at=uow.now,
                sequence=before.sequence + 1 if before else 1,
                tellers=tuple(dict.fromkeys(tellers)),
            )
            check_hall_count(hands, await there(uow, stored))
            check_tellers(hands, stored.base)
            await store.add_hall_count(uow.session, vote, hands, new_id())
            facts = {"for": count[0], "against": count[1], "abstain": count[2], "sequence": hands.sequence}
            await record(uow, act_of("voting.hands", stored.cell, stored.vote, person, public=facts))
            return stored

    async def close_vote(self, asker: Asker, vote: Id) -> StoredVote:
        """End it; the result is fixed. Raises NoHallCount, NoPaperCount, NotCasting, StillGathering, VoteMoved."""
        async with self._units.begin() as uow:
            stored, person = await may_run(uow, asker, vote)
            may_close(stored.vote)
            result, facts = await self._ended(uow, stored)
            ended = replace(stored.vote, state=VoteState.CLOSED, closed_at=uow.now)
            await store.close(uow.session, ended, result)
            facts |= {name: result[name] for name in ("base", "needed", "in_favour", "against", "passed")}
            await record(uow, act_of("voting.close", stored.cell, ended, person, public=facts))
            passed = result["passed"] is True
            await deciding.vote_ended(uow, stored.cell, ended.meeting, person, vote, passed=passed)
            return replace(stored, vote=ended, result=result)

    async def _ended(self, uow: UnitOfWork, stored: StoredVote) -> tuple[dict[str, Any], dict[str, Json]]:
        """(result, further facts for the ledger)."""
        if stored.vote.form is Form.SECRET_DEVICE:
            return await self.secret.close(uow, stored)
        return asdict(await decided(uow, stored)), {}

    async def recorded_for(self, asker: Asker, vote: Id) -> Recorded:
        """What was recorded for me? Raises NoSuchVote, NoSuchMeeting."""
        async with self._units.read() as uow:
            stored = await known(uow, vote)
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            member = actor.member_in(sitting.cell)
            if member is None:
                return Recorded(ballots=(), in_hall=False, late=0)
            mine = await store.ballots(uow.session, vote, member)
            late = await store.late_ballots(uow.session, vote, member)
            helped = await store.assisted(uow.session, vote)
            in_hall = member in stored.base.present
            return Recorded(
                ballots=tuple(sorted(mine, key=lambda b: b.version)),
                in_hall=in_hall,
                late=len(late),
                late_at=late[-1] if late else None,
                assisted=helped & {one.id for one in mine},
            )

    async def view(self, asker: Asker, vote: Id) -> tuple[StoredVote, int, int]:
        """A vote, how many have answered from devices, how many came late. Raises NoSuchVote, NoSuchMeeting."""
        async with self._units.read() as uow:
            stored = await known(uow, vote)
            await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            late = len(await store.late_ballots(uow.session, vote))
            return stored, await store.answered(uow.session, vote), late

    async def of_meeting(self, asker: Asker, meeting: Id) -> list[StoredVote]:
        """The votes of a meeting. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await store.of_meeting(uow.session, meeting)


async def votes(uow: UnitOfWork, meeting: Id) -> list[StoredVote]:
    """The votes of a meeting with their results, for the storeys above."""
    return await store.of_meeting(uow.session, meeting)


async def answered(uow: UnitOfWork, vote: Id) -> int:
    """How many have answered from devices; never what."""
    return await store.answered(uow.session, vote)
