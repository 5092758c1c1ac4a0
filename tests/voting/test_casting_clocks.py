"""Clocks that are set while people vote: the database's decides what is in time, and every ballot is accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from meetings.attendance.service import AttendanceService
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock, SystemClock
from meetings.ledger.service import LedgerService
from meetings.voting.casting import BallotBox, Receipt
from meetings.voting.rules import StoredVote
from meetings.voting.secret_box import SecretBox
from meetings.voting.service import VotingService
from tests.attendance.conftest import SECRET
from tests.attendance.world import HALL, SECRETARY, World
from tests.conftest import Databases, Template
from tests.postgres import PostgresCluster, Urls
from tests.voting.booth import booths, marked, surely
from tests.voting.test_service import QUESTION, cast, opened

DAY = timedelta(days=1)
SIX_MINUTES = timedelta(minutes=QUESTION.minutes)
OFFICIALS = tuple(f"o{number}" for number in range(1, 14))


class WrongClock(FixedClock):
    """A process whose own clock is `off`; what the database tells it stands where it was put."""

    def __init__(self, told: FixedClock, off: timedelta) -> None:
        super().__init__(told.now())
        self._told, self.off = told, off

    def now(self) -> datetime:
        return self._told.now() + self.off

    def at(self, real: datetime) -> datetime:
        return self._told.at(real)


@pytest.fixture
def wrong(clock: FixedClock) -> WrongClock:
    return WrongClock(clock, timedelta())


@pytest.fixture
async def worker(database_url: str, wrong: WrongClock) -> AsyncIterator[VotingService]:
    """A web worker that goes by the wrong clock."""
    units = Units(Database(database_url), wrong)
    made = VotingService(units)
    made.secret.box = SecretBox(units, every=0.02, linger=0.3)
    made.start()
    yield made
    await made.stop()
    await units.database.close()


@pytest.mark.parametrize("off", [DAY, -DAY])
async def test_a_worker_whose_clock_is_wrong_takes_what_is_in_time_and_nothing_else(
    world: World, voting: VotingService, worker: VotingService, wrong: WrongClock, off: timedelta
) -> None:
    vote = (await opened(world, voting)).vote.id
    wrong.off = off
    early, begun = cast(world, vote, "o3"), world.clock.now()
    receipt = await worker.box.put(early)
    assert (receipt.late, receipt.at) == (False, begun)
    world.clock.move(SIX_MINUTES)
    late = cast(world, vote, "o4")
    assert (await worker.box.put(late)).late
    wrong.off = -off
    assert (await worker.box.put(early)).at == begun
    assert (await worker.box.put(late)).late
    assert (await worker.box.put(cast(world, vote, "o5"))).late
    await _ends(world, voting, vote, counted=1, late=2)


@pytest.mark.parametrize("off", [DAY, -DAY])
async def test_a_vote_opened_by_a_wrong_clock_ends_when_it_should(
    world: World, voting: VotingService, worker: VotingService, wrong: WrongClock, off: timedelta
) -> None:
    wrong.off = off
    stored = await opened(world, worker)
    assert stored.vote.deadline == world.clock.now() + SIX_MINUTES
    assert not (await voting.box.put(cast(world, stored.vote.id, "o3"))).late
    world.clock.move(SIX_MINUTES)
    assert (await voting.box.put(cast(world, stored.vote.id, "o4"))).late
    await _ends(world, worker, stored.vote.id, counted=1, late=1)


async def test_workers_a_day_apart_agree_ballot_by_ballot(
    world: World, voting: VotingService, worker: VotingService, wrong: WrongClock
) -> None:
    """The clock is stepped to and fro between the ballots of one vote, on either side of its deadline."""
    vote = (await opened(world, voting)).vote.id
    fates: list[Receipt] = []
    for number, label in enumerate(OFFICIALS):
        wrong.off = (-DAY, timedelta(), DAY)[number % 3]
        fates.append(await (worker, voting)[number % 2].box.put(cast(world, vote, label)))
        world.clock.move(timedelta(minutes=1))
    assert [fate.late for fate in fates] == [False] * 6 + [True] * 7
    await _ends(world, voting, vote, counted=6, late=7)


@pytest.mark.parametrize("steps", [(DAY, -DAY), (-DAY, DAY)])
async def test_the_database_s_own_clock_is_stepped(
    world: World, voting: VotingService, steps: tuple[timedelta, timedelta]
) -> None:
    """The machine of an embedded database is set: who is told "late" is not counted, everybody else is."""
    vote = (await opened(world, voting)).vote.id
    told = [await voting.box.put(cast(world, vote, label)) for label in OFFICIALS[:4]]
    for step, labels in zip(steps, (OFFICIALS[4:8], OFFICIALS[8:]), strict=True):
        world.clock.move(step)
        told += await asyncio.gather(*[voting.box.put(cast(world, vote, label)) for label in labels])
    late = [receipt.late for receipt in told]
    assert late == [False] * 4 + [steps[0] > timedelta()] * 4 + [False] * 5
    again = [await voting.box.put(receipt.cast) for receipt in told]
    assert [(one.at, one.late) for one in again] == [(one.at, one.late) for one in told]
    await _ends(world, voting, vote, counted=late.count(False), late=late.count(True))


@pytest.mark.parametrize("off", [DAY, -DAY])
async def test_secret_ballots_go_by_the_database_s_clock_too(
    world: World, voting: VotingService, worker: VotingService, wrong: WrongClock, off: timedelta
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in HALL[:6]]
    await hall.start()
    wrong.off = off
    held = await asyncio.gather(*[worker.secret.box.put(marked(one, "f")) for one in slips[:5]])
    assert held == [False] * 5, "neither refused nor written alone"
    await asyncio.gather(*[surely(worker.secret.box, marked(one, "f")) for one in slips[:5]], surely(
        worker.secret.box, marked(slips[5], "a")
    ))  # fmt: skip
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert closed.result is not None
    assert (closed.result["in_favour"], closed.result["against"]) == (5, 1)


async def _ends(world: World, voting: VotingService, vote: str, *, counted: int, late: int) -> StoredVote:
    await voting.count_hands(world.asks(SECRETARY), vote, (13, 0, 0))
    closed = await voting.close_vote(world.asks(SECRETARY), vote)
    assert closed.result is not None
    assert (closed.result["devices"]["in_favour"], closed.result["late"]) == (counted, late)
    [chain] = await LedgerService(world.units).verify([closed.cell])
    assert chain.valid
    return closed


@pytest.fixture
def stepped(databases: Databases, database_template: Template) -> Iterator[tuple[PostgresCluster, Urls]]:
    """A PostgreSQL whose clock a test sets: its function is found before the server's own."""
    cluster = databases.postgres()
    for urls in databases.on_postgres(database_template):
        name = urls.owner.partition("?")[0].rpartition("/")[2]
        cluster.sql(
            "CREATE SCHEMA stepped",
            "CREATE TABLE stepped.by (amount interval NOT NULL)",
            "INSERT INTO stepped.by VALUES ('0')",
            "CREATE FUNCTION stepped.clock_timestamp() RETURNS timestamptz LANGUAGE sql SECURITY DEFINER AS"
            " 'SELECT pg_catalog.clock_timestamp() + amount FROM stepped.by'",
            "GRANT USAGE ON SCHEMA stepped TO PUBLIC",
            f"ALTER DATABASE {name} SET search_path = stepped, pg_catalog, public",
            database=name,
        )
        yield cluster, urls


async def test_the_server_s_clock_decides_not_the_machine_s_of_the_service(
    stepped: tuple[PostgresCluster, Urls],
) -> None:
    cluster, urls = stepped
    clock, units = FixedClock(SystemClock().now()), Units(Database(urls.owner), SystemClock())
    attendance = AttendanceService(units, secret=SECRET, real=clock, waiting=100)
    attendance.start()
    world = World(units=units, clock=clock, service=attendance)
    box = BallotBox(units)
    box.start()
    vote = (await opened(world, VotingService(units))).vote.id
    assert not (await box.put(cast(world, vote, "o3"))).late
    name = urls.owner.partition("?")[0].rpartition("/")[2]
    for amount, late, label in (("1 day", True, "o4"), ("-1 day", False, "o5"), ("0", False, "o6")):
        cluster.sql(f"UPDATE stepped.by SET amount = '{amount}'", database=name)
        assert (await box.put(cast(world, vote, label))).late is late, amount
    await box.stop()
    await attendance.stop()
    await units.database.close()
