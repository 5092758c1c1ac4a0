"""kill -9 at any moment loses nothing that was acknowledged, and repeats give the first answer."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.crash.evening import evening, secret_vote
from tests.crash.hybrid import Hybrid
from tests.crash.power import Hall, begin, cut_power, ledger_holds, stormed
from tests.postgres import PostgresCluster


@pytest.mark.timeout(900)
async def test_nothing_acknowledged_is_lost(tmp_path: Path, cluster: PostgresCluster | None) -> None:
    assert await _storm(tmp_path, cluster, kills=4, seed=1) >= 3


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_lost_in_a_storm(tmp_path: Path, cluster: PostgresCluster | None, seed: int) -> None:
    assert await _storm(tmp_path, cluster, kills=40, seed=seed) >= 40


async def _storm(folder: Path, cluster: PostgresCluster | None, *, kills: int, seed: int) -> int:
    """Hold sittings while the power fails; returns how often it did."""
    hall = await begin(folder, cluster)
    chance, done = random.Random(seed), 0
    try:
        while done < kills:
            _, failed = await stormed(hall, evening(hall), kills - done, chance)
            done += failed
        await _kept_once(hall)
        await hall.server.stop()
        await ledger_holds(hall)
        return done
    finally:
        await hall.close()


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_hybrid_evening_keeps_its_promises(tmp_path: Path, cluster: PostgresCluster | None) -> None:
    await _hybrid_storm(tmp_path, cluster, kills=2, seed=3)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(3))
async def test_a_hybrid_evening_in_a_storm(
    tmp_path: Path, cluster: PostgresCluster | None, seed: int
) -> None:
    await _hybrid_storm(tmp_path, cluster, kills=12, seed=seed)


async def _hybrid_storm(folder: Path, cluster: PostgresCluster | None, *, kills: int, seed: int) -> None:
    """The power fails while people gather, vote and go, and again while the minutes are made and signed."""
    hall = await begin(folder, cluster)
    chance = random.Random(seed)
    try:
        one = Hybrid(hall)
        await one.prepare()
        assert (await stormed(hall, one.sit(), kills, chance))[1] >= 1
        assert (await stormed(hall, one.write_and_sign(), kills, chance))[1] >= 1
        await _kept_once(hall)
        await _stands(one)
        await hall.server.stop()
        await ledger_holds(hall)
    finally:
        await hall.close()


async def _stands(one: Hybrid) -> None:
    """The month is held, its phones were there by the webhooks, its minutes carry two good signatures."""
    secretary = one.hall.secretary
    sitting = await secretary.get(f"/meetings/{one.meeting}")
    assert (sitting["state"], sitting["fulfils"]) == ("signed", True)
    await one.ask_leave_again()
    assert await _counted(one.hall, "SELECT count(*) FROM leave_request") == len(one.phones)
    seen = await secretary.get(f"/meetings/{one.meeting}/attendance")
    online = {line["member"]: line["online"] for line in seen["lines"] if line["online"]}
    assert set(online) == {member.id for member in one.phones}
    assert all(spells[-1]["until"] for spells in online.values())
    taken = await _counted(one.hall, "SELECT count(*) FROM evidence WHERE source = 'webhook'")
    assert taken == len(one.told) == 2 * len(one.phones)
    report = await secretary.get(f"/meetings/{one.meeting}/minutes/verification")
    assert report["accepted"], report
    standing = await secretary.get(f"/meetings/{one.meeting}/minutes")
    assert len(standing["signatures"]) == 2


async def _counted(hall: Hall, query: str) -> int:
    engine = create_async_engine(hall.server.database)
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(text(query))).scalar_one())
    finally:
        await engine.dispose()


@pytest.mark.timeout(900)
async def test_every_secret_ballot_told_to_be_recorded_is_counted_once(
    tmp_path: Path, cluster: PostgresCluster | None
) -> None:
    await _secret_storm(tmp_path, cluster, kills=3, seed=2)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(3))
async def test_no_secret_ballot_is_lost_in_a_storm(
    tmp_path: Path, cluster: PostgresCluster | None, seed: int
) -> None:
    await _secret_storm(tmp_path, cluster, kills=15, seed=seed)


async def _secret_storm(folder: Path, cluster: PostgresCluster | None, *, kills: int, seed: int) -> None:
    """The power fails while ballots are given out, held and counted."""
    hall = await begin(folder, cluster)
    try:
        begun, over, fallen = asyncio.Event(), asyncio.Event(), asyncio.Queue[None]()

        async def cut() -> int:
            await begun.wait()
            return await cut_power(hall.server, kills, random.Random(seed), over, fallen)

        async with asyncio.TaskGroup() as both:
            voting = both.create_task(secret_vote(hall, begun, fallen))
            voting.add_done_callback(lambda _: over.set())
            cutting = both.create_task(cut())
        assert cutting.result() >= 2
        chosen, ended = voting.result()
        result = ended["result"]
        assert result["papers"]["issued"] == result["papers"]["returned"] == chosen.total() >= 5
        assert (result["in_favour"], result["against"]) == (chosen["f"], chosen["a"])
        await hall.server.stop()
        await ledger_holds(hall)
    finally:
        await hall.close()


async def _kept_once(hall: Hall) -> None:
    """Every promise stands in the database once; every repeat gives the first answer and adds nothing."""
    before = await _rows(hall)
    for promise in hall.promised:
        again = await promise.who.raw(promise.method, promise.path, promise.body, promise.headers)
        assert again == promise.answer, (promise.method, promise.path)
    assert await _rows(hall) == before
    wanted = Counter(_kind(promise.path) for promise in hall.promised)
    for kind, table in TABLES.items():
        assert before[table] == wanted[kind], (table, before, wanted)


TABLES = {"ballots": "ballot", "guests": "guest", "votes": "vote"}


def _kind(path: str) -> str:
    return path.rpartition("/")[2]


async def _rows(hall: Hall) -> dict[str, int]:
    engine = create_async_engine(hall.server.database)
    try:
        async with engine.connect() as connection:
            names = (*TABLES.values(), "evidence", "ledger_entry", "meeting")
            return {
                name: int((await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one())
                for name in names
            }
    finally:
        await engine.dispose()
