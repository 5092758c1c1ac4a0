"""Votes through the service on both databases: cell S of the rules, receipts, repeats, late answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from meetings.attendance.rules import EvidenceKind, RollNotConfirmed
from meetings.attendance.service.roll import Mark, RollSheet
from meetings.committees.powers import NoPower
from meetings.committees.rules import Leaving
from meetings.committees.service import CommitteesService
from meetings.convening.rules import AnySitting, Mode
from meetings.convening.service import NoSuchMeeting
from meetings.convening.verdict import VerdictInSupplement
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import LedgerService
from meetings.rooms.rules import PresenceKind
from meetings.voting.casting import Cast, NoSuchVote
from meetings.voting.refusals import (
    BallotDiffers,
    NoHallCount,
    NotEntitled,
    NotExcused,
    NotTakingPart,
    OnlineForbidden,
    TooManyHands,
    VersionTaken,
    VoteMoved,
)
from meetings.voting.rules import Choice, DecisionKind, Form, StoredVote
from meetings.voting.service import Question, VotingService
from tests.attendance.world import HALL, PHONE, SECRETARY, STRANGER, World, entered

QUESTION = Question(
    question="Thông qua nghị quyết tháng 11",
    kind=DecisionKind.RESOLUTION,
    form=Form.HANDS,
    item=None,
    minutes=6,
)


async def hybrid(world: World) -> AnySitting:
    """The November hybrid: the hall's roll confirmed, four on the phone."""
    sitting = await world.meeting(mode=Mode.HYBRID)
    await world.roll(sitting.id, HALL)
    at = world.clock.now() - timedelta(minutes=5)
    await world.service.record_presence(
        [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in PHONE]
    )
    return sitting


async def opened(world: World, voting: VotingService, *, exempt: bool = True) -> StoredVote:
    """The vote of story 1; the exempt elder takes part or declines."""
    sitting = await hybrid(world)
    taking = (world.member("e1"),) if exempt else ()
    return await voting.open_vote(world.asks(SECRETARY), sitting.id, replace(QUESTION, taking_part=taking))


def cast(world: World, vote: Id, label: str, choice: Choice = Choice.FOR, *, version: int = 1) -> Cast:
    return Cast(id=new_id(), vote=vote, person=world.asks(label).person, version=version, choice=choice)


async def test_story_one(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote = stored.vote.id
    assert stored.base.size == 20
    for label in ("o14", "o15", "o16"):
        receipt = await voting.box.put(cast(world, vote, label))
        assert not receipt.in_hall
    await voting.count_hands(world.asks(SECRETARY), vote, (12, 1, 1))
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    assert closed.result is not None
    assert (closed.result["base"], closed.result["needed"], closed.result["passed"]) == (20, 11, True)
    assert closed.result["phone"] == {"in_favour": 3, "against": 0, "abstain": 0}
    assert closed.result["explanation"].startswith("Số đảng viên làm căn cứ tính: 20, gồm 24")
    assert "20 đồng chí có mặt" not in closed.result["explanation"]


async def test_story_one_when_the_elder_declines(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting, exempt=False)
    await voting.count_hands(world.asks(SECRETARY), stored.vote.id, (12, 1, 0))
    closed = await voting.close_vote(world.asks(SECRETARY), stored.vote.id)
    assert closed.result is not None
    assert (closed.result["base"], closed.result["needed"], closed.result["passed"]) == (19, 10, True)


async def test_a_supplement_has_opinions_and_no_verdict(world: World, voting: VotingService) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    at = world.clock.now() - timedelta(minutes=5)
    joined = [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in ("o1", "o2", "p1")]
    await world.service.record_presence(joined)
    with pytest.raises(VerdictInSupplement):
        await voting.open_vote(world.asks(SECRETARY), sitting.id, QUESTION)
    asked = replace(QUESTION, question="Ý kiến về dự thảo nghị quyết")
    stored = await voting.open_vote(world.asks(SECRETARY), sitting.id, asked)
    await voting.box.put(cast(world, stored.vote.id, "o1"))
    await voting.box.put(cast(world, stored.vote.id, "o2", Choice.AGAINST))
    closed = await voting.close_vote(world.asks(SECRETARY), stored.vote.id)
    assert closed.result is not None
    assert closed.result["passed"] is None
    assert closed.result["phone"] == {"in_favour": 1, "against": 1, "abstain": 0}
    assert "thông qua" not in closed.result["explanation"]


async def test_the_same_request_gives_the_same_receipt(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    one = cast(world, stored.vote.id, "o3")
    first = await voting.box.put(one)
    world.clock.move(timedelta(minutes=1))
    again = await asyncio.gather(*[voting.box.put(one) for _ in range(5)])
    assert all(receipt == first for receipt in again)
    with pytest.raises(BallotDiffers):
        await voting.box.put(replace(one, choice=Choice.AGAINST))
    recorded = await voting.recorded_for(world.asks("o3"), stored.vote.id)
    assert [ballot.choice for ballot in recorded.ballots] == [Choice.FOR]


async def test_a_repeat_within_one_batch_is_written_once(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    one = cast(world, stored.vote.id, "o3")
    receipts = await asyncio.gather(*[voting.box.put(one) for _ in range(20)])
    assert len({receipt.at for receipt in receipts}) == 1
    assert (await voting.view(world.asks("o3"), stored.vote.id))[1] == 1


async def test_nobody_fails_for_a_neighbour(world: World, voting: VotingService) -> None:
    """A taken version, a stranger and a foreign vote in the same batch as good ballots."""
    stored = await opened(world, voting)
    vote = stored.vote.id
    await voting.box.put(cast(world, vote, "o2"))
    batch = [
        cast(world, vote, "o2", Choice.AGAINST),  # another device, the same version
        cast(world, vote, STRANGER),
        cast(world, vote, "p1"),
        cast(world, new_id(), "o4"),
        *[cast(world, vote, f"o{number}") for number in range(4, 14)],
    ]
    fates = await asyncio.gather(*[voting.box.put(one) for one in batch], return_exceptions=True)
    kinds = [type(fate) for fate in fates[:4]]
    assert kinds == [VersionTaken, NotEntitled, NotEntitled, NoSuchVote]
    assert all(not isinstance(fate, BaseException) for fate in fates[4:])
    assert (await voting.view(world.asks("o3"), vote))[1] == 11


async def test_the_last_version_counts(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote = stored.vote.id
    await voting.box.put(cast(world, vote, "o5", Choice.FOR, version=2))
    await voting.box.put(cast(world, vote, "o5", Choice.AGAINST, version=1))
    await voting.count_hands(world.asks(SECRETARY), vote, (13, 0, 1))
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    assert closed.result is not None
    assert closed.result["devices"] == {"in_favour": 1, "against": 0, "abstain": 0}


async def test_late_is_kept_and_never_counted(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote = stored.vote.id
    early = cast(world, vote, "o6")
    await voting.box.put(early)
    world.clock.move(timedelta(minutes=6))
    late = cast(world, vote, "o7")
    receipt = await voting.box.put(late)
    assert receipt.late
    world.clock.move(timedelta(minutes=1))
    assert (await voting.box.put(late)).at == receipt.at
    assert not (await voting.box.put(early)).late
    await voting.count_hands(world.asks(SECRETARY), vote, (14, 0, 0))
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    assert closed.result is not None
    assert closed.result["late"] == 1
    assert closed.result["devices"]["in_favour"] == 1


async def test_it_closes_once_and_only_with_a_count(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote, secretary = stored.vote.id, world.asks(SECRETARY)
    with pytest.raises(NoHallCount):
        await voting.close_vote(secretary, vote)
    with pytest.raises(TooManyHands):
        await voting.count_hands(secretary, vote, (15, 0, 0))
    await voting.count_hands(secretary, vote, (10, 0, 0))
    await voting.count_hands(secretary, vote, (12, 1, 1))
    closed = await voting.close_vote(secretary, vote)
    assert closed.result is not None
    assert closed.result["in_favour"] == 12
    with pytest.raises(VoteMoved):
        await voting.close_vote(secretary, vote)
    with pytest.raises(VoteMoved):
        await voting.count_hands(secretary, vote, (1, 0, 0))


async def test_only_the_cell_s_leaders_run_a_vote(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    with pytest.raises(NoPower):
        await voting.close_vote(world.asks("o5"), stored.vote.id)
    with pytest.raises(NoSuchMeeting):
        await voting.view(world.asks(STRANGER), stored.vote.id)
    with pytest.raises(NoSuchMeeting):
        await voting.open_vote(world.asks(STRANGER), stored.vote.meeting, QUESTION)


async def test_a_vote_needs_a_confirmed_roll(world: World, voting: VotingService) -> None:
    sitting = await world.meeting(mode=Mode.HYBRID)
    with pytest.raises(RollNotConfirmed):
        await voting.open_vote(world.asks(SECRETARY), sitting.id, QUESTION)


async def test_everything_stands_in_the_ledger(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    vote = stored.vote.id
    await asyncio.gather(*[voting.box.put(cast(world, vote, f"o{n}")) for n in range(1, 10)])
    await voting.count_hands(world.asks(SECRETARY), vote, (12, 1, 1))
    await voting.close_vote(world.asks(SECRETARY), vote)
    [chain] = await LedgerService(world.units).verify([stored.cell])
    assert chain.valid
    assert chain.entries >= 12


async def test_only_elders_who_are_there_are_asked_whether_they_take_part(
    world: World, voting: VotingService
) -> None:
    sitting, secretary = await hybrid(world), world.asks(SECRETARY)
    for label in ("e2", "o1", "p1"):  # absent, an official member, on probation
        taking = (world.member("e1"), world.member(label))
        with pytest.raises(NotTakingPart):
            await voting.open_vote(secretary, sitting.id, replace(QUESTION, taking_part=taking))
    assert await voting.of_meeting(secretary, sitting.id) == []


async def test_the_base_stays_and_who_left_is_told_at_closing(world: World, voting: VotingService) -> None:
    stored = await opened(world, voting)
    world.clock.move(timedelta(minutes=1))
    gone = Mark(member=world.member("o1"), kind=EvidenceKind.LEFT_EARLY)
    sheet = RollSheet(id=new_id(), marks=(gone,))
    await world.service.roll.mark(world.asks(SECRETARY), stored.vote.meeting, sheet)
    world.clock.move(timedelta(minutes=1))
    await voting.count_hands(world.asks(SECRETARY), stored.vote.id, (12, 1, 1))
    closed = await voting.close_vote(world.asks(SECRETARY), stored.vote.id)
    assert closed.result is not None
    assert closed.result["base"] == 20
    assert "Số làm căn cứ tính cố định từ lúc mở biểu quyết." in closed.result["notes"][-1]
    assert "from “official, present” to “official, absent, still counted”" in closed.result["notes_en"][-1]
    assert len(closed.result["people"]) == 28


async def test_who_left_the_cell_meanwhile_stays_in_the_base_of_the_open_vote(
    world: World, voting: VotingService
) -> None:
    """The base is fixed when the vote opens (rules.md 3.3); the next one is without the member who left."""
    stored = await opened(world, voting)
    gone, secretary = world.member("o14"), world.asks(SECRETARY)
    yesterday = world.clock.now().date() - timedelta(days=1)
    leaving = CommitteesService(world.units).leaving
    await leaving.end_membership(secretary, gone, yesterday, Leaving.TRANSFERRED, "Giấy chuyển sinh hoạt")
    await voting.count_hands(secretary, stored.vote.id, (12, 1, 1))
    closed = await voting.close_vote(secretary, stored.vote.id)
    assert closed.result is not None
    assert (closed.result["base"], closed.result["needed"]) == (20, 11)
    assert [one["name"] for one in closed.result["people"] if one["member"] == gone] == ["Người Thử O14"]
    later = await voting.open_vote(
        secretary, stored.vote.meeting, replace(QUESTION, taking_part=(world.member("e1"),))
    )
    assert later.base.size == 19


async def test_a_base_is_of_the_sittings_day_and_stays_whoever_is_entered_later(
    world: World, voting: VotingService
) -> None:
    """As of a meeting held on paper, entered two days later: who came in between is no member of that evening."""
    sitting = await hybrid(world)
    world.clock.move(timedelta(days=2))
    await entered(world.units, "n1", world.clock.now().date())
    asked = replace(QUESTION, taking_part=(world.member("e1"),))
    stored = await voting.open_vote(world.asks(SECRETARY), sitting.id, asked)
    assert world.member("n1") not in {*dict(stored.base.included), *dict(stored.base.excluded)}
    await entered(world.units, "n2", date(2026, 1, 5))
    await voting.count_hands(world.asks(SECRETARY), stored.vote.id, (12, 1, 1))
    closed = await voting.close_vote(world.asks(SECRETARY), stored.vote.id)
    assert closed.result is not None
    assert (closed.base, closed.result["base"]) == (stored.base, 20)
    assert not [one for one in closed.result["people"] if one["member"] == world.member("n2")]


async def test_what_may_not_be_asked_online_is_refused_with_its_source(
    world: World, voting: VotingService
) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    question = replace(
        QUESTION, kind=DecisionKind.ADMISSION, form=Form.CARDS, question="Kết nạp quần chúng A"
    )
    with pytest.raises(OnlineForbidden, match="Điều lệ Đảng ngày 19/01/2011, Điều 4"):
        await voting.open_vote(world.asks(SECRETARY), sitting.id, question)


async def test_an_excused_absence_leaves_only_the_bases_that_say_so(
    world: World, voting: VotingService
) -> None:
    sitting, secretary = await hybrid(world), world.asks(SECRETARY)
    away = replace(QUESTION, excused=(world.member("o17"),))
    with pytest.raises(NotExcused):
        await voting.open_vote(secretary, sitting.id, away)
    choice = replace(QUESTION, kind=DecisionKind.CHAIR_CHOICE)
    assert (await voting.open_vote(secretary, sitting.id, choice)).base.size == 13


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vote SET result = NULL",
        "UPDATE vote SET state = 'open'",
        "UPDATE vote SET question = 'x'",
        "UPDATE vote SET base = '{}'",
        "DELETE FROM vote",
    ],
)
async def test_what_was_decided_stays_as_it_was_decided(
    world: World, voting: VotingService, statement: str
) -> None:
    sitting = await hybrid(world)
    vote = (await voting.open_vote(world.asks(SECRETARY), sitting.id, QUESTION)).vote.id
    await voting.count_hands(world.asks(SECRETARY), vote, (12, 0, 0))
    before = (await voting.close_vote(world.asks(SECRETARY), vote)).vote
    with pytest.raises(GuardedByDatabase):
        async with world.units.begin() as uow:
            await uow.session.execute(text(statement))
    assert (await voting.view(world.asks(SECRETARY), vote))[0].vote == before


@pytest.mark.parametrize(
    "statement", ["UPDATE vote SET question = 'x'", "UPDATE vote SET base = '{}'", "DELETE FROM vote"]
)
async def test_what_is_asked_stays_as_it_was_asked(
    world: World, voting: VotingService, statement: str
) -> None:
    sitting = await hybrid(world)
    await voting.open_vote(world.asks(SECRETARY), sitting.id, QUESTION)
    with pytest.raises(GuardedByDatabase):
        async with world.units.begin() as uow:
            await uow.session.execute(text(statement))
