"""Holding a sitting in tests, as the storey above does it: convene, open, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Kind, Mode
from meetings.convening.service import Calling, ConveningService
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.notices.rules import Channel
from tests.committees.house import SECRETARY, House


def calling(
    clock: FixedClock, kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, at: datetime | None = None
) -> Calling:
    """A plan for half an hour from now."""
    starts_at = at or clock.now() + timedelta(minutes=30)
    return Calling(kind=kind, mode=mode, starts_at=starts_at, place="Nhà văn hóa thôn Mẫu")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hall:
    """Who holds meetings: the acts, the house and its clock."""

    service: ConveningService
    units: Units
    house: House
    clock: FixedClock

    async def called(
        self, kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, *, who: str = SECRETARY
    ) -> AnySitting:
        """A draft by that secretary in their cell."""
        cell = self.house.cell if who == SECRETARY else self.house.other
        return await self.service.call_meeting(self.house.asks(who), cell, calling(self.clock, kind, mode))

    async def opened(
        self, kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, *, who: str = SECRETARY
    ) -> AnySitting:
        """An open sitting."""
        made = await self.called(kind, mode, who=who)
        ready = await self.service.convene(self.house.asks(who), made.id, Channel.ZALO_TEXT, {})
        async with self.units.begin() as uow:
            return await convening.open_sitting(uow, ready, uow.now)

    async def held(
        self,
        kind: Kind = Kind.REGULAR,
        mode: Mode = Mode.IN_PERSON,
        *,
        present: int = 14,
        required: int = 11,
        who: str = SECRETARY,
    ) -> AnySitting:
        """A closed sitting of 95 minutes."""
        return await self.ended(await self.opened(kind, mode, who=who), present=present, required=required)

    async def ended(
        self, found: AnySitting, *, present: int = 14, required: int = 11, at: datetime | None = None
    ) -> AnySitting:
        """The open sitting closed at that moment (95 minutes on)."""
        if at is None:
            self.clock.move(timedelta(minutes=95))
        async with self.units.begin() as uow:
            ended, _ = await convening.close_sitting(
                uow,
                found,
                roster=await convening.roster_of(uow, found),
                hall_present=present,
                hall_required=required,
                at=at or uow.now,
            )
            return ended
