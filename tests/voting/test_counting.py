"""A secret vote on paper through the service: the protocol is the result, devices have no part in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.kernel.ids import new_id
from meetings.voting.assisting import Mark
from meetings.voting.casting import Cast
from meetings.voting.paper import (
    NoPaperCount,
    NotOnBoard,
    NotSorted,
    PaperLine,
    Protocol,
    SecretOnPaper,
    TooManyIssued,
)
from meetings.voting.refusals import FormNotAllowed, VoteMoved
from meetings.voting.rules import Choice, Concerned, DecisionKind, Form, StoredVote
from meetings.voting.service import Question, VotingService
from tests.attendance.world import HALL, SECRETARY, World

ADMISSION = Question(
    question="Đề nghị kết nạp quần chúng ưu tú A",
    kind=DecisionKind.ADMISSION,
    form=Form.PAPER,
    item=None,
    minutes=30,
    person=Concerned(name="Lường Thị Mẫu"),
)


async def opened(world: World, voting: VotingService, question: Question = ADMISSION) -> StoredVote:
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    return await voting.open_vote(world.asks(SECRETARY), sitting.id, question)


def protocol(world: World, yes: int = 12, no: int = 0) -> Protocol:
    return Protocol(
        issued=13,
        returned=13,
        valid=12,
        invalid=1,
        blank=0,
        lines=(PaperLine(member=None, in_favour=yes, against=no),),
        board=(world.member("o1"), world.member("o2"), world.member("o3")),
    )


async def test_the_protocol_decides_and_stands_in_the_result(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    assert stored.base.size == 19
    with pytest.raises(NoPaperCount):
        await voting.close_vote(secretary, vote)
    await voting.counting.count_paper(secretary, vote, protocol(world, 11, 1))
    await voting.counting.count_paper(secretary, vote, protocol(world, 12))
    closed = await voting.close_vote(secretary, vote)
    assert closed.result is not None
    found = closed.result
    assert (found["base"], found["needed"], found["passed"]) == (19, 13, False)
    assert (found["in_favour"], found["invalid"], found["not_cast"], found["absent"]) == (12, 1, 0, 6)
    assert found["papers"]["issued"] == 13
    assert found["record"][0].startswith("Phiếu phát ra 13, thu về 13, hợp lệ 12, không hợp lệ 1")
    assert "phiếu không hợp lệ 1" in found["explanation"]
    with pytest.raises(VoteMoved):
        await voting.counting.count_paper(secretary, vote, protocol(world))


async def test_no_device_and_no_hand_has_a_part_in_it(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote = stored.vote.id
    person = world.asks("o5").person
    with pytest.raises(SecretOnPaper):
        await voting.box.put(Cast(id=new_id(), vote=vote, person=person, version=1, choice=Choice.FOR))
    mark = Mark(id=new_id(), member=world.member("o5"), choice=Choice.FOR)
    with pytest.raises(SecretOnPaper):
        await voting.assisting.mark(world.asks(SECRETARY), vote, mark)
    with pytest.raises(FormNotAllowed):
        await voting.count_hands(world.asks(SECRETARY), vote, (12, 0, 0))
    assert (await voting.view(world.asks("o5"), vote))[1] == 0


async def test_a_protocol_is_checked_against_the_hall(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    good = protocol(world)
    for wrong, refusal in (
        (replace(good, issued=14), TooManyIssued),
        (replace(good, valid=13), NotSorted),
        (replace(good, board=(world.member("o14"),)), NotOnBoard),  # on the phone
        (replace(good, board=()), NotOnBoard),
    ):
        with pytest.raises(refusal):
            await voting.counting.count_paper(secretary, vote, wrong)


async def test_ballots_of_paper_are_not_counted_for_a_show_of_hands(
    world: World, voting: VotingService
) -> None:
    cards = replace(ADMISSION, form=Form.CARDS)
    stored = await opened(world, voting, cards)
    with pytest.raises(FormNotAllowed):
        await voting.counting.count_paper(world.asks(SECRETARY), stored.vote.id, protocol(world))
