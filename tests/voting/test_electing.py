"""Elections through the service: names, the list, two rounds, a tie, and what the rules refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from meetings.committees.powers import NoPower
from meetings.convening.rules import Mode
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import Id, new_id
from meetings.voting.electing import ElectionLook, Round, Wanted
from meetings.voting.elections import (
    BadSeats,
    FromTheList,
    ListClosed,
    ListOpen,
    ListTooShort,
    MayNotStand,
    NameStep,
    NoSuchElection,
    NotOnList,
    RoundNotNow,
    Step,
    TooFewForCommittee,
)
from meetings.voting.paper import NotOnBoard, PaperLine, Protocol
from meetings.voting.refusals import OnlineForbidden, TooManyHands
from meetings.voting.rules import DecisionKind, Form, StoredVote
from meetings.voting.service import Question, VotingService
from tests.attendance.world import HALL, SECRETARY, World

COMMITTEE = Wanted(kind=DecisionKind.COMMITTEE_ELECTION, title="Bầu chi ủy", seats=2)


async def begun(world: World, voting: VotingService) -> ElectionLook:
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    return await voting.elections.begin(world.asks(SECRETARY), sitting.id, COMMITTEE)


async def listed(world: World, voting: VotingService) -> Id:
    """Three names for two seats; the third by a member, with support."""
    election, secretary = (await begun(world, voting)).election.id, world.asks(SECRETARY)
    for label, step in (("o1", Step.BY_CONVENOR), ("o2", Step.BY_CONVENOR), ("o3", Step.BY_MEMBER)):
        nominator = world.member("p1") if step is Step.BY_MEMBER else None
        name = NameStep(member=world.member(label), step=step, nominator=nominator)
        await voting.elections.step(secretary, election, name)
    with pytest.raises(ListTooShort):
        await voting.elections.close_list(secretary, election)
    support = NameStep(member=world.member("o3"), step=Step.SUPPORT, in_favour=9, present=13)
    await voting.elections.step(secretary, election, support)
    await voting.elections.close_list(secretary, election)
    return election


async def counted(
    world: World, voting: VotingService, round_: StoredVote, yes: dict[str, int], ballots: int = 13
) -> StoredVote:
    """The protocol of a round, then its end."""
    protocol = Protocol(
        issued=ballots,
        returned=ballots,
        valid=ballots,
        invalid=0,
        blank=0,
        lines=tuple(
            PaperLine(member=world.member(who), in_favour=n, against=ballots - n) for who, n in yes.items()
        ),
        board=(world.member("o8"), world.member("o9")),
    )
    secretary = world.asks(SECRETARY)
    await voting.counting.count_paper(secretary, round_.vote.id, protocol)
    return await voting.close_vote(secretary, round_.vote.id)


async def test_a_count_of_support_is_told_beside_the_roll(world: World, voting: VotingService) -> None:
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    election = (await voting.elections.begin(secretary, sitting.id, COMMITTEE)).election.id
    member = world.member("o3")
    await voting.elections.step(secretary, election, NameStep(member=member, step=Step.BY_SELF))
    count = NameStep(member=member, step=Step.SUPPORT, in_favour=9, present=15)
    [named] = (await voting.elections.step(secretary, election, count)).names
    assert (named.on_roll, named.differs) == (None, False), "no roll yet to compare with"
    await world.roll(sitting.id, HALL)
    [named] = (await voting.elections.step(secretary, election, count)).names
    assert (named.support, named.on_roll, named.differs) == ((9, 15), 14, True)
    [named] = (await voting.elections.step(secretary, election, replace(count, present=13))).names
    assert (named.on_roll, named.differs) == (13, False)
    with pytest.raises(TooManyHands):
        await voting.elections.step(secretary, election, replace(count, in_favour=15))
    [named] = (await voting.elections.look(secretary, election)).names
    assert named.support == (9, 13), "what was refused is not kept"


async def test_two_rounds_fill_the_seats(world: World, voting: VotingService) -> None:
    election, secretary = await listed(world, voting), world.asks(SECRETARY)
    excused = tuple(world.member(label) for label in ("o17", "o18"))
    first = await voting.elections.open_round(secretary, election, Round(minutes=60, excused=excused))
    assert (first.base.size, first.vote.form) == (17, Form.PAPER)
    with pytest.raises(RoundNotNow):
        await voting.elections.open_round(secretary, election, Round(minutes=60))
    ended = await counted(world, voting, first, {"o1": 13, "o2": 6, "o3": 7})
    assert ended.result is not None
    assert (ended.result["needed"], ended.result["passed"]) == (9, None)
    assert (
        "Vòng 1: trúng cử 1/2. Có bầu tiếp hay không do hội nghị quyết định." in ended.result["explanation"]
    )
    second = await voting.elections.open_round(
        secretary, election, Round(minutes=60, candidates=(world.member("o3"),), excused=excused)
    )
    assert second.vote.slate is not None
    assert (second.vote.slate.seats, second.vote.slate.round) == (1, 2)
    await counted(world, voting, second, {"o3": 10})
    look = await voting.elections.look(world.asks("o5"), election)
    assert look.elected == (world.member("o1"), world.member("o3"))
    with pytest.raises(RoundNotNow):
        await voting.elections.open_round(secretary, election, Round(minutes=60))


async def test_a_tie_at_the_last_seat_is_left_to_the_meeting(world: World, voting: VotingService) -> None:
    election, secretary = await listed(world, voting), world.asks(SECRETARY)
    first = await voting.elections.open_round(secretary, election, Round(minutes=60))
    ended = await counted(world, voting, first, {"o1": 13, "o2": 6, "o3": 6})
    assert ended.result is not None
    assert ended.result["needed"] == 10
    tied = await voting.elections.open_round(secretary, election, Round(minutes=60))
    ended = await counted(world, voting, tied, {"o2": 6, "o3": 7})
    assert ended.result is not None
    assert not any(name["elected"] or name["tied"] for name in ended.result["names"])
    with pytest.raises(NotOnList):
        elected = Round(minutes=60, candidates=(world.member("o1"),))
        await voting.elections.open_round(secretary, election, elected)


async def test_a_list_once_closed_stays_closed(world: World, voting: VotingService) -> None:
    election, secretary = await listed(world, voting), world.asks(SECRETARY)
    with pytest.raises(ListClosed):
        step = NameStep(member=world.member("o4"), step=Step.BY_SELF)
        await voting.elections.step(secretary, election, step)
    with pytest.raises(ListClosed):
        await voting.elections.close_list(secretary, election)


async def test_nobody_counts_the_ballot_they_stand_on(world: World, voting: VotingService) -> None:
    election, secretary = await listed(world, voting), world.asks(SECRETARY)
    round_ = await voting.elections.open_round(secretary, election, Round(minutes=60))
    lines = tuple(PaperLine(member=world.member(who), in_favour=0, against=0) for who in ("o1", "o2", "o3"))
    numbers = {"issued": 13, "returned": 0, "valid": 0, "invalid": 0, "blank": 0}
    with pytest.raises(NotOnBoard):
        await voting.counting.count_paper(
            secretary, round_.vote.id, Protocol(**numbers, lines=lines, board=(world.member("o1"),))
        )


async def test_what_an_election_refuses(world: World, voting: VotingService) -> None:
    look, secretary = await begun(world, voting), world.asks(SECRETARY)
    election, meeting = look.election.id, look.election.meeting
    with pytest.raises(MayNotStand):
        step = NameStep(member=world.member("p1"), step=Step.BY_MEMBER)
        await voting.elections.step(secretary, election, step)
    with pytest.raises(ListOpen):
        await voting.elections.open_round(secretary, election, Round(minutes=60))
    with pytest.raises(NoPower):
        await voting.elections.close_list(world.asks("o5"), election)
    with pytest.raises(NoSuchElection):
        await voting.elections.look(secretary, new_id())
    with pytest.raises(BadSeats):
        await voting.elections.begin(
            secretary, meeting, Wanted(kind=DecisionKind.SECRETARY_ELECTION, title="Bầu bí thư", seats=2)
        )
    bare = Question(
        question="Bầu bí thư", kind=DecisionKind.SECRETARY_ELECTION, form=Form.PAPER, item=None, minutes=5
    )
    with pytest.raises(FromTheList):
        await voting.open_vote(secretary, meeting, bare)


async def test_a_small_cell_elects_its_secretary_and_no_committee(
    world: World, voting: VotingService
) -> None:
    sitting = await world.meeting(mode=Mode.IN_PERSON, cell="T")
    wanted = Wanted(kind=DecisionKind.COMMITTEE_ELECTION, title="Bầu chi ủy", seats=3)
    with pytest.raises(TooFewForCommittee) as few:
        await voting.elections.begin(world.asks("f1"), sitting.id, wanted)
    assert few.value.facts == {"official": 2, "least": 9, "citation": "Điều lệ Đảng ngày 19/01/2011, Điều 24"}
    one = Wanted(kind=DecisionKind.SECRETARY_ELECTION, title="Bầu bí thư", seats=1)
    assert (await voting.elections.begin(world.asks("f1"), sitting.id, one)).election.seats == 1


async def test_no_election_is_held_online(world: World, voting: VotingService) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    with pytest.raises(OnlineForbidden, match="190-QĐ/TW ngày 10/10/2024"):
        await voting.elections.begin(world.asks(SECRETARY), sitting.id, COMMITTEE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE election SET names = '[]'",
        "UPDATE election SET names = NULL",
        "UPDATE election SET seats = 3",
        "DELETE FROM election",
    ],
)
async def test_a_closed_list_stays_closed(world: World, voting: VotingService, statement: str) -> None:
    await listed(world, voting)
    with pytest.raises(GuardedByDatabase):
        async with world.units.begin() as uow:
            await uow.session.execute(text(statement))
