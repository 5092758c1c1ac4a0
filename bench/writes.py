"""Ballots, check-ins and webhooks against the bare database and livekit-api, in one run.

`python -m bench.writes [--seconds 4] [--rounds 3]` prints one JSON document. Ratios are of the best of each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import psutil
from livekit import api

from bench.hall import Hall, Service, environment, furnish, load_run
from bench.load import hooks
from meetings.voting.rules import Choice, body_hash
from tests.postgres import PostgresCluster, Urls


class Bench:
    """One database, one hall; every voter's next version is remembered between runs.

    A voter may send 1,000 versions; each run keeps as many as `versions` says.
    """

    def __init__(self, env: Mapping[str, str], hall: Hall, seconds: float) -> None:
        self.env, self.hall, self.seconds = env, hall, seconds
        self._version = 1

    async def ballots(self, service: Service, clients: int, *, kept: bool = True) -> dict[str, Any]:
        """So many voters at once. What is not `kept` uses up no version."""
        asked = {"vote": self.hall.vote, "first_version": self._version if kept else 1}
        if kept:
            self._version += versions(clients, self.seconds)
        return await self._measured(service, "ballots", clients, **asked)

    async def check_ins(self, service: Service, clients: int) -> dict[str, Any]:
        """So many scanning phones."""
        code = await _code(service, self.hall)
        return await self._measured(service, "check_ins", clients, meeting=self.hall.meeting, code=code)

    async def webhooks(self, service: Service, clients: int) -> dict[str, Any]:
        """A busy media server."""
        more = {"meeting": self.hall.meeting, "members": self.hall.members}
        return await self._measured(service, "webhooks", clients, **more)

    async def _measured(self, service: Service, kind: str, clients: int, **more: Any) -> dict[str, Any]:
        before = psutil.Process(service.pid).cpu_times()
        found = await load_run(
            kind=kind,
            port=service.port,
            clients=clients,
            seconds=self.seconds,
            cookies=self.hall.cookies,
            **more,
        )
        after = psutil.Process(service.pid).cpu_times()
        cpu = (after.user + after.system) - (before.user + before.system)
        return found | {"cpu_ms": round(1000 * cpu / max(found["count"], 1), 3)}


def versions(clients: int, seconds: float) -> int:
    """How many each voter may need: enough for 3,600 ballots a second of them all."""
    return round(3600 * seconds / clients) + 1


async def _code(service: Service, hall: Hall) -> str:
    url = f"http://127.0.0.1:{service.port}/api/v1/meetings/{hall.meeting}/hall-code"
    for cookie in hall.cookies:
        async with aiohttp.ClientSession(cookies={"chibo": cookie}) as http, http.get(url) as answer:
            if answer.status == 200:
                return str((await answer.json())["code"])
    raise SystemExit("nobody may show the code")


def _row(hall: Hall, number: int) -> tuple[str, str, str, int, str, str]:
    member = hall.members[number % len(hall.members)]
    version = 500_000 + number // len(hall.members)
    said = body_hash(vote=hall.vote, member=member, version=version, choice=Choice.FOR)
    return (str(uuid.uuid4()), hall.vote, member, version, "for", said)


async def bare_postgres(url: str, hall: Hall, seconds: float, offset: int) -> float:
    """Single-row inserts a second by one bare client into the same table, guards and all."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    insert = await connection.prepare(
        "INSERT INTO ballot (id, vote_id, member_id, version, choice, body_hash, received_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, now())"
    )
    rows = [_row(hall, offset + number) for number in range(int(seconds * 12_000))]
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds and done < len(rows):
        await insert.fetch(*rows[done])
        done += 1
    took = time.perf_counter() - begun
    await connection.close()
    return done / took


def bare_sqlite(file: Path, hall: Hall, seconds: float, offset: int) -> float:
    """The same on SQLite, with the service's own settings."""
    rows = [_row(hall, offset + number) for number in range(int(seconds * 20_000))]
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds and done < len(rows):
            connection.execute(
                "INSERT INTO ballot (id, vote_id, member_id, version, choice, body_hash, received_at)"
                " VALUES (?, ?, ?, ?, ?, ?, '2026-11-24 12:00:00.000000')",
                rows[done],
            )
            done += 1
        return done / (time.perf_counter() - begun)


def verifier_cpu(hall: Hall) -> float:
    """CPU milliseconds of livekit-api's own verification of one webhook, best of five."""
    made = hooks(hall.meeting, hall.members[0], 500)
    receiver = api.WebhookReceiver(api.TokenVerifier("bench", "b" * 40))
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for body, token in made:
            receiver.receive(body.decode(), token)
        best = min(best, (time.process_time() - begun) * 1000 / len(made))
    return best


async def on_postgres(folder: Path, urls: Urls, seconds: float, rounds: int) -> dict[str, Any]:
    """Everything that PostgreSQL must reach."""
    env = environment(folder, (urls.app, urls.owner))
    bench = Bench(env, await furnish(env), seconds)
    found: dict[str, list[Any]] = {
        name: [] for name in ("bare", "b64", "b256", "n64", "n256", "check_ins", "webhooks")
    }
    for number in range(rounds):
        found["bare"].append(await bare_postgres(urls.app, bench.hall, seconds / 2, number * 100_000))
        async with Service(env) as service:
            await bench.ballots(service, 64)  # warm
            found["b64"].append(await bench.ballots(service, 64))
            found["b256"].append(await bench.ballots(service, 256))
            found["check_ins"].append(await bench.check_ins(service, 64))
            found["webhooks"].append(await bench.webhooks(service, 64))
        async with Service(env, without_write=True) as service:
            found["n64"].append(await bench.ballots(service, 64, kept=False))
            found["n256"].append(await bench.ballots(service, 256, kept=False))
    verifier = verifier_cpu(bench.hall)
    bare, b64, b256 = max(found["bare"]), best(found["b64"]), best(found["b256"])
    n64, n256 = best(found["n64"]), best(found["n256"])
    hooked = min(one["cpu_ms"] for one in found["webhooks"])
    return {
        "bare_rows_per_second": round(bare),
        "ballots_64": b64,
        "ballots_256": b256,
        "without_write_64": n64,
        "without_write_256": n256,
        "check_ins_64": best(found["check_ins"]),
        "webhooks_64": best(found["webhooks"]),
        "ballots_to_bare": round(b64["rps"] / bare, 2),
        "ballots_to_without_write_64": round(b64["rps"] / n64["rps"], 2),
        "ballots_to_without_write_256": round(b256["rps"] / n256["rps"], 2),
        "livekit_verifier_cpu_ms": round(verifier, 3),
        "webhook_to_verifier_cpu": round(hooked / verifier, 2),
    }


async def on_sqlite(folder: Path, seconds: float, rounds: int) -> dict[str, Any]:
    """The same cell on the embedded database."""
    env = environment(folder, None)
    bench = Bench(env, await furnish(env), seconds)
    bare, ballots = [], []
    for number in range(rounds):
        copy = folder / "bare.sqlite3"
        shutil.copyfile(folder / "chibo.sqlite3", copy)
        bare.append(await asyncio.to_thread(bare_sqlite, copy, bench.hall, seconds / 2, number * 100_000))
        async with Service(env) as service:
            await bench.ballots(service, 64)  # warm
            ballots.append(await bench.ballots(service, 64))
    fastest = best(ballots)
    return {
        "bare_rows_per_second": round(max(bare)),
        "ballots_64": fastest,
        "ballots_to_bare": round(fastest["rps"] / max(bare), 2),
    }


def best(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The fastest of these runs."""
    return max(found, key=lambda one: float(one["rps"]))


async def main(seconds: float, rounds: int, databases: str) -> dict[str, Any]:
    """Both databases."""
    result: dict[str, Any] = {"seconds": seconds, "rounds": rounds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "postgres" in databases:
            with PostgresCluster(durable=True) as cluster:
                (folder / "pg").mkdir()
                result["postgres"] = await on_postgres(folder / "pg", cluster.create(), seconds, rounds)
        if "sqlite" in databases:
            (folder / "sqlite").mkdir()
            result["sqlite"] = await on_sqlite(folder / "sqlite", seconds, rounds)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", default="postgres,sqlite")
    options = parser.parse_args()
    print(json.dumps(asyncio.run(main(options.seconds, options.rounds, options.databases)), indent=2))
