"""Sittings are scored by the criteria of the nearest committee, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from meetings.agenda.service import AgendaService
from meetings.committees.powers import NoPower
from meetings.committees.rules import Mandate, Role
from meetings.committees.store import people
from meetings.committees.store.people import HeldMandate
from meetings.convening.rules import State
from meetings.convening.states import NotOpen
from meetings.kernel.ids import derived_id, new_id
from meetings.ledger.service import of_meeting
from meetings.sitting.criteria import DEFAULT, BadCriteria, CriteriaTaken, Criterion, Measure
from meetings.sitting.scores import score_of
from meetings.sitting.scoring import Judged, NoScoreHere
from tests.attendance.world import AUDITOR, BEGUN, MEMBER, SECRETARY
from tests.sitting.holding import Cell
from tests.sitting.test_criteria import SPEAKING
from tests.sitting.test_scoring import by_people

COMMUNE = derived_id("org", "commune")


async def committee_secretary(cell: Cell) -> None:
    """The auditor also leads the commune's committee."""
    mandate = Mandate(role=Role.SECRETARY, org=COMMUNE, span=BEGUN)
    async with cell.world.units.begin() as uow:
        held = HeldMandate(id=new_id(), person=cell.world.asks(AUDITOR).person, mandate=mandate, paper="QĐ 3")
        await people.add_mandate(uow.session, held)


async def test_the_november_sitting_is_scored_and_scored_again(cell: Cell) -> None:
    sitting = (await cell.november()).sitting
    secretary, scoring = cell.world.asks(SECRETARY), cell.sittings.scoring
    look = await scoring.look(cell.world.asks(MEMBER), sitting.id)
    lines = {line.key: line for line in look.proposed}
    assert (lines["time"].part, lines["time"].of, lines["time"].points) == (95, 90, 5)
    assert (lines["attendance"].part, lines["attendance"].of, lines["attendance"].points) == (15, 22, 3)
    first = await scoring.score(secretary, sitting.id, by_people())
    assert (first.total, first.rank, first.sequence) == (92, "Tốt", 1)
    better = by_people(conduct=Judged(points=30))
    assert (await scoring.score(secretary, sitting.id, better)).rank == "Khá"
    async with cell.world.units.read() as uow:
        held = await score_of(uow, sitting.id)
        acts = [one.leaf for one in await of_meeting(uow, sitting.cell, sitting.id)]
    assert held is not None
    assert (held.total, held.sequence, held.citation) == (84, 2, DEFAULT.citation)
    assert held == (await scoring.look(secretary, sitting.id)).score
    assert sum("sitting.score" in leaf for leaf in acts) == 2


async def test_a_committee_sets_criteria_for_all_below(cell: Cell) -> None:
    scoring, leader = cell.sittings.scoring, cell.world.asks(AUDITOR)
    rest = Criterion(key="rest", title="Còn lại", most=95)
    own = replace(
        DEFAULT,
        lines=(SPEAKING, rest),
        set_by=COMMUNE,
        valid_from=date(2026, 11, 1),
        citation="Hướng dẫn mẫu số 5",
    )
    with pytest.raises(NoPower):
        await scoring.set_criteria(leader, own)
    await committee_secretary(cell)
    with pytest.raises(BadCriteria):
        await scoring.set_criteria(leader, replace(own, lines=(SPEAKING,)))
    await scoring.set_criteria(leader, own)
    with pytest.raises(CriteriaTaken):
        await scoring.set_criteria(leader, own)
    sitting, world = await cell.opened(), cell.world
    await cell.roll(sitting)
    speakers = AgendaService(world.units).speakers
    for number in range(1, 9):
        hand = await speakers.put_up(world.asks(f"o{number}"), sitting.id, new_id(), None)
        await speakers.call(world.asks(SECRETARY), hand.id)
        world.clock.move(timedelta(minutes=1))
    look = await scoring.look(world.asks(SECRETARY), sitting.id)
    assert look.criteria.set_by_name == "Chi bộ commune"
    assert look.criteria.lines == own.lines
    first = look.proposed[0]
    assert (first.measure, first.part, first.of, first.points) == (Measure.SPEAKERS, 8, 16, 4)
    assert await scoring.criteria(leader, COMMUNE) == look.criteria


async def test_who_scores_and_when(cell: Cell) -> None:
    scoring, world = cell.sittings.scoring, cell.world
    sitting = await cell.opened()
    with pytest.raises(NoPower):
        await scoring.score(world.asks(MEMBER), sitting.id, by_people())
    planned = await world.meeting(state=State.CONVENED)
    with pytest.raises(NotOpen):
        await scoring.score(world.asks(SECRETARY), planned.id, by_people())


async def test_a_supplement_has_no_score(cell: Cell) -> None:
    sitting = (await cell.supplement()).sitting
    for act in (
        cell.sittings.scoring.look(cell.world.asks(MEMBER), sitting.id),
        cell.sittings.scoring.score(cell.world.asks(SECRETARY), sitting.id, by_people()),
    ):
        with pytest.raises(NoScoreHere):
            await act
