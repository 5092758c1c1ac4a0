"""Votes through which worker, database and phones are killed by turns, and what everybody was promised meanwhile."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.crash.evening import called, rolled
from tests.crash.power import Hall, hung_up_and_asked_again, strike

Victim = Literal["worker", "database", "client"]
CHOICES = ("for", "against", "abstain")
WORDS = {"for": "in_favour", "against": "against", "abstain": "abstain"}
VERSIONS = 3
LONGEST = 0.3  # seconds into an act at which somebody is killed
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Phone:
    """One member's phone and what lies on its shelf."""

    member: str
    words: tuple[str, ...]
    shelf: Path
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """The first time, or again."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crash.phone", str(self.shelf), *self.words, cwd=ROOT
        )

    async def kill(self) -> None:
        """Whatever it is doing; then it is started again."""
        killed, self.process = self.process, None
        if killed is not None:
            with suppress(ProcessLookupError):
                killed.kill()
            await killed.wait()
            await self.start()

    async def done(self) -> None:
        """Once it has every receipt; it may be killed and started again meanwhile."""
        while True:
            waited = self.process
            status = await waited.wait() if waited is not None else None
            if waited is not None and waited is self.process:
                assert status == 0, f"the phone was refused: {status}"
                return
            await asyncio.sleep(0.01)

    @property
    def kept(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What it sent and what it was answered, version by version."""
        files = [self.shelf / f"{version}" for version in range(1, VERSIONS + 1)]
        return [
            (
                json.loads(one.with_suffix(".parcel").read_bytes()),
                json.loads(one.with_suffix(".receipt").read_bytes()),
            )
            for one in files
        ]


@dataclass
class Storm:
    """A hall in which votes are held while things are killed."""

    hall: Hall
    chance: random.Random
    folder: Path
    meeting: str = ""
    phones: list[Phone] = field(default_factory=list)
    strikes: Counter[str] = field(default_factory=Counter)

    async def begin(self) -> None:
        """A sitting with everybody there."""
        self.meeting = await called(self.hall)
        await self.hall.write(self.hall.secretary, "POST", f"/meetings/{self.meeting}/open", {})
        await rolled(self.hall, self.meeting)

    async def vote(
        self, opening: Sequence[Victim], casting: Sequence[Victim], closing: Sequence[Victim]
    ) -> str:
        """One vote, those killed during each part of it. It comes out as the phones were told; returns its id."""
        body = {"question": "Nhất trí?", "minutes": 60}
        vote = (await self._while(opening, self._secretary(f"/meetings/{self.meeting}/votes", body)))["id"]
        phones = await self._phones(vote)
        await self._while(casting, asyncio.gather(*[phone.done() for phone in phones]))
        hands = {"in_favour": 12, "against": 1, "abstain": 0}
        await self._secretary(f"/votes/{vote}/hall-count", hands)
        closed = await self._while(closing, self._secretary(f"/votes/{vote}/close", {}))
        assert closed["result"]["devices"] == _last_words(phones)
        assert closed["result"]["late"] == 0
        return str(vote)

    async def _while(self, victims: Sequence[Victim], act: Awaitable[Any]) -> Any:
        acting = asyncio.ensure_future(act)
        for victim in victims:
            await asyncio.sleep(self.chance.uniform(0, LONGEST))
            await self._strike(victim)
        return await acting

    async def _strike(self, victim: Victim) -> None:
        if victim != "client":
            await strike(self.hall.server, database=victim == "database")
        else:
            running = [one for one in self.phones if one.process and one.process.returncode is None]
            for phone in self.chance.sample(running, k=min(3, len(running))):
                await phone.kill()
        self.strikes[victim] += 1

    async def _secretary(self, path: str, body: dict[str, Any]) -> Any:
        """The secretary's own device dies within each request, and asks again under the same key."""
        return await hung_up_and_asked_again(self.hall, path, body, self.chance.uniform(0, LONGEST))

    async def _phones(self, vote: str) -> list[Phone]:
        voting = {one.id for one in self.hall.cast.scanning if one.category == "official"}
        made = [self._phone(vote, member) for member in self.hall.people if member in voting]
        await asyncio.gather(*[phone.start() for phone in made])
        self.phones += made
        return made

    def _phone(self, vote: str, member: str) -> Phone:
        cookie = "; ".join(f"{name}={value}" for name, value in self.hall.people[member].cookies().items())
        url = f"{self.hall.server.base}/api/v1/votes/{vote}/ballots"
        words = (url, cookie, *self.chance.choices(CHOICES, k=VERSIONS))
        return Phone(member=member, words=words, shelf=self.folder / vote / member)


def _last_words(phones: Sequence[Phone]) -> dict[str, int]:
    last = Counter(phone.kept[-1][1]["choice"] for phone in phones)
    return {word: last[choice] for choice, word in WORDS.items()}
