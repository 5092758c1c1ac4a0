"""Hands of those who come in while a question is open, and of those whom nobody can see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service.roll import Mark, RollSheet
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id, new_id
from meetings.rooms.rules import PresenceKind
from meetings.sitting.happenings import happenings
from meetings.voting.assisting import Mark as Answer
from meetings.voting.refusals import FormNotAllowed, TooManyHands
from meetings.voting.rules import Choice
from meetings.voting.service import VotingService
from tests.attendance.world import SECRETARY, World
from tests.voting.test_service import QUESTION, opened


async def _comes(world: World, meeting: Id, *labels: str) -> None:
    world.clock.move(timedelta(seconds=30))
    marks = tuple(
        Mark(member=world.member(label), kind=EvidenceKind.LATE, device_at=None) for label in labels
    )
    await world.service.roll.mark(world.asks(SECRETARY), meeting, RollSheet(id=new_id(), marks=marks))


async def test_who_comes_in_raises_a_hand_and_the_base_stays(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    with pytest.raises(TooManyHands):
        await voting.count_hands(secretary, vote, (15, 0, 0))
    await _comes(world, stored.vote.meeting, "o17", "p2")  # who has no vote raises no hand
    with pytest.raises(TooManyHands) as many:
        await voting.count_hands(secretary, vote, (16, 0, 0))
    assert many.value.facts == {"counted": 16, "entitled": 15}
    await voting.count_hands(secretary, vote, (14, 0, 0))
    result = (await voting.close_vote(secretary, vote)).result or {}
    assert (result["base"], result["needed"], result["passed"]) == (20, 11, True)
    assert (result["not_cast"], result["absent"]) == (1, 5)
    assert sum(result[one] for one in ("in_favour", "against", "abstain", "not_cast", "absent")) == 20
    assert any("Thay đổi trong lúc biểu quyết" in note for note in result["notes"])


async def test_no_hands_are_counted_in_a_supplement_and_it_ends(world: World, voting: VotingService) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    at = world.clock.now() - timedelta(minutes=5)
    joined = [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in ("o1", "o2")]
    await world.service.record_presence(joined)
    asked = replace(QUESTION, question="Ý kiến về dự thảo nghị quyết")
    stored = await voting.open_vote(world.asks(SECRETARY), sitting.id, asked)
    with pytest.raises(FormNotAllowed):
        await voting.count_hands(world.asks(SECRETARY), stored.vote.id, (1, 0, 0))
    result = (await voting.close_vote(world.asks(SECRETARY), stored.vote.id)).result or {}
    assert result["passed"] is None


async def test_an_answer_written_down_for_somebody_moves_the_live_count(
    world: World, voting: VotingService
) -> None:
    stored = await opened(world, voting)
    async with world.units.read() as uow:
        _, before = await happenings(uow, stored.vote.meeting, 0)
    answer = Answer(id=new_id(), member=world.member("o3"), choice=Choice.FOR)
    await voting.assisting.mark(world.asks(SECRETARY), stored.vote.id, answer)
    async with world.units.read() as uow:
        found, _ = await happenings(uow, stored.vote.meeting, before)
    assert [(one.kind, one.facts) for one in found] == [("tally", {"vote": stored.vote.id, "answered": 1})]
