"""A room that goes on for long: `python -m bench.media.soak [--minutes 60]`. Exit status 1 if memory grew.

Six people speak, one after the other leaves and comes back, by turns in each connection mode. The server is a process
of its own; its resident memory is read twice a minute. Flat means: the last third is not larger than the second by
more than `GROWTH`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from media_server.testing import KEY, SECRET
from tests.media_server.people import People

ROOT = Path(__file__).parents[2]
PEOPLE = 6
SAMPLES = 30  # at least, whatever the time
LONGEST_PAUSE_S = 30.0
GROWTH = 8 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The server under load."""

    url: str
    key: str = KEY
    secret: str = SECRET


async def soak(minutes: float) -> Sequence[int]:
    """Resident bytes of the server, sample by sample."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "media_server", stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    try:
        return await _loaded(await _address(process), process.pid, minutes * 60)
    finally:
        process.kill()
        await process.wait()


def is_flat(samples: Sequence[int]) -> bool:
    """Whether the last third of the samples is no larger than the one before."""
    third = len(samples) // 3
    return statistics.median(samples[-third:]) - statistics.median(samples[third : 2 * third]) < GROWTH


async def _address(process: Process) -> Address:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"keys": {KEY: SECRET}, "auto_create": True}).encode() + b"\n")
    await process.stdin.drain()
    return Address(url=json.loads(await process.stdout.readline())["url"])


async def _loaded(address: Address, pid: int, seconds: float) -> list[int]:
    server, samples = psutil.Process(pid), []
    pause = min(LONGEST_PAUSE_S, seconds / SAMPLES)
    guests = [People(address, single=number % 2 == 0) for number in range(PEOPLE)]
    for number, guest in enumerate(guests):
        await _enter(guest, number)
    try:
        for turn in range(round(seconds / pause)):
            number = turn % PEOPLE
            await guests[number].close()
            guests[number] = People(address, single=turn % 2 == 0)
            await _enter(guests[number], number)
            await asyncio.sleep(pause)
            samples.append(int(server.memory_info().rss))
    finally:
        for guest in guests:
            await guest.close()
    return samples


async def _enter(guest: People, number: int) -> None:
    client = await guest.join("họp", f"đ/c {number}")
    await guest.speak(client, 400.0 + 40 * number)


def main() -> int:
    """0 if memory is flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    samples = asyncio.run(soak(parser.parse_args().minutes))
    print(f"{len(samples)} samples, MiB: " + " ".join(f"{each / (1 << 20):.0f}" for each in samples))
    print("flat" if is_flat(samples) else "GROWING")
    return 0 if is_flat(samples) else 1


if __name__ == "__main__":
    sys.exit(main())
