"""What a page costs: asked for at a steady rate, whether or not earlier answers have come, and while others vote."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
import psutil

RATE = 100  # requests a second
BALLOTS = 10  # a second: each is a change, after which a page is read anew


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A page, who asks for it, and the voters who change their minds meanwhile."""

    base: str
    path: str
    cookie: str
    vote: str
    voters: Sequence[str]
    pid: int


async def ask(asked: Asked, seconds: float, *, voting: bool, versions: Iterator[int]) -> Mapping[str, float]:
    """Milliseconds from the moment a request was due to its last byte, p50 and p95; CPU of the service per page, with
    that of the ballots."""
    service = psutil.Process(asked.pid)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await _taken(http, asked, time.perf_counter())  # what the first one caches is no page's cost
        before = service.cpu_times()
        begun, count = time.perf_counter(), round(seconds * RATE)
        ballots = asyncio.create_task(_vote(http, asked, versions)) if voting else None
        tasks = [_due(http, asked, begun + number / RATE) for number in range(count)]
        times = sorted(await asyncio.gather(*tasks))
        after = service.cpu_times()
        if ballots is not None:
            ballots.cancel()
            await asyncio.gather(ballots, return_exceptions=True)
    cpu = after.user + after.system - before.user - before.system
    return {
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
        "cpu_ms": round(cpu / count * 1000, 1),
    }


async def _vote(http: aiohttp.ClientSession, asked: Asked, versions: Iterator[int]) -> None:
    """Until it is cancelled."""
    url = f"{asked.base}/api/v1/votes/{asked.vote}/ballots"
    for version in versions:
        for cookie in asked.voters:
            ballot = {"id": str(uuid.uuid4()), "version": version, "choice": "for"}
            async with http.post(url, json=ballot, headers={"Cookie": f"chibo={cookie}"}) as answer:
                if answer.status not in (200, 201):
                    raise SystemExit(f"a ballot was answered {answer.status}")
            await asyncio.sleep(1 / BALLOTS)


async def _due(http: aiohttp.ClientSession, asked: Asked, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    return await _taken(http, asked, at)


async def _taken(http: aiohttp.ClientSession, asked: Asked, since: float) -> float:
    headers = {"Cookie": f"chibo={asked.cookie}"}
    async with http.get(asked.base + asked.path, headers=headers, allow_redirects=False) as answer:
        await answer.read()
        if answer.status != 200:
            raise SystemExit(f"a page answered {answer.status}")
    return time.perf_counter() - since
