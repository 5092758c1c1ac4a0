"""Live sittings: one reader per followed meeting asks the database and tells everybody who follows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Busy
from meetings.kernel.ids import Id
from meetings.ledger.service import newest_in
from meetings.sitting.happenings import Happening, happenings

log = logging.getLogger(__name__)

READ_EVERY = 1.0  # seconds
MOST_WAITING = 100  # events; a follower that takes none for so long is dropped and comes back by number
MOST_OF_ONE = 6  # streams of one person in one meeting: a browser opens no more to one host


class Follower:
    """One open stream. `take` gives what is new, once each, in order."""

    def __init__(self, person: Id) -> None:
        self.person = person
        self._waiting: asyncio.Queue[Happening | None] = asyncio.Queue(MOST_WAITING)
        self._told = 0
        self.dropped = False

    def tell(self, events: Sequence[Happening]) -> None:
        """Without waiting. A full queue drops the follower."""
        try:
            for event in events:
                self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.drop()

    def drop(self) -> None:
        """End the stream; what waits is thrown away, the number says where to go on."""
        self.dropped = True
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def take(self, seconds: float) -> Happening | None:
        """The next event; None when nothing came for so long, or when `dropped`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (event := await self._waiting.get()) is not None:
                    if event.number > self._told:
                        self._told = event.number
                        return event
        return None


class _Reader:
    """Asks for one meeting as long as somebody follows it."""

    def __init__(self, units: Units, meeting: Id, every: float) -> None:
        self._units, self._meeting, self._every = units, meeting, every
        self._task: asyncio.Task[None] | None = None
        self.followers: list[Follower] = []

    def add(self, follower: Follower) -> None:
        """Whoever has too many streams loses the oldest."""
        mine = [one for one in self.followers if one.person == follower.person]
        for old in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            old.drop()
            self.followers.remove(old)
        self.followers.append(follower)

    def remove(self, follower: Follower) -> None:
        """It may be gone."""
        if follower in self.followers:
            self.followers.remove(follower)

    def start(self, number: int) -> None:
        """From that number on; a running one goes on from its own."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(number))

    async def stop(self) -> None:
        """Everybody is sent away."""
        for follower in self.followers:
            follower.drop()
        self.followers.clear()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, number: int) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                number = await self._read(number)
            except (SQLAlchemyError, Busy) as problem:
                log.warning("live state not read", extra={"problem": type(problem).__name__})

    async def _read(self, number: int) -> int:
        async with self._units.read() as uow:
            events, newest = await happenings(uow, self._meeting, number)
        for follower in [*self.followers]:
            follower.tell(events)
            if follower.dropped:
                self.remove(follower)
        return newest


class LiveSittings:
    """Who follows which meeting in this process. `stop` with the application."""

    def __init__(self, units: Units, *, every: float = READ_EVERY) -> None:
        self._units, self._every = units, every
        self._readers: dict[Id, _Reader] = {}

    @property
    def followed(self) -> int:
        """How many meetings are being read."""
        return len(self._readers)

    @asynccontextmanager
    async def following(self, asker: Asker, meeting: Id, last: int) -> AsyncIterator[Follower]:
        """What happens after number `last`, for whoever may view the meeting. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
        reader = self._readers.setdefault(meeting, _Reader(self._units, meeting, self._every))
        follower = Follower(asker.person)
        reader.add(follower)  # before reading what was missed: nothing may fall between the two
        try:
            async with self._units.read() as uow:
                after = min(last, await newest_in(uow, meeting))  # whoever names a later number is mistaken
                missed, newest = await happenings(uow, meeting, after)
            follower.tell(missed)
            reader.start(newest)
            yield follower
        finally:
            await self._leave(meeting, reader, follower)

    async def _leave(self, meeting: Id, reader: _Reader, follower: Follower) -> None:
        reader.remove(follower)
        if not reader.followers and self._readers.get(meeting) is reader:
            del self._readers[meeting]
            await reader.stop()

    async def stop(self) -> None:
        """End every stream."""
        readers = [*self._readers.values()]
        self._readers.clear()
        for reader in readers:
            await reader.stop()
