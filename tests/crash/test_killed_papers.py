"""kill -9 between every two steps of a list that is issued, signed by the recorder's key and then by hand."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from meetings.minutes.ports import Workshop
from meetings.minutes.service import MinutesService, PapersService
from meetings.minutes.verify import meeting_in
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER
from tests.crash.test_killed import Doomed, doomed, engine, everything, until_done
from tests.minutes.conftest import FORM
from tests.sitting.holding import Cell

pytestmark = pytest.mark.matrix

__all__ = ["doomed", "engine"]

ACTS = ("try list", "issue list", "sign list", "keep list", "ink list")
LEAST_STEPS = {"issue list": 4, "keep list": 4, "ink list": 4}


@pytest.mark.timeout(600)
async def test_killed_between_any_two_steps_of_a_list(
    doomed: Doomed, cell: Cell, minutes: MinutesService, engine: AsyncEngine, workshop: Workshop
) -> None:
    for act in ("draft", "render", "approve"):
        assert await doomed.attempt(act, 0) == "done"
    steps = {act: await until_done(doomed, act, engine) for act in ACTS}
    assert all(steps[act] >= least for act, least in LEAST_STEPS.items()), steps
    after = await everything(engine)
    for act in ("issue list", "keep list", "ink list"):
        assert await doomed.attempt(act, 0) == "refused", act
    assert await everything(engine) == after
    assert await reconcile(cell.world.units) == []
    papers, member = PapersService(cell.world.units, workshop, form=FORM), cell.world.asks(MEMBER)
    ((paper, look),) = (await papers.of_meeting(member, doomed.meeting)).items()
    assert (look.ink_at is not None, look.awaited) == (True, ())
    pdf = (await papers.pdf(member, paper))[1]
    report = await minutes.verify(pdf, meeting_in(pdf))
    assert report.accepted, report.lines()
