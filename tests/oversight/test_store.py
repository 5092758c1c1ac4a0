"""Rows of oversight on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import new_id
from meetings.oversight import store
from meetings.oversight.figures import SittingFigures
from meetings.oversight.rules import Rate
from meetings.oversight.store import Snapshot
from tests.oversight.world import COMMUNE, NOVEMBER, OCTOBER, Q4, Above, cell, evening

FIGURES = SittingFigures(
    rate=Rate(present=frozenset({"a"}), counted=frozenset({"a", "b"})), joined=1, left_out=0, disagreements=2
)


async def counted_at(above: Above) -> list[object]:
    async with above.units.read() as uow:
        return list((await uow.session.execute(text("SELECT counted_at FROM cell_month"))).scalars())


async def keep(above: Above, figures: dict[str, SittingFigures]) -> None:
    async with above.units.begin() as uow:
        await store.keep_month(uow.session, cell("S"), NOVEMBER, figures, uow.now)


async def test_counting_again_changes_nothing_and_a_change_replaces(above: Above) -> None:
    await keep(above, {"m": FIGURES})
    first = await counted_at(above)
    above.clock.set(evening(NOVEMBER, 29))
    await keep(above, {"m": FIGURES})
    assert await counted_at(above) == first
    await keep(above, {"m": FIGURES, "n": FIGURES})
    assert len(await counted_at(above)) == 1
    async with above.units.read() as uow:
        kept = await store.kept_months(uow.session, [cell("S"), cell("T")], [OCTOBER, NOVEMBER])
    assert kept == {(cell("S"), NOVEMBER): {"m": FIGURES, "n": FIGURES}}


async def test_held_months_are_those_with_an_ended_real_sitting(above: Above) -> None:
    await above.hold("T", evening(NOVEMBER, 3))
    await above.plan("S", evening(NOVEMBER, 3))
    async with above.units.read() as uow:
        assert await store.held_months(uow.session, None) == [(cell("T"), NOVEMBER)]
        assert await store.held_months(uow.session, [cell("S")]) == []


async def test_a_snapshot_is_written_once_and_never_changed(above: Above) -> None:
    made = Snapshot(
        id=new_id(), org=COMMUNE, quarter=Q4, report="{}", hash="0" * 64, at=above.clock.now(), by=new_id()
    )
    async with above.units.begin() as uow:
        await store.add_snapshot(uow.session, made)
    for attack in ("UPDATE quarter_snapshot SET report = '[]'", "DELETE FROM quarter_snapshot"):
        with pytest.raises(GuardedByDatabase):
            async with above.units.begin() as uow:
                await uow.session.execute(text(attack))
    async with above.units.read() as uow:
        assert await store.snapshot(uow.session, COMMUNE, Q4) == made
        assert await store.snapshot(uow.session, cell("S"), Q4) is None


async def test_a_sitting_without_minutes_has_no_paperwork(above: Above) -> None:
    held = await above.hold("S", evening(NOVEMBER, 3))
    async with above.units.read() as uow:
        found = await store.paperwork(uow.session, held.id)
    assert (found.approved_at, found.signatures, found.ink_at) == (None, (), None)
