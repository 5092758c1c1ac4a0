"""The adversary does no better than chance against secret votes, and much better against the naive way.

A guess is judged by its distance from blind guessing with the right totals, in standard deviations over all votes of
one size. Bound: 5. Were every one of some hundred guesses pure chance, one would pass it once in 17,000 runs.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text

from meetings.convening.rules import Mode
from meetings.voting.service import VotingService
from tests.adversary.attacks import guesses
from tests.adversary.evening import NAIVE_TABLE, Evening, Kept, NaiveBox
from tests.adversary.score import Score, Scores
from tests.adversary.spies import PostgresSpy, Spy, SqliteSpy
from tests.attendance.world import World
from tests.conftest import Databases
from tests.voting.booth import enable

BOUND = 5.0
HALL = (*(f"o{n}" for n in range(1, 20)), *(f"x{n}" for n in range(1, 12)))
VOTES = {5: 10, 12: 8, 30: 4}  # of that many voters; `long` holds 150 of each
SIZES = tuple(VOTES)
# What gives the naive way away, on either database.
TELLING = ("first in WAL", "backups", "dump", "logs", "times")
TELLING_POSTGRES = (*TELLING, "column ctid", "column xmin", "page bytes")


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What a service logs."""
    handler, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def spy(database_url: str, databases: Databases) -> Spy:
    if database_url.startswith("sqlite"):
        return SqliteSpy(database_url)
    return PostgresSpy(databases.postgres(), database_url)


@pytest.fixture
async def evening(
    world: World, voting: VotingService, spy: Spy, database_url: str, kept: Kept
) -> AsyncIterator[Evening]:
    await enable(world)
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, HALL)
    yield Evening(
        world=world,
        voting=voting,
        sitting=sitting,
        spy=spy,
        url=database_url,
        chance=random.Random(7),
        kept=kept,
    )


async def scored(evening: Evening, size: int, votes: int) -> Scores:
    """So many votes of that many members."""
    scores = Scores()
    for _ in range(votes):
        loot, true = await evening.vote(HALL[:size])
        assert len(true) == size
        scores.add(guesses(loot, evening.chance), true)
    print(f"\n{size} voters, {votes} votes\n{scores.table()}")
    return scores


async def no_better_than_chance(evening: Evening, size: int, votes: int) -> None:
    scores = await scored(evening, size, votes)
    assert len(scores.by_attack) >= 20, "the adversary has something to go by"
    beaten = {name: one.sigmas for name, one in scores.by_attack.items() if abs(one.sigmas) >= BOUND}
    assert beaten == {}, scores.table()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", SIZES)
async def test_no_better_than_chance(evening: Evening, size: int) -> None:
    await no_better_than_chance(evening, size, votes=VOTES[size])


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("size", SIZES)
async def test_no_better_than_chance_over_many_votes(evening: Evening, size: int) -> None:
    await no_better_than_chance(evening, size, votes=150)


@pytest.mark.timeout(300)
async def test_the_adversary_is_able(evening: Evening) -> None:
    """Against a box that writes each ballot as it comes, with a number, a time and a line in the log."""
    units = evening.world.units
    serial = "integer PRIMARY KEY" if units.database.is_sqlite else "serial PRIMARY KEY"
    async with units.begin() as uow:
        await uow.session.execute(text(NAIVE_TABLE.format(serial=serial)))
    evening.voting.secret.box = NaiveBox(units)
    scores = await scored(evening, 12, votes=6)
    telling = TELLING if units.database.is_sqlite else TELLING_POSTGRES
    missed = {
        name: scores.by_attack[name].sigmas for name in telling if scores.by_attack[name].sigmas < BOUND
    }
    assert missed == {}, scores.table()


def test_scores_know_chance() -> None:
    """Guessing blindly is within the bound, knowing is far beyond."""
    chance, blindly, knowing = random.Random(1), Score(), Score()
    for _ in range(200):
        true = [*"ffffffaaaaaa"]
        chance.shuffle(true)
        guessed = [*true]
        chance.shuffle(guessed)
        blindly.add(guessed, true)
        knowing.add(true, true)
    assert abs(blindly.sigmas) < BOUND
    assert knowing.sigmas > 40
