"""Motions put to the vote: what a member moved becomes a question, and its result decides the motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetings.agenda import deciding
from meetings.agenda.motions import MotionState, motion_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.voting.rules import DecisionKind, Form, StoredVote
from meetings.voting.running import Question, known, may_ask, put_question

MOST_LETTERS = 200  # of a question


@dataclass(frozen=True, kw_only=True, slots=True)
class Putting:
    """How the meeting votes on a motion. `taking_part`: exempt members present whom the secretary confirmed."""

    form: Form = Form.HANDS
    minutes: int = 5
    taking_part: Sequence[Id] = ()


class MotionVotes:
    """A vote on a motion is a vote like any other; closing it decides the motion in the same transaction."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def put(self, asker: Asker, motion: Id, putting: Putting) -> StoredVote:
        """Put it to the vote; asked again while it is voted on, that vote.

        Raises NoSuchMotion, MotionDecided, DraftMoved, DraftVoting, OnlyNoted, and what opening a vote raises.
        """
        async with self._units.begin() as uow:
            meeting = await deciding.meeting_of(uow, motion)
            sitting, person = await may_ask(uow, asker, meeting)
            if (vote := await _running(uow, meeting, motion)) is not None:
                return vote
            look, one = await deciding.to_be_voted(uow, sitting, motion)
            question = Question(
                question=asked(one.motion.number, look.spoken(one)),
                kind=DecisionKind.MOTION,
                form=putting.form,
                item=one.motion.item,
                minutes=putting.minutes,
                taking_part=putting.taking_part,
            )
            stored = await put_question(uow, sitting, person, question, motion=motion)
            await deciding.put_to_vote(uow, sitting, person, one, stored.vote.id)
            return stored


def asked(number: int, spoken: str) -> str:
    """The question; a long one is cut, since the whole stands beside it."""
    text = f"Đề nghị số {number}: {spoken}"
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…"


async def _running(uow: UnitOfWork, meeting: Id, motion: Id) -> StoredVote | None:
    one = motion_of(await deciding.moved_in(uow, meeting), motion)
    if one.state is not MotionState.VOTING or one.vote is None:
        return None
    return await known(uow, one.vote)
