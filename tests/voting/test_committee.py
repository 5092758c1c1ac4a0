"""Secretary and deputy are elected from the committee in a cell of nine or more; who nominated whom is written down."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees.rules import Mandate, Role, Span
from meetings.committees.store import people
from meetings.committees.store.people import HeldMandate
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.ledger.service import of_meeting
from meetings.voting.electing import Round, Wanted
from meetings.voting.elections import (
    Committee,
    NameStep,
    NominatorMissing,
    NotOfCommittee,
    Step,
    check_committee,
    from_committee,
)
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.rules import DecisionKind
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, SECRETARY, World

DAY = date(2026, 11, 24)
SECRETARY_SEAT = Wanted(kind=DecisionKind.SECRETARY_ELECTION, title="Bầu bí thư", seats=1)


@pytest.mark.parametrize(("official", "bound"), [(8, False), (9, True), (19, True)])
def test_nine_official_members_elect_from_their_committee(official: int, bound: bool) -> None:
    for kind in (DecisionKind.SECRETARY_ELECTION, DecisionKind.DEPUTY_ELECTION):
        assert from_committee(kind, official) is bound
    assert not from_committee(DecisionKind.DELEGATE_ELECTION, official)
    assert not from_committee(DecisionKind.COMMITTEE_ELECTION, official)


def test_only_names_of_a_committee_that_is_known_are_measured() -> None:
    known = Committee(known=True, members=frozenset({"a"}))
    check_committee(known, ["a"], DAY)
    check_committee(None, ["b"], DAY)
    check_committee(Committee(known=False, members=frozenset()), ["b"], DAY)
    with pytest.raises(NotOfCommittee) as refused:
        check_committee(known, ["a", "b"], DAY)
    assert refused.value.facts == {"least": 9, "citation": "Điều lệ Đảng ngày 19/01/2011, Điều 24"}


async def _seat(world: World, label: str) -> None:
    mandate = Mandate(
        role=Role.COMMITTEE_MEMBER, org=derived_id("org", "S"), span=Span(since=date(2025, 1, 1))
    )
    held = HeldMandate(id=new_id(), person=derived_id("person", label), mandate=mandate, paper="Quyết định 3")
    async with world.units.begin() as uow:
        await people.add_mandate(uow.session, held)


async def _begun(world: World, voting: VotingService, wanted: Wanted = SECRETARY_SEAT) -> tuple[Id, Id]:
    """(meeting, election)."""
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    made = await voting.elections.begin(world.asks(SECRETARY), sitting.id, wanted)
    return sitting.id, made.election.id


async def _name(world: World, voting: VotingService, election: Id, label: str) -> None:
    step = NameStep(member=world.member(label), step=Step.BY_CONVENOR)
    await voting.elections.step(world.asks(SECRETARY), election, step)


async def test_the_mandates_that_are_written_down_are_the_committee(
    world: World, voting: VotingService
) -> None:
    await _seat(world, "o6")
    _, election = await _begun(world, voting)
    with pytest.raises(NotOfCommittee):
        await _name(world, voting, election, "o7")
    await _name(world, voting, election, "o6")
    await _name(world, voting, election, SECRETARY)  # who has led it so far sits in it
    look = await voting.elections.look(world.asks("o5"), election)
    assert look.committee == Committee(
        known=True, members=frozenset({world.member("o6"), world.member(SECRETARY)})
    )


async def test_where_no_committee_is_written_down_that_is_said(world: World, voting: VotingService) -> None:
    _, election = await _begun(world, voting)
    await _name(world, voting, election, "o7")
    look = await voting.elections.look(world.asks("o5"), election)
    assert look.committee is not None and not look.committee.known


async def test_the_committee_of_this_sitting_comes_first(world: World, voting: VotingService) -> None:
    secretary = world.asks(SECRETARY)
    meeting, seat = await _begun(world, voting)
    await _name(world, voting, seat, "o9")  # no committee is known yet
    wanted = Wanted(kind=DecisionKind.COMMITTEE_ELECTION, title="Bầu chi ủy", seats=1)
    election = (await voting.elections.begin(secretary, meeting, wanted)).election.id
    with pytest.raises(NotOfCommittee):
        await voting.elections.close_list(secretary, seat)
    with pytest.raises(NotOfCommittee):
        await _name(world, voting, seat, "o2")
    for label in ("o2", "o3"):
        await _name(world, voting, election, label)
    await voting.elections.close_list(secretary, election)
    first = await voting.elections.open_round(secretary, election, Round(minutes=60))
    yes = {"o2": 12, "o3": 1}
    protocol = Protocol(
        issued=13,
        returned=13,
        valid=13,
        invalid=0,
        blank=0,
        lines=tuple(
            PaperLine(member=world.member(who), in_favour=n, against=13 - n) for who, n in yes.items()
        ),
        board=(world.member("o8"),),
    )
    await voting.counting.count_paper(secretary, first.vote.id, protocol)
    await voting.close_vote(secretary, first.vote.id)
    with pytest.raises(NotOfCommittee):
        await _name(world, voting, seat, "o3")
    await _name(world, voting, seat, "o2")
    gone = NameStep(member=world.member("o9"), step=Step.WITHDRAWN)
    await voting.elections.step(secretary, seat, gone)
    assert (await voting.elections.close_list(secretary, seat)).election.names == (world.member("o2"),)


async def test_who_nominated_is_written_down_and_personal(world: World, voting: VotingService) -> None:
    meeting, election = await _begun(world, voting)
    secretary, named = world.asks(SECRETARY), world.member("o4")
    nobody, itself, left_out = None, named, world.member("s1")
    for nominator in (nobody, itself, left_out, new_id()):
        with pytest.raises(NominatorMissing):
            step = NameStep(member=named, step=Step.BY_MEMBER, nominator=nominator)
            await voting.elections.step(secretary, election, step)
    with pytest.raises(NominatorMissing):
        step = NameStep(member=named, step=Step.BY_SELF, nominator=world.member("o5"))
        await voting.elections.step(secretary, election, step)
    probationary = world.member("p1")  # may nominate, though neither elect nor stand
    step = NameStep(member=named, step=Step.BY_MEMBER, nominator=probationary)
    await voting.elections.step(secretary, election, step)
    support = NameStep(member=named, step=Step.SUPPORT, in_favour=9, present=13)
    [name] = (await voting.elections.step(secretary, election, support)).names
    assert (name.by, name.nominator, name.listed) == (Step.BY_MEMBER, probationary, True)
    async with world.units.read() as uow:
        leaves = [one.leaf for one in await of_meeting(uow, derived_id("org", "S"), meeting)]
    assert not any(probationary in leaf for leaf in leaves)
