"""Cell S with everything that an offline sitting is told to, on both databases."""

from __future__ import annotations

import pytest

from meetings.agenda.service import AgendaService
from meetings.minutes.service import MinutesService, SigningKeys
from meetings.minutes.service.gathering import Form
from meetings.minutes.workshop import ThreadWorkshop
from meetings.offline.service import Doors, OfflineService
from tests.offline.keeping import Device
from tests.rooms.conftest import database_template, gateway, real, rooms, service, units, world
from tests.sitting.conftest import cell
from tests.sitting.holding import Cell

__all__ = ["cell", "database_template", "gateway", "real", "rooms", "service", "units", "world"]


@pytest.fixture
def offline(cell: Cell) -> OfflineService:
    units, shop = cell.world.units, ThreadWorkshop()
    minutes = MinutesService(
        units,
        shop,
        SigningKeys(units, shop, "an invented passphrase of an installation"),
        form=Form(authority="T/M CHI BỘ", demonstration=False),
        timestamp_url=None,
    )
    doors = Doors(
        attendance=cell.world.service,
        agenda=AgendaService(units),
        voting=cell.voting,
        sitting=cell.sittings,
        minutes=minutes,
    )
    return OfflineService(units, doors)


@pytest.fixture
def device(cell: Cell, offline: OfflineService) -> Device:
    return Device(cell=cell, offline=offline)
