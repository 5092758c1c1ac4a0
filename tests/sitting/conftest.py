"""Cell S and the acts of a sitting, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from meetings.rooms.memory import MemoryGateway
from meetings.rooms.service import RoomsService
from meetings.sitting.service import SittingService
from meetings.voting.service import VotingService
from tests.attendance.world import World
from tests.rooms.conftest import database_template, gateway, real, rooms, service, units, world
from tests.sitting.holding import Cell

__all__ = ["database_template", "gateway", "real", "rooms", "service", "units", "world"]


@pytest.fixture
async def cell(world: World, rooms: RoomsService, gateway: MemoryGateway) -> AsyncIterator[Cell]:
    voting = VotingService(world.units)
    voting.box.start()
    yield Cell(world=world, sittings=SittingService(world.units, rooms), voting=voting, gateway=gateway)
    await voting.box.stop()
