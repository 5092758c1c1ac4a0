"""A room that goes on for long: `python -m bench.media.soak [--minutes 60]`. Exit status 1 if memory grew.

Six people speak, two of them with cameras, all of them send data; one after the other leaves and comes back, by turns
in each connection mode. Two stay from beginning to end and receive everything, one in each mode. The server is a
process of its own; its resident memory is read twice a minute, after its garbage was
collected. Flat means: the last third is not larger than the second
by more than `bound`.
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
from functools import partial
from pathlib import Path

import psutil

from bench.media.servers import PROGRAM, held
from media_server.testing import KEY, SECRET
from tests.media_server.people import Client, People, until

ROOT = Path(__file__).parents[2]
PEOPLE = 6
SAMPLES = 30  # at least, whatever the time
LONGEST_PAUSE_S = 30.0
CAMERA_EVERY = 3  # each third person has one
PACKETS = 20  # of data, by each person in each turn, half of them reliable
NOISE = 1 << 20  # bytes: one arena of Python's allocator
GROWTH = 3 << 20  # bytes in an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The server under load."""

    url: str
    key: str = KEY
    secret: str = SECRET


async def soak(minutes: float) -> Sequence[int]:
    """Resident bytes of the server without its garbage, sample by sample."""
    process = await asyncio.create_subprocess_exec(*PROGRAM, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    try:
        return await _loaded(await _address(process), process.pid, minutes * 60)
    finally:
        process.kill()
        await process.wait()


def is_flat(samples: Sequence[int], minutes: float) -> bool:
    """Whether the last third of the samples, taken over so long, is no larger than the one before."""
    third = len(samples) // 3
    grown = statistics.median(samples[-third:]) - statistics.median(samples[third : 2 * third])
    return grown < bound(minutes)


def bound(minutes: float) -> float:
    """Bytes that the last third may be above the one before: 4 MiB if that took an hour, less if less."""
    return NOISE + GROWTH * minutes / 60


async def _address(process: Process) -> Address:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"keys": {KEY: SECRET}, "auto_create": True}).encode() + b"\n")
    await process.stdin.drain()
    return Address(url=json.loads(await process.stdout.readline())["url"])


async def _loaded(address: Address, pid: int, seconds: float) -> list[int]:
    server, samples = psutil.Process(pid), []
    pause = min(LONGEST_PAUSE_S, seconds / SAMPLES)
    listening = [People(address, single=single) for single in (True, False)]
    guests = [People(address, single=number % 2 == 0) for number in range(PEOPLE)]
    try:
        stay = [await each.join("họp", f"nghe {number}") for number, each in enumerate(listening)]
        clients = [await _enter(guest, number) for number, guest in enumerate(guests)]
        for turn in range(round(seconds / pause)):
            number = turn % PEOPLE
            await guests[number].close()
            guests[number] = People(address, single=turn % 2 == 0)
            clients[number] = await _enter(guests[number], number)
            await asyncio.gather(*(_send(each) for each in clients))
            await asyncio.sleep(pause)
            samples.append(await held(server))
            await _received(stay)
    finally:
        await asyncio.gather(*(each.close() for each in (*listening, *guests)))
    return samples


async def _enter(guest: People, number: int) -> Client:
    client = await guest.join("họp", f"đ/c {number}")
    await guest.speak(client, 400.0 + 40 * number)
    if number % CAMERA_EVERY == 0:
        await guest.show(client)
    return client


async def _send(client: Client) -> None:
    for number in range(PACKETS):
        await client.room.local_participant.publish_data(bytes(500), reliable=number % 2 == 0)


async def _received(stay: Sequence[Client]) -> None:
    """Who stayed gets sound, pictures and data after the last look: pictures withheld from a busy machine come back."""
    for client in stay:
        await until(partial(_reached, client))
        client.events.clear()
        client.forget()


def _reached(client: Client) -> bool:
    heard = any(len(ear) for ear in client.samples.values())
    return bool(heard and client.seen("frame") and client.seen("data_received"))


def main() -> int:
    """0 if memory is flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    minutes = parser.parse_args().minutes
    samples = asyncio.run(soak(minutes))
    print(f"{len(samples)} samples, MiB: " + " ".join(f"{each / (1 << 20):.0f}" for each in samples))
    flat = is_flat(samples, minutes)
    print("flat" if flat else "GROWING")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
