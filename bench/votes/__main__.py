"""Ballots acknowledged durable through HTTP, one process, the ledger on: one cell of 250, and 1,000 cells at once.

`python -m bench.votes [--seconds 2] [--rounds 2] [--cells 1000] [--stretch 30] [--databases postgres,sqlite]` prints
one JSON document. Beside each stand, in the same rounds, single-row inserts by one bare client into the same table and
the same handler without its write; ratios are of the best of each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.hall import Hall, Service, environment, furnish
from bench.votes.cells import VOTERS, furnish_cells
from bench.writes import Bench, bare_postgres, bare_sqlite, best, versions
from tests.postgres import PostgresCluster, Urls

CELL = 250
MOST_VERSIONS = 1000  # that a voter may send


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How long each run is, how often, over how many cells; `stretch`: seconds over which memory is watched."""

    seconds: float
    rounds: int
    cells: int
    stretch: float


class Evening(Bench):
    """One cell, or many."""

    def __init__(self, env: Mapping[str, str], halls: list[Hall], plan: Plan) -> None:
        super().__init__(env, halls[0], plan.seconds)
        self._halls, self._plan = halls, plan

    async def run(self, service: Service, *, kept: bool) -> dict[str, dict[str, Any]]:
        """One round on a running service: by name of the load."""
        if len(self._halls) > 1:
            return {"cells": await self._many(service, kept=kept)}
        await self.ballots(service, CELL, kept=kept)  # warm
        return {str(clients): await self.ballots(service, clients, kept=kept) for clients in (64, CELL)}

    async def _many(self, service: Service, *, kept: bool) -> dict[str, Any]:
        told = [{"vote": one.vote, "cookies": one.cookies} for one in self._halls]
        first = self._version if kept else 1
        if kept:
            self._version += versions(len(told) * VOTERS, self.seconds)
        return await self._measured(service, "cells", len(told), cells=told, first_version=first)

    async def stretch(self, service: Service) -> dict[str, Any]:
        """Memory of the service after a first load, and after a long one."""
        await self.ballots(service, CELL)
        begin, self.seconds = _resident(service), self._plan.stretch
        found = await self.ballots(service, CELL)
        self.seconds = self._plan.seconds
        return {"begin_mb": begin, "end_mb": _resident(service), "ballots": found["count"]}


def _resident(service: Service) -> float:
    return round(psutil.Process(service.pid).memory_info().rss / 1e6, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """One database under measurement. `urls`: None for SQLite in the folder."""

    folder: Path
    urls: Urls | None
    plan: Plan

    @property
    def env(self) -> dict[str, str]:
        """Settings of the service."""
        return environment(self.folder, (self.urls.app, self.urls.owner) if self.urls else None)

    async def measure(self, halls: list[Hall]) -> dict[str, Any]:
        """Rounds of: bare inserts, ballots, the same without the write."""
        evening = Evening(self.env, halls, self.plan)
        bare: list[float] = []
        kept: dict[str, list[dict[str, Any]]] = {}
        unkept: dict[str, list[dict[str, Any]]] = {}
        memory: dict[str, Any] = {}
        for number in range(self.plan.rounds):
            bare.append(await self._bare(halls[0], number * 100_000))
            async with Service(self.env) as service:
                _keep(kept, await evening.run(service, kept=True))
                if self.plan.stretch and len(halls) == 1 and number == self.plan.rounds - 1:
                    memory = {"memory": await evening.stretch(service)}
            async with Service(self.env, without_write=True) as service:
                _keep(unkept, await evening.run(service, kept=False))
        return {"bare_rows_per_second": round(max(bare)), **memory, **_ratios(max(bare), kept, unkept)}

    async def _bare(self, hall: Hall, offset: int) -> float:
        seconds = self.plan.seconds / 2
        if self.urls:
            return await bare_postgres(self.urls.app, hall, seconds, offset)
        copy = self.folder / "bare.sqlite3"
        shutil.copyfile(self.folder / "chibo.sqlite3", copy)
        return await asyncio.to_thread(bare_sqlite, copy, hall, seconds, offset)


def _keep(found: dict[str, list[dict[str, Any]]], one: dict[str, dict[str, Any]]) -> None:
    for name, run in one.items():
        if set(run["statuses"]) != {"200"}:
            raise SystemExit(f"{name}: not every ballot was taken: {run['statuses']}")
        found.setdefault(name, []).append(run)


def _ratios(
    bare: float, kept: dict[str, list[dict[str, Any]]], unkept: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    told = {}
    for name, runs in kept.items():
        with_, without = best(runs), best(unkept[name])
        ratios = {"to_bare": with_["rps"] / bare, "to_without_write": with_["rps"] / without["rps"]}
        told[name] = {
            "ballots": with_,
            "without_write": without,
            **{key: round(one, 2) for key, one in ratios.items()},
        }
    return told


async def on(folder: Path, cluster: PostgresCluster | None, plan: Plan) -> dict[str, Any]:
    """Both halves on one database; `cluster` None: SQLite."""
    found: dict[str, Any] = {}
    for name in ("one_cell", "cells"):
        place = folder / name
        place.mkdir(parents=True)
        ground = Ground(folder=place, urls=cluster.create() if cluster else None, plan=plan)
        halls = (
            [await furnish(ground.env)] if name == "one_cell" else await furnish_cells(ground.env, plan.cells)
        )
        found[name] = await ground.measure(halls)
    return found


async def main(plan: Plan, databases: str) -> dict[str, Any]:
    """What was asked for. Each voter's versions must last for it."""
    each_round = versions(64, plan.seconds) + 2 * versions(CELL, plan.seconds)
    if plan.rounds * each_round + versions(CELL, plan.seconds) + versions(CELL, plan.stretch) > MOST_VERSIONS:
        raise SystemExit("too long: a voter may send 1,000 versions")
    result: dict[str, Any] = asdict(plan)
    with tempfile.TemporaryDirectory() as name:
        if "postgres" in databases:
            with PostgresCluster(durable=True) as cluster:
                result["postgres"] = await on(Path(name) / "pg", cluster, plan)
        if "sqlite" in databases:
            result["sqlite"] = await on(Path(name) / "sqlite", None, plan)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--stretch", type=float, default=30.0)
    parser.add_argument("--databases", default="postgres,sqlite")
    given = parser.parse_args()
    plan = Plan(seconds=given.seconds, rounds=given.rounds, cells=given.cells, stretch=given.stretch)
    print(json.dumps(asyncio.run(main(plan, given.databases)), indent=2))
