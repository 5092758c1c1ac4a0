"""The service as a process whose power fails, and people who send again until they are answered."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from demo.cast import Cast, cast_of
from demo.client import Person, Refusal
from demo.server import Server
from meetings.cli.sample import ANSWERS, EXAMPLES
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.ledger.service import LedgerService
from tests.journeys.sittings import new_id
from tests.postgres import PostgresCluster, Urls

R = TypeVar("R")

START = datetime.fromisoformat("2026-11-20T08:00:00+07:00")
PATIENCE = 300.0  # longer than a start may take on a loaded machine
NO_MEDIA = ("ws://127.0.0.1:1", "khongcoam", "x" * 40)


@dataclass
class PoweredServer(Server):
    """Always on the same port, so that phones find it again. `cluster` None: SQLite below `data`."""

    cluster: PostgresCluster | None = None
    port: int = 0
    urls: Urls | None = None

    def __post_init__(self) -> None:
        self.urls = self.cluster.create() if self.cluster else None

    def environment(self) -> Mapping[str, str]:
        """Settings, by environment only."""
        given = {**super().environment(), "CHIBO_HTTP__PORT": str(self.port)}
        given["CHIBO_LIMITS__SIGN_IN_TRIES_PER_HOUR"] = "1000"
        given["CHIBO_LIMITS__REQUESTS_PER_MINUTE"] = "100000"  # everything is asked again at once
        if self.urls is not None:
            given["CHIBO_DATABASE__URL"] = self.urls.app
            given["CHIBO_DATABASE__OWNER_URL"] = self.urls.owner
        return given

    @property
    def database(self) -> str:
        """The serving database's address."""
        return self.urls.app if self.urls else f"sqlite+aiosqlite:///{self.data / 'chibo.sqlite3'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledged:
    """A write that was answered, and the answer."""

    who: Person
    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    answer: bytes


@dataclass
class Hall:
    """The people and what they were promised."""

    server: PoweredServer
    cell: str
    org: str
    secretary: Person
    administrator: Person
    cast: Cast
    people: dict[str, Person] = field(default_factory=dict)
    promised: list[Acknowledged] = field(default_factory=list)

    async def write(self, who: Person, method: str, path: str, body: dict[str, Any]) -> Any:
        """Send until it is answered, always under the same key. Raises Refusal."""
        headers = {"Idempotency-Key": new_id()}
        answer = await surely(who, method, path, body, headers)
        self.promised.append(
            Acknowledged(who=who, method=method, path=path, body=body, headers=headers, answer=answer)
        )
        return json.loads(answer)

    async def close(self) -> None:
        """Everybody goes home."""
        for person in {id(one): one for one in (self.administrator, *self.people.values())}.values():
            await person.close()
        await self.server.stop()


async def surely(
    who: Person, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> bytes:
    """Ask again while nobody answers, or only that it cannot now."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while True:
        try:
            return await who.raw(method, path, body, headers)
        except (aiohttp.ClientError, OSError):
            if loop.time() > end:
                raise
        except Refusal as refused:
            if refused.status < 500 or loop.time() > end:
                raise
        await asyncio.sleep(0.1)


async def hung_up_and_asked_again(hall: Hall, path: str, body: dict[str, Any], after: float) -> Any:
    """The secretary's device breaks off so many seconds into the request and sends it again under the same key."""
    headers = {"Idempotency-Key": new_id()}
    broken = asyncio.create_task(surely(hall.secretary, "POST", path, body, headers))
    await asyncio.wait([broken], timeout=after)
    broken.cancel()
    with suppress(asyncio.CancelledError):
        await broken
    return json.loads(await surely(hall.secretary, "POST", path, body, headers))


async def begin(data: Path, cluster: PostgresCluster | None) -> Hall:
    """A running service with cell S, the secretary and ten members at their phones."""
    server = PoweredServer(
        data=data, start=START, rate=1.0, media=NO_MEDIA, cluster=cluster, port=_free_port()
    )
    answers = data / "answers.json"
    answers.write_text(ANSWERS.model_dump_json(exclude_none=True), encoding="utf-8")
    await server.run("--own", "--answers", str(answers))
    ready, links = server.ready, server.ready["links"]
    await server.stop()
    await server.command("import", str(EXAMPLES / "roster.xlsx"))
    await server.run("--own")
    secretary, administrator = Person(server.base), Person(server.base)
    await secretary.enter(str(links["secretary"]))
    await administrator.enter(str(links["administrator"]))
    cast = await cast_of(secretary, str(ready["cell"]))
    hall = Hall(
        server=server,
        cell=str(ready["cell"]),
        org=str(ready["org"]),
        secretary=secretary,
        administrator=administrator,
        cast=cast,
        people={cast.chair.id: secretary},
    )
    for member in cast.scanning[:8]:
        await sign_in(hall, member.id)
    return hall


async def sign_in(hall: Hall, member: str) -> None:
    """At their own phone, if they are not yet."""
    if member not in hall.people:
        made = await hall.secretary.post(f"/cells/{hall.cell}/invitations", member=member, channel="paper")
        hall.people[member] = Person(hall.server.base)
        await hall.people[member].enter(str(made["link"]))


async def stormed(
    hall: Hall, work: Coroutine[Any, Any, R], kills: int, chance: random.Random
) -> tuple[R, int]:
    """Do it while the power fails: (what it gave, how often it failed).

    If either goes wrong the other ends with it. A failure that nobody took would be told by the garbage collector, in
    the middle of the report of the other: Python 3.11 before 3.11.8 cannot parse while it parses (gh-106905)."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as both:
        working = both.create_task(work)
        working.add_done_callback(lambda _: over.set())
        cutting = both.create_task(cut_power(hall.server, kills, chance, over))
    return working.result(), cutting.result()


async def strike(server: PoweredServer, *, database: bool) -> None:
    """kill -9, and start again: of the service, or of its PostgreSQL where it has one."""
    if database and server.cluster is not None:
        await asyncio.to_thread(server.cluster.crash)
        return
    await server.crash()
    await server.run("--own")


async def cut_power(
    server: PoweredServer,
    times: int,
    chance: random.Random,
    over: asyncio.Event,
    fallen: asyncio.Queue[None] | None = None,
) -> int:
    """Kill and restart so often, each time after another moment: the service, by turns with a PostgreSQL where there
    is one. Tells how often it was; `fallen` gets one for each."""
    done = 0
    while done < times and not over.is_set():
        longest = 1.8 if done else 0.5  # on a fast machine an evening is over in a few seconds
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), chance.uniform(0.1, longest))
        if not over.is_set():
            await strike(server, database=done % 2 == 1)
            done += 1
            if fallen is not None:
                fallen.put_nowait(None)
    return done


async def ledger_holds(hall: Hall) -> None:
    """Every chain, recomputed from the tables."""
    database = Database(hall.server.database)
    try:
        chains = await LedgerService(Units(database, SystemClock())).verify()
        assert chains
        assert all(chain.valid for chain in chains), chains
    finally:
        await database.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


__all__ = [
    "Acknowledged",
    "Hall",
    "Refusal",
    "begin",
    "cut_power",
    "hung_up_and_asked_again",
    "ledger_holds",
    "sign_in",
    "stormed",
    "strike",
    "surely",
]
