"""What every scene of the demonstration shares: the service, its people, its clock, its phones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo.cast import Cast, Member
from demo.client import Person, Refusal, Unexpected
from demo.line import Line
from demo.relay import Relay
from demo.server import Server
from demo.voices import Seat, Voice

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_PATIENCE = 30.0


@dataclass
class Stage:
    """`say` tells the audience what happens, with the demonstration's own time before it. `decided`: what scenes leave
    for the summary, by name."""

    server: Server
    relay: Relay
    out: Path
    cell: str
    secretary: Person
    administrator: Person
    cast: Cast
    people: dict[str, Person] = field(default_factory=dict)
    participants: int = 0
    heard_by: int = 0
    decided: dict[str, Any] = field(default_factory=dict)

    async def say(self, line: str) -> None:
        """One line, at the demonstration's time."""
        now = await self.now()
        print(f"  [{now:%d/%m/%Y %H:%M}, đồng hồ trình diễn] {line}", flush=True)

    async def now(self) -> datetime:
        """The demonstration's moment: asking for the present never moves it."""
        answer = await self.secretary.post("/demo-clock", to="2000-01-01T00:00:00Z")
        return datetime.fromisoformat(answer["now"]).astimezone(ZONE)

    async def go_on_to(self, moment: datetime) -> None:
        """Move the demonstration's clock forward."""
        await self.secretary.post("/demo-clock", to=moment.isoformat())

    async def person(self, member: Member) -> Person:
        """The member's own browser; the first time they open the link the secretary printed for them."""
        if member.id not in self.people:
            made = await self.secretary.post(
                f"/cells/{self.cell}/invitations", member=member.id, channel="paper"
            )
            browser = Person(self.server.base)
            await browser.enter(str(made["link"]))
            self.people[member.id] = browser
        return self.people[member.id]

    async def phone(self, member: Member, meeting: str, hz: float, line: Line | None = None) -> Voice:
        """The member joins the room by phone with a ticket of their own."""
        person = await self.person(member)
        ticket = await person.post(f"/meetings/{meeting}/ticket")
        voice = Voice(hz)
        url = line.url if line is not None else ticket["url"]
        await voice.enter(Seat(url=url, token=ticket["token"], identity=ticket["identity"]))
        self.participants += 1
        return voice

    async def until(self, what: str, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is so. Raises Unexpected."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _PATIENCE
        while not await holds():
            if loop.time() > end:
                raise Unexpected(f"waited in vain: {what}")
            await asyncio.sleep(0.3)

    async def close(self) -> None:
        """Everybody closes their browser."""
        for person in [self.secretary, self.administrator, *self.people.values()]:
            await person.close()


def expect(holds: bool, what: str) -> None:
    """The demonstration stops at the first thing that is not as it must be. Raises Unexpected."""
    if not holds:
        raise Unexpected(what)


async def refused(act: Awaitable[Any], *codes: str) -> Refusal:
    """The typed refusal that must come. Raises Unexpected if it does not."""
    try:
        await act
    except Refusal as refusal:
        expect(refusal.code in codes, f"refused as {refusal.code}, not as {' or '.join(codes)}")
        return refusal
    raise Unexpected(f"not refused: {' or '.join(codes)}")


def names(members: Sequence[Member]) -> str:
    """For the audience."""
    return ", ".join(member.name for member in members)
