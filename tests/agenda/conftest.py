"""The agenda over the same cell of 28."""

from __future__ import annotations

import pytest

from meetings.agenda.service import AgendaService
from meetings.db.unit import Units
from tests.attendance.conftest import database_template, real, service, units, world

__all__ = ["agenda", "database_template", "real", "service", "units", "world"]


@pytest.fixture
def agenda(units: Units) -> AgendaService:
    return AgendaService(units)
