"""Cell S on both databases, with rooms on the twin of the media server."""

from __future__ import annotations

import pytest

from meetings.attendance.service import AttendanceService, has_answered_leave
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.service import RoomsService
from tests.attendance.conftest import database_template, real, service, units
from tests.attendance.world import World

__all__ = ["database_template", "real", "service", "units"]


@pytest.fixture
def world(units: Units, clock: FixedClock, service: AttendanceService) -> World:
    return World(units=units, clock=clock, service=service)


@pytest.fixture
def gateway(clock: FixedClock) -> MemoryGateway:
    return MemoryGateway(clock)


@pytest.fixture
def rooms(units: Units, gateway: MemoryGateway, real: FixedClock, service: AttendanceService) -> RoomsService:
    return RoomsService(
        units,
        gateway,
        address=lambda: "ws://media.invalid",
        real_now=real.now,
        leave_answered=has_answered_leave,
        on_presence=service.record_presence,
    )
