"""A look from above is no secret: whoever is not of the cell leaves an entry in its ledger."""

from __future__ import annotations

from meetings.committees.rules import Actor
from meetings.db.unit import Units
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record


async def looked(units: Units, actor: Actor, cell: Id, meeting: Id | None = None, **public: Json) -> None:
    """Recorded in a unit of its own, after the look; nothing for the cell's own people."""
    if actor.member_in(cell) is not None:
        return
    act = Act(cell=cell, name="oversight.look", actor=actor.person, meeting=meeting, public=public)
    async with units.begin() as uow:
        await record(uow, act)
