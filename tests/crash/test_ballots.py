"""kill -9 of worker, database and phones while a vote opens, is answered and closes: every acknowledged ballot stands
once, is counted as its phone was told, and asking again gives the first receipt (signing.md 6, 28; peers.md 7, 1 and
6)."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.crash.ballots import VERSIONS, Storm, Victim
from tests.crash.power import begin, ledger_holds
from tests.postgres import PostgresCluster

PARTS = 3  # opening, casting, closing


@pytest.mark.timeout(300)
async def test_one_vote_in_a_storm(tmp_path: Path, cluster: PostgresCluster | None) -> None:
    storage: Victim = "database" if cluster else "worker"
    await _storm(tmp_path, cluster, [[[storage], ["client", storage, "client"], ["worker"]]], seed=1)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(3))
async def test_many_votes_in_a_storm(tmp_path: Path, cluster: PostgresCluster | None, seed: int) -> None:
    victims: list[Victim] = ["worker", "database", "client"] if cluster else ["worker", "client"]
    chance = random.Random(seed)
    plan = [[chance.choices(victims, k=chance.randint(1, 3)) for _ in range(PARTS)] for _ in range(10)]
    await _storm(tmp_path, cluster, plan, seed=seed)


async def _storm(
    folder: Path, cluster: PostgresCluster | None, plan: list[list[list[Victim]]], *, seed: int
) -> None:
    hall = await begin(folder, cluster)
    try:
        storm = Storm(hall=hall, chance=random.Random(seed), folder=folder / "shelves")
        await storm.begin()
        for opening, casting, closing in plan:
            await storm.vote(opening, casting, closing)
        assert storm.strikes.total() == sum(len(part) for vote in plan for part in vote)
        await _every_ballot_once(storm, votes=len(plan))
        await hall.server.stop()
        await ledger_holds(hall)
    finally:
        await hall.close()


async def _every_ballot_once(storm: Storm, *, votes: int) -> None:
    """What the phones hold, what the tables hold and what asking again gives are the same."""
    told = {
        parcel["id"]: (phone, parcel, receipt) for phone in storm.phones for parcel, receipt in phone.kept
    }
    assert len(told) == VERSIONS * len(storm.phones) > 0
    assert await _stored(storm) == {
        id_: (phone.member, parcel["version"], parcel["choice"]) for id_, (phone, parcel, _) in told.items()
    }
    for phone, parcel, receipt in told.values():
        vote = phone.shelf.parent.name
        again = await storm.hall.people[phone.member].raw("POST", f"/votes/{vote}/ballots", parcel)
        assert json.loads(again) == receipt
        assert receipt["counted"] is True
    assert (
        await _count(storm, "ballot")
        == await _count(storm, "ledger_entry WHERE act = 'voting.ballot'")
        == len(told)
    )
    assert (
        await _count(storm, "vote") == await _count(storm, "ledger_entry WHERE act = 'voting.open'") == votes
    )
    assert await _count(storm, "ledger_entry WHERE act = 'voting.close'") == votes


async def _stored(storm: Storm) -> dict[str, tuple[str, int, str]]:
    engine = create_async_engine(storm.hall.server.database)
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(text("SELECT id, member_id, version, choice FROM ballot"))
            return {row[0]: (row[1], row[2], row[3]) for row in rows}
    finally:
        await engine.dispose()


async def _count(storm: Storm, of: str) -> int:
    engine = create_async_engine(storm.hall.server.database)
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(text(f"SELECT count(*) FROM {of}"))).scalar_one())
    finally:
        await engine.dispose()
