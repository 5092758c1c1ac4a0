"""Attendance as one service for the composition root."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.attendance.service.called import Register
from meetings.attendance.service.check_ins import CheckInService
from meetings.attendance.service.guest_list import GuestService
from meetings.attendance.service.holders import PassService
from meetings.attendance.service.leave import LeaveService
from meetings.attendance.service.looks import LookService
from meetings.attendance.service.machines import Machines
from meetings.attendance.service.on_roster import RosterService
from meetings.attendance.service.roll import OnCorrected, RollService, nothing_more
from meetings.attendance.service.sharing import SharedPhoneService
from meetings.db.unit import Units
from meetings.kernel.clock import Clock
from meetings.rooms.rules import PresenceEvent


class AttendanceService:
    """`secret` signs hall codes; `real` tells real time, by which codes and passes live; `waiting` rows of
    each kind may wait for the database before Busy; `on_corrected` runs in the unit of a corrected roll
    or roster.
    Start it inside the loop, stop it before the database.
    """

    def __init__(
        self,
        units: Units,
        *,
        secret: bytes,
        real: Clock,
        waiting: int,
        on_corrected: OnCorrected = nothing_more,
    ) -> None:
        register = Register(units, real)
        self.machines = Machines(units, register, waiting=waiting)
        self.check_ins = CheckInService(units, secret, real, register, waiting=waiting)
        self.roll = RollService(units, real, on_corrected)
        self.roster = RosterService(units, on_corrected)
        self.leave = LeaveService(units)
        self.guests = GuestService(units)
        self.passes = PassService(units, real)
        self.shared_phones = SharedPhoneService(units)
        self.looks = LookService(units)

    def start(self) -> None:
        """Begin to write batches."""
        for batcher in (self.machines.presence, self.machines.beats):
            batcher.start()
        self.check_ins.arrivals.start()

    async def stop(self) -> None:
        """Write what was accepted, then end."""
        await self.check_ins.arrivals.stop()
        for batcher in (self.machines.presence, self.machines.beats):
            await batcher.stop()

    async def record_presence(self, events: Sequence[PresenceEvent]) -> None:
        """Keep what the media server told. Call it outside any unit of work. Raises Busy."""
        await self.machines.record_presence(events)
