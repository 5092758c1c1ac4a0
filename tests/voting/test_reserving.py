"""A member reserves an opinion, or the recorder writes it down; it holds until the minutes are approved."""

from __future__ import annotations

import pytest

from meetings.agenda.rules import NoSuchItem
from meetings.agenda.service import AgendaService, Wanted
from meetings.committees.powers import NoPower
from meetings.convening.rules import AnySitting
from meetings.convening.service import NoSuchMeeting
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from meetings.voting.casting import NoSuchVote
from meetings.voting.reserved import MayNotReserve, ReservationDiffers, ReserveWhat
from meetings.voting.reserving import Reserving
from meetings.voting.rules import DecisionKind, Form
from meetings.voting.service import Question, VotingService
from tests.attendance.world import HALL, MEMBER, SECRETARY, STRANGER, World

WORDS = "Chưa nhất trí mức đóng góp"


async def asked(world: World, voting: VotingService) -> tuple[AnySitting, Id]:
    """An open sitting with an open vote."""
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    question = Question(
        question="Nhất trí?", kind=DecisionKind.RESOLUTION, form=Form.HANDS, item=None, minutes=5
    )
    stored = await voting.open_vote(world.asks(SECRETARY), sitting.id, question)
    return sitting, stored.vote.id


async def test_an_opinion_is_kept_once_replaced_and_taken_back(world: World, voting: VotingService) -> None:
    sitting, vote = await asked(world, voting)
    member, reserving = world.asks(MEMBER), voting.reserving
    wanted = Reserving(id=new_id(), words=WORDS, vote=vote)
    once = await reserving.reserve(member, sitting.id, wanted)
    assert await reserving.reserve(member, sitting.id, wanted) == once
    assert await reserving.look(world.asks("o6"), sitting.id) == (once,)
    other = Reserving(id=new_id(), words="Ghi rõ hơn", vote=vote)
    again = await reserving.reserve(member, sitting.id, other)
    assert await reserving.look(member, sitting.id) == (again,)
    await reserving.reserve(member, sitting.id, Reserving(id=new_id(), words="", vote=vote))
    assert await reserving.look(member, sitting.id) == ()
    async with world.units.read() as uow:
        leaves = [
            one.leaf for one in await of_meeting(uow, sitting.cell, sitting.id) if "reserve" in one.leaf
        ]
    assert len(leaves) == 3
    assert not any(WORDS in leaf or world.member(MEMBER) in leaf for leaf in leaves)
    with pytest.raises(ReservationDiffers):
        await reserving.reserve(member, sitting.id, Reserving(id=wanted.id, words="Khác", vote=vote))


async def test_who_may_reserve_and_who_may_write_for_others(world: World, voting: VotingService) -> None:
    sitting, vote = await asked(world, voting)
    for label, member, why in (
        ("p1", None, MayNotReserve),
        (SECRETARY, "p1", MayNotReserve),
        (MEMBER, "o6", NoPower),
        (STRANGER, None, NoSuchMeeting),
    ):
        wanted = Reserving(
            id=new_id(), words=WORDS, vote=vote, member=world.member(member) if member else None
        )
        with pytest.raises(why):
            await voting.reserving.reserve(world.asks(label), sitting.id, wanted)
    wanted = Reserving(id=new_id(), words=WORDS, vote=vote, member=world.member("o6"))
    kept = await voting.reserving.reserve(world.asks(SECRETARY), sitting.id, wanted)
    assert (kept.member, kept.by) == (world.member("o6"), world.asks(SECRETARY).person)


async def test_an_opinion_is_about_a_vote_or_an_item_of_this_sitting(
    world: World, voting: VotingService
) -> None:
    sitting, vote = await asked(world, voting)
    elsewhere, member = await world.meeting(), world.asks(MEMBER)
    plan = [Wanted(title="Thảo luận", planned_minutes=9)]
    [item] = (await AgendaService(world.units).plan(world.asks(SECRETARY), sitting.id, plan, None)).items
    kept = await voting.reserving.reserve(
        member, sitting.id, Reserving(id=new_id(), words=WORDS, item=item.id)
    )
    assert kept.item == item.id
    for meeting, wanted, why in (
        (elsewhere.id, Reserving(id=new_id(), words=WORDS, vote=vote), NoSuchVote),
        (elsewhere.id, Reserving(id=new_id(), words=WORDS, item=item.id), NoSuchItem),
        (sitting.id, Reserving(id=new_id(), words=WORDS), ReserveWhat),
    ):
        with pytest.raises(why):
            await voting.reserving.reserve(member, meeting, wanted)
