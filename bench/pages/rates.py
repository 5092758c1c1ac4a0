"""What a page costs: asked for at a steady rate, whether or not earlier answers have come."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping

import aiohttp
import psutil

RATE = 10  # requests a second


async def ask(base: str, cookie: str, path: str, pid: int, seconds: float) -> Mapping[str, float]:
    """Milliseconds from the moment a request was due to its last byte, p50 and p95; CPU of the service per page."""
    service = psutil.Process(pid)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Cookie": f"chibo={cookie}"}
    ) as http:
        await _taken(http, base + path, time.perf_counter())  # what the first one caches is no page's cost
        before = service.cpu_times()
        begun, count = time.perf_counter(), round(seconds * RATE)
        tasks = [_due(http, base + path, begun + number / RATE) for number in range(count)]
        times = sorted(await asyncio.gather(*tasks))
        after = service.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return {
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
        "cpu_ms": round(cpu / count * 1000, 1),
    }


async def _due(http: aiohttp.ClientSession, url: str, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    return await _taken(http, url, at)


async def _taken(http: aiohttp.ClientSession, url: str, since: float) -> float:
    async with http.get(url, allow_redirects=False) as answer:
        await answer.read()
        if answer.status != 200:
            raise SystemExit(f"a page answered {answer.status}")
    return time.perf_counter() - since
