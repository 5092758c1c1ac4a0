"""The log of 100,000 entries: sequenced, proven, verified, on SQLite and PostgreSQL.

`python -m bench.log [--entries 100000] [--databases sqlite,postgres]` prints one JSON document.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.db.engine import Database
from meetings.db.migrate import upgrade_database
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock, real_now
from meetings.kernel.ids import derived_id
from meetings.ledger.log import LogService
from meetings.ledger.offline import check_inclusion, leaf_hash, open_checkpoint
from meetings.ledger.signers import log_signer
from tests.postgres import PostgresCluster, Urls

CELLS, BLOCK, PROOFS = 100, 5_000, 200


async def fill(units: Units, entries: int) -> None:
    """Entries of a hundred cells, as they lie in the tables before anybody sequenced them."""
    table, heads = SQLModel.metadata.tables["ledger_entry"], SQLModel.metadata.tables["ledger_head"]
    made = [_entry(number) for number in range(entries)]
    for start in range(0, entries, BLOCK):
        async with units.begin() as uow:
            await uow.session.execute(insert(table), made[start : start + BLOCK])
    newest = {one["cell_id"]: {name: one[name] for name in ("cell_id", "seq", "hash")} for one in made}
    async with units.begin() as uow:
        await uow.session.execute(insert(heads), list(newest.values()))


def _entry(number: int) -> dict[str, Any]:
    cell, seq = derived_id("cell", str(number % CELLS)), number // CELLS + 1
    leaf = json.dumps({"act": "bench.act", "cell": cell, "seq": seq, "data": "x" * 250})
    return {
        "id": derived_id("entry", str(number)),
        "cell_id": cell,
        "seq": seq,
        "previous": hashlib.sha256(f"{cell} {seq}".encode()).hexdigest(),
        "hash": leaf_hash(leaf.encode()).hex(),
        "at": real_now(),
        "act": "bench.act",
        "leaf": leaf,
    }


async def measured(url: str, owner: str, entries: int) -> dict[str, Any]:
    """One database."""
    await upgrade_database(owner)
    database = Database(url)
    units = Units(database, SystemClock())
    log = LogService(units, log_signer("an invented secret of a log, long enough"))
    try:
        await fill(units, entries)
        wall, cpu = time.perf_counter(), time.process_time()
        assert await log.sequence() == entries
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        begun = time.process_time()
        proof, verify, length = await _proofs(log, entries)
        proof_cpu = (time.process_time() - begun) / PROOFS
        await _again(log)
        return {
            "entries": entries,
            "sequence_s": round(wall, 2),
            "sequence_cpu_s": round(cpu, 2),
            "per_second": round(entries / wall),
            "proof_ms": round(proof, 3),
            "proof_cpu_ms": round(1000 * proof_cpu, 3),
            "verify_proof_ms": round(verify, 3),
            "hashes": length,
            "look_for_more_ms": round(1000 * await _took(log.sequence), 2),
        }
    finally:
        await database.close()


async def _proofs(log: LogService, entries: int) -> tuple[float, float, int]:
    """Medians in ms: making a proof with its reads, checking it; the hashes of the longest."""
    chance, made, checked, longest = random.Random(1), [], [], 0
    root = open_checkpoint(await log.checkpoint(), log.key).root
    for _ in range(PROOFS):
        leaf = _entry(chance.randrange(entries))["hash"]
        begun = time.perf_counter()
        proven = await log.inclusion(leaf, entries)
        done = time.perf_counter()
        check_inclusion(bytes.fromhex(leaf), proven.position, entries, proven.proof, root)
        made.append(done - begun)
        checked.append(time.perf_counter() - done)
        longest = max(longest, len(proven.proof))
    return 1000 * median(made), 1000 * median(checked), longest


async def _again(log: LogService) -> None:
    assert await log.sequence() == 0


async def _took(act: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await act()
    return time.perf_counter() - begun


@contextmanager
def place(kind: str) -> Iterator[Urls]:
    """An empty database that keeps its promises."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{Path(folder) / 'log.sqlite3'}"
            yield Urls(owner=url, app=url)
    else:
        with PostgresCluster(durable=True) as cluster:
            yield cluster.create()


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--databases", default="sqlite,postgres")
    options = parser.parse_args()
    found = {}
    for kind in options.databases.split(","):
        with place(kind) as urls:
            found[kind] = asyncio.run(measured(urls.app, urls.owner, options.entries))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
