"""Everybody at once, on two devices, or leaving for another cell: every ballot is accounted for, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from demo.blinding import blind, finish
from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service import Mark as RollMark
from meetings.attendance.service import RollSheet
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.ledger.service import LedgerService
from meetings.voting.casting import Cast, Receipt
from meetings.voting.refusals import VersionTaken
from meetings.voting.rules import Choice, StoredVote
from meetings.voting.secrecy import Mark, Slip
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, SECRETARY, World, more_officials
from tests.voting.booth import CONSULTATION, enable, surely
from tests.voting.test_service import QUESTION, cast, opened

OFFICIALS = tuple(label for label in HALL if label.startswith("o"))
VOTERS = 250


async def full_hall(world: World, voters: int) -> tuple[Id, tuple[str, ...]]:
    """A meeting with so many official members in the hall."""
    more = tuple(f"m{number}" for number in range(voters - len(OFFICIALS)))
    await more_officials(world.units, more)
    sitting, labels = await world.meeting(mode=Mode.IN_PERSON), (*OFFICIALS, *more)
    await world.roll(sitting.id, labels)
    return sitting.id, labels


async def ended(world: World, voting: VotingService, vote: Id, hands: tuple[int, int, int]) -> StoredVote:
    """Counted and closed; the ledger holds."""
    await voting.count_hands(world.asks(SECRETARY), vote, hands)
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    [chain] = await LedgerService(world.units).verify([closed.cell])
    assert chain.valid
    return closed


async def test_250_at_once_and_each_sends_twice(world: World, voting: VotingService) -> None:
    meeting, labels = await full_hall(world, VOTERS)
    vote = (await voting.open_vote(world.asks(SECRETARY), meeting, QUESTION)).vote.id
    choices = [tuple(Choice)[number % 3] for number in range(VOTERS)]
    casts = [cast(world, vote, label, choice) for label, choice in zip(labels, choices, strict=True)]
    told = await asyncio.gather(*[voting.box.put(one) for one in (*casts, *casts)])
    assert [one.cast for one in told] == [*casts, *casts]
    assert told[:VOTERS] == told[VOTERS:]
    assert not any(one.late for one in told)
    async with world.units.read() as uow:
        rows = await uow.session.execute(text("SELECT id, choice FROM ballot"))
        entries = await uow.session.execute(
            text("SELECT subject_id FROM ledger_entry WHERE act = 'voting.ballot'")
        )
        assert {row[0]: row[1] for row in rows} == {one.id: one.choice.value for one in casts}
        assert sorted(entries.scalars()) == sorted(one.id for one in casts)
    closed = await ended(world, voting, vote, (VOTERS, 0, 0))
    assert closed.result is not None
    counted = Counter(choice.value for choice in choices)
    assert closed.result["devices"] == {
        "in_favour": counted["for"],
        "against": counted["against"],
        "abstain": counted["abstain"],
    }


@pytest.mark.parametrize("voters", [40, pytest.param(VOTERS, marks=pytest.mark.long)])
async def test_a_full_hall_takes_and_casts_secret_ballots_at_once(
    world: World, voting: VotingService, voters: int
) -> None:
    await enable(world)
    meeting, labels = await full_hall(world, voters)
    vote = (await voting.open_vote(world.asks(SECRETARY), meeting, CONSULTATION)).vote.id
    modulus = (await voting.secret.look(world.asks(SECRETARY), vote)).secrecy.modulus
    slips = await asyncio.gather(*[_slip(world, voting, vote, modulus, label) for label in labels])
    assert len({slip.serial for slip in slips}) == voters
    await voting.secret.start_casting(world.asks(SECRETARY), vote, 3)
    chosen = [replace(slip, mark=tuple(Mark)[number % 3]) for number, slip in enumerate(slips)]
    await asyncio.gather(*[surely(voting.secret.box, slip) for slip in (*chosen, *chosen)])
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    assert closed.result is not None
    papers, marks = closed.result["papers"], Counter(slip.mark for slip in chosen)
    assert (papers["issued"], papers["returned"]) == (voters, voters)
    assert (closed.result["in_favour"], closed.result["against"]) == (marks[Mark.FOR], marks[Mark.AGAINST])


async def _slip(world: World, voting: VotingService, vote: Id, modulus: str, label: str) -> Slip:
    """The phone asks twice with the same blinded number, as after a lost answer."""
    token = blind(modulus)
    asked = [voting.secret.issue(world.asks(label), vote, token.blinded) for _ in range(2)]
    first, again = await asyncio.gather(*asked)
    assert first == again
    signature = finish(modulus, token, first)
    return Slip(vote=vote, serial=token.serial, prefix=token.prefix, signature=signature, mark=Mark.NONE)


async def test_two_devices_of_one_member(world: World, voting: VotingService) -> None:
    """Each sends its own answers at the same time; a taken version is sent again as the next one."""
    vote = (await opened(world, voting)).vote.id

    async def device(choice: Choice) -> list[Receipt]:
        told: list[Receipt] = []
        version = 1
        while len(told) < 5:
            with suppress(VersionTaken):
                told.append(await voting.box.put(cast(world, vote, "o5", choice, version=version)))
            version += 1
        return told

    both = await asyncio.gather(device(Choice.FOR), device(Choice.AGAINST))
    told = sorted((one for answers in both for one in answers), key=lambda one: one.cast.version)
    recorded = await voting.recorded_for(world.asks("o5"), vote)
    stored = sorted(recorded.ballots, key=lambda one: one.version)
    assert [(one.id, one.version, one.choice) for one in stored] == [
        (one.cast.id, one.cast.version, one.cast.choice) for one in told
    ]
    closed = await ended(world, voting, vote, (14, 0, 0))
    assert closed.result is not None
    last = told[-1].cast.choice
    assert closed.result["devices"] == {
        "in_favour": int(last is Choice.FOR),
        "against": int(last is Choice.AGAINST),
        "abstain": 0,
    }


async def test_a_member_transferred_while_voting_keeps_the_answer_and_may_change_it(
    world: World, voting: VotingService
) -> None:
    """The base and who may answer were fixed at opening."""
    vote = (await opened(world, voting)).vote.id
    first = await voting.box.put(cast(world, vote, "o3"))
    async with world.units.begin() as uow:
        moved = {"id": world.member("o3"), "day": uow.now.date()}
        await uow.session.execute(text("UPDATE membership SET until = :day WHERE id = :id"), moved)
        await uow.session.execute(
            text(
                "INSERT INTO membership (id, person_id, cell_id, since)"
                " SELECT :new, person_id, :cell, :day FROM membership WHERE id = :id"
            ),
            {**moved, "new": derived_id("member", "moved"), "cell": derived_id("org", "T")},
        )
    assert await voting.box.put(first.cast) == first
    changed = await voting.box.put(cast(world, vote, "o3", Choice.AGAINST, version=2))
    assert (changed.late, changed.in_hall) == (False, True)
    closed = await ended(world, voting, vote, (13, 1, 0))
    assert closed.result is not None
    assert (closed.result["base"], closed.result["devices"]["against"]) == (20, 1)
    world.clock.move(timedelta(minutes=QUESTION.minutes))
    person = world.asks("o3").person
    late = await voting.box.put(Cast(id=new_id(), vote=vote, person=person, version=3, choice=Choice.FOR))
    assert late.late


async def test_who_votes_and_leaves_is_counted_within_the_base(world: World, voting: VotingService) -> None:
    """Everybody answers, most go home and answer once more from outside: nothing passes 100 %."""
    stored = await opened(world, voting)
    vote, here = stored.vote.id, (*OFFICIALS, "e1")
    await asyncio.gather(*[voting.box.put(cast(world, vote, label)) for label in here])
    world.clock.move(timedelta(minutes=1))
    gone = tuple(RollMark(member=world.member(label), kind=EvidenceKind.LEFT_EARLY) for label in here[3:])
    sheet = RollSheet(id=new_id(), marks=gone)
    await world.service.roll.mark(world.asks(SECRETARY), stored.vote.meeting, sheet)
    await asyncio.gather(*[voting.box.put(cast(world, vote, label, version=2)) for label in here])
    closed = await ended(world, voting, vote, (len(here), 0, 0))
    result = closed.result
    assert result is not None
    assert (result["base"], result["in_favour"]) == (20, 14)
    assert result["devices"] == {"in_favour": 14, "against": 0, "abstain": 0}
