"""Who belongs to a meeting's cell, kept for a minute: a hall checks in within minutes, phone after phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.committees.powers import Act
from meetings.committees.rules import Category
from meetings.convening.rules import Mode
from meetings.convening.service import NoSuchMeeting, allow_in, roster_of
from meetings.convening.service import sitting as sitting_of
from meetings.db.batch import Together
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.ids import Id
from meetings.rooms.rules import NotConvoked

KEPT = timedelta(minutes=1)
_MOST = 20_000  # meetings


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """The cell's members of the sitting's day by person, suspended ones left out.

    The sitting's state is not here: the statement that writes reads it itself.
    """

    cell: Id
    mode: Mode
    members: Mapping[Id, Id]
    read_at: datetime


class Register:
    """`real` tells real time, by which what is kept grows old."""

    def __init__(self, units: Units, real: Clock) -> None:
        self._units = units
        self._real = real
        self._kept: dict[Id, Called] = {}
        self._reads: Together[Id, Called | None] = Together(self._look)

    async def find(self, asker: Asker, meeting: Id) -> tuple[Called, Id]:
        """The meeting and the asker's membership. Raises NoSuchMeeting, NotConvoked."""
        called = await self._called(meeting)
        if called is not None and (member := called.members.get(asker.person)) is not None:
            return called, member
        async with self._units.read() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            member = actor.member_in(sitting.cell)
        if member is None or called is None:
            raise NotConvoked
        return called, member

    async def _called(self, meeting: Id) -> Called | None:
        now = self._real.now()
        kept = self._kept.get(meeting)
        if kept is None or not kept.read_at <= now < kept.read_at + KEPT:
            kept = await self._reads.ask(meeting)
        if kept is not None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[meeting] = kept
        return kept

    async def _look(self, meetings: Sequence[Id]) -> list[Called | None]:
        """A whole hall asks at once: each register is read once."""
        found = {meeting: await self._read(meeting, self._real.now()) for meeting in set(meetings)}
        return [found[meeting] for meeting in meetings]

    async def _read(self, meeting: Id, now: datetime) -> Called | None:
        async with self._units.read() as uow:
            try:
                sitting = await sitting_of(uow, meeting)
            except NoSuchMeeting:
                return None
            people = await roster_of(uow, sitting)
        members = {one.person: one.id for one in people if one.category is not Category.SUSPENDED}
        return Called(cell=sitting.cell, mode=sitting.mode, members=members, read_at=now)
