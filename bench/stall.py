"""How long the event loop stands still while minutes are made and signed: `python -m bench.stall [--rounds 5]`.

The service's own services, worker process and SQLite in one process, a cell of 30. A ticker asks to be woken every
millisecond; how late it comes is what everybody else waits. Prints one JSON document in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.hall import environment, found, house_of, leave, members_of, open_meeting, roll_of
from meetings.app import House
from meetings.committees import service as committees
from meetings.committees.powers import Part
from meetings.convening.rules import Kind, Mode
from meetings.db.migrate import upgrade_database
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.settings import load, owner_url

VOTERS = 30
PASSPHRASE = "mật khẩu để thử 2026"


@dataclass(frozen=True, slots=True)
class Leader:
    """Who signs."""

    member: Id
    asker: Asker


class Ticker:
    """The longest wait, in milliseconds, during each step."""

    def __init__(self) -> None:
        self.late: dict[str, list[float]] = {}

    async def during(self, name: str, step: Coroutine[Any, Any, Any]) -> None:
        """One step, watched."""
        working = asyncio.ensure_future(step)
        longest = 0.0
        while not working.done():
            asked = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - asked - 0.001)
        await working
        self.late.setdefault(name, []).append(round(longest * 1000, 1))


async def main(rounds: int) -> Mapping[str, Mapping[str, float]]:
    """For nothing at all, approving, and each signature: the median and the longest of the rounds."""
    ticker = Ticker()
    with tempfile.TemporaryDirectory() as folder:
        settings = load(None, environment(Path(folder), None))
        await upgrade_database(owner_url(settings))
        house = house_of(settings)
        cell, secretary = await found(house)
        await members_of(house, Asker(person=secretary, session=new_id()), cell, VOTERS)
        chair, second = await _leaders(house, cell, secretary)
        for _ in range(rounds):
            await _evening(house, cell, chair, second, ticker)
        await house.workshop.close()
        await leave(house)
    return {name: {"median": median(late), "longest": max(late)} for name, late in ticker.late.items()}


async def _leaders(house: House, cell: Id, secretary: Id) -> tuple[Leader, Leader]:
    """The secretary leads, another member records, both with a key."""
    async with house.units.read() as uow:
        roster = await committees.roster(uow, cell, uow.now.date())
    [own] = [one for one in roster if one.person == secretary]
    other = next(one for one in roster if one.person != secretary)
    leaders = [Leader(one.id, Asker(person=one.person, session=new_id())) for one in (own, other)]
    for one in leaders:
        await house.minutes.keys.make(one.asker, PASSPHRASE)
    return leaders[0], leaders[1]


async def _evening(house: House, cell: Id, chair: Leader, second: Leader, ticker: Ticker) -> None:
    meeting = await open_meeting(house, chair.asker, cell, Mode.IN_PERSON, Kind.EXTRAORDINARY)
    async with house.units.read() as uow:
        roster = await committees.roster(uow, cell, uow.now.date())
    await roll_of(house, chair.asker, meeting, [one.id for one in roster])
    await house.sitting.name_parts(chair.asker, meeting, chair.member, second.member)
    await house.sitting.close(chair.asker, meeting, None)
    await ticker.during("nothing", asyncio.sleep(0.5))
    await ticker.during("approving", house.minutes.approve(chair.asker, meeting))
    for one, part in ((second, Part.RECORDER), (chair, Part.CHAIR)):
        step = house.minutes.sign(one.asker, meeting, part, PASSPHRASE)
        await ticker.during(f"signing as {part.value}", step)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.stall")
    parser.add_argument("--rounds", type=int, default=5)
    print(json.dumps(asyncio.run(main(parser.parse_args().rounds)), indent=2))
