"""Answers entered for members: assisted, logged, once, in time, and replaced by the member's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.committees.powers import NoPower
from meetings.kernel.ids import new_id
from meetings.voting.assisting import Mark
from meetings.voting.casting import Cast
from meetings.voting.refusals import BallotDiffers, MarkTooLate, NotEntitled, VoteMoved
from meetings.voting.rules import Choice
from meetings.voting.service import VotingService
from tests.attendance.world import SECRETARY, World
from tests.voting.test_service import opened


def mark(world: World, label: str, choice: Choice = Choice.FOR) -> Mark:
    return Mark(id=new_id(), member=world.member(label), choice=choice)


async def test_an_assisted_answer_is_logged_and_confirms(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    one = mark(world, "o5")
    first = await voting.assisting.mark(secretary, vote, one)
    assert await voting.assisting.mark(secretary, vote, one) == first
    with pytest.raises(BallotDiffers):
        await voting.assisting.mark(secretary, vote, replace(one, choice=Choice.AGAINST))
    mine = await voting.recorded_for(world.asks("o5"), vote)
    assert [ballot.id for ballot in mine.ballots] == [one.id]
    assert mine.assisted == {one.id}
    await voting.count_hands(secretary, vote, (12, 1, 1), [world.member("o1")])
    closed = await voting.close_vote(secretary, vote)
    assert closed.result is not None
    assert (closed.result["devices"]["in_favour"], closed.result["assisted"]) == (1, 1)
    assert any(note.startswith("Người đếm: ") for note in closed.result["record"])
    assert "Trong các ý kiến trên máy có 1 ý kiến do người điều hành ghi giúp." in closed.result["record"]


async def test_the_member_s_own_answer_counts_instead(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    await voting.assisting.mark(secretary, vote, mark(world, "o5"))
    person = world.asks("o5").person
    await voting.box.put(Cast(id=new_id(), vote=vote, person=person, version=2, choice=Choice.AGAINST))
    await voting.count_hands(secretary, vote, (12, 1, 1))
    closed = await voting.close_vote(secretary, vote)
    assert closed.result is not None
    assert closed.result["devices"] == {"in_favour": 0, "against": 1, "abstain": 0}
    assert closed.result["assisted"] == 0
    assert not any("ghi giúp" in note for note in closed.result["record"])


async def test_who_when_and_for_whom(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    with pytest.raises(NoPower):
        await voting.assisting.mark(world.asks("o5"), vote, mark(world, "o5"))
    with pytest.raises(NotEntitled):
        await voting.assisting.mark(secretary, vote, mark(world, "p1"))
    world.clock.move(timedelta(minutes=6))
    with pytest.raises(MarkTooLate):
        await voting.assisting.mark(secretary, vote, mark(world, "o5"))
    await voting.count_hands(secretary, vote, (12, 1, 1))
    await voting.close_vote(secretary, vote)
    with pytest.raises(VoteMoved):
        await voting.assisting.mark(secretary, vote, mark(world, "o5"))
