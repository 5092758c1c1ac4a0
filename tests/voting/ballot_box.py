"""Votes, counts and ballots of the invented cell."""

from __future__ import annotations

from meetings.convening.rules import Standing
from meetings.kernel.ids import derived_id
from meetings.voting.rules import (
    Ballot,
    Choice,
    DecisionKind,
    Form,
    HallCount,
    Vote,
    VoteState,
    body_hash,
)
from tests.cell_s import MEETING, SECRETARY, at

VOTE = derived_id("cell-s", "vote")


def vote(standing: Standing = Standing.MANDATORY, state: VoteState = VoteState.OPEN) -> Vote:
    """A resolution by show of hands, open from minute 60 until 66."""
    return Vote(
        id=VOTE,
        meeting=MEETING,
        item=None,
        question="Dự thảo nghị quyết tháng 11",
        kind=DecisionKind.RESOLUTION,
        form=Form.HANDS,
        standing=standing,
        state=state,
        opened_at=at(60),
        deadline=at(66),
    )


def hands(in_favour: int, against: int = 0, abstain: int = 0) -> HallCount:
    """What the recorder counted."""
    return HallCount(in_favour=in_favour, against=against, abstain=abstain, by=SECRETARY, at=at(65))


def ballot(who: str, choice: Choice = Choice.FOR, version: int = 1) -> Ballot:
    """One answer from a device."""
    return Ballot(
        id=derived_id("ballot", who, str(version)),
        vote=VOTE,
        member=who,
        version=version,
        choice=choice,
        body_hash=body_hash(vote=VOTE, member=who, version=version, choice=choice),
        received_at=at(61),
    )
