"""The cell of 28 with a vote to take, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from meetings.attendance.service import AttendanceService
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.voting.secret_box import SecretBox
from meetings.voting.service import VotingService
from tests.attendance.conftest import database_template, real, service, units
from tests.attendance.world import World

__all__ = ["database_template", "real", "service", "units"]


@pytest.fixture
def world(units: Units, clock: FixedClock, service: AttendanceService) -> World:
    return World(units=units, clock=clock, service=service)


@pytest.fixture
async def voting(units: Units) -> AsyncIterator[VotingService]:
    made = VotingService(units)
    made.secret.box = SecretBox(units, every=0.02, linger=0.3)
    made.start()
    yield made
    await made.stop()
