"""The close and its roster: what the hall needed is reckoned on the one that is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from meetings.agenda.speaking import end_turn
from meetings.convening import service as convening
from meetings.convening.rules import Meeting
from meetings.sitting.service import base_at_close
from tests.attendance.world import entered
from tests.sitting.holding import Cell


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)  # SQLite has one writer at a time
async def test_the_roster_that_is_kept_is_the_one_that_was_counted_on(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(minutes=95))

    async def while_it_closes(*given: Any) -> None:
        for label in ("n1", "n2"):
            await entered(cell.world.units, label, date(2026, 1, 5))
        await end_turn(*given)

    monkeypatch.setattr("meetings.sitting.service.end_turn", while_it_closes)
    held = (await cell.close(sitting)).sitting
    assert isinstance(held, Meeting)
    async with cell.world.units.read() as uow:
        kept = await convening.roster_of(uow, held)
        base = await base_at_close(uow, held, kept)
        late = await convening.roster_notes(uow, held)
    assert (base.size, held.hall_required) == (19, 10)
    assert {one.member for one in late} == {cell.world.member("n1"), cell.world.member("n2")}
