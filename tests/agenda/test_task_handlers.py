"""Work given, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.agenda.handlers import AgendaHandlers
from meetings.agenda.service import AgendaService
from meetings.kernel.ids import new_id
from tests.agenda.test_handlers import Serve
from tests.attendance.web import Client, Phone, application
from tests.attendance.world import MEMBER, SECRETARY, World


@pytest.fixture
async def client(world: World, agenda: AgendaService, aiohttp_client: Serve) -> Client:
    return await aiohttp_client(application(world, AgendaHandlers(agenda).endpoints()))


async def test_work_is_given_and_asked_after_at_the_next_sitting(world: World, client: Client) -> None:
    november, secretary, member = await world.meeting(), Phone(client, SECRETARY), Phone(client, MEMBER)
    body = {"title": "Vận động", "member": world.member(MEMBER), "due": "2026-12-01"}
    assert await secretary.post(f"/meetings/{november.id}/tasks", body) == 200
    task = secretary.answer["id"]
    world.clock.move(timedelta(days=30))
    december = await world.meeting()
    path = f"/meetings/{december.id}/tasks"
    assert await member.get(path) == 200
    [asked] = member.answer["asked"]
    assert (asked["id"], asked["name"], asked["overdue"]) == (task, "Người Thử O5", True)
    extended = {"outcome": "extended", "due": "2027-01-15", "note": "Chờ họp thôn"}
    assert await secretary.post(f"{path}/{task}/reports", extended) == 200
    assert (secretary.answer["due"], secretary.answer["first_due"]) == ("2027-01-15", "2026-12-01")
    assert await member.get(f"/cells/{november.cell}/tasks") == 200
    assert [one["reports"][0]["outcome"] for one in member.answer["tasks"]] == ["extended"]
    assert not member.answer["tasks"][0]["overdue"]
    assert await secretary.post(f"{path}/{task}/reports", {"outcome": "done"}) == 200
    assert await member.get(f"/cells/{november.cell}/tasks") == 200
    assert member.answer["tasks"] == []


async def test_what_does_not_fit_is_refused(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}/tasks", Phone(client, SECRETARY)
    fits = {"title": "Việc", "member": world.member(MEMBER), "due": "2026-12-01"}
    for wrong in ({"title": ""}, {"due": "1/12/2026"}, {"due": "2026-11-01"}, {"member": "x"}):
        assert await secretary.post(path, {**fits, **wrong}) == 422, wrong
    assert await secretary.post(path, {**fits, "member": new_id()}) == 404
    assert await secretary.post(f"{path}/{new_id()}/reports", {"outcome": "done"}) == 404
    assert await secretary.post(f"{path}/{new_id()}/reports", {"outcome": "forgotten"}) == 422
    for label, status in (("", 401), (MEMBER, 403)):
        assert await Phone(client, label).post(path, fits) == status
    assert await secretary.get(path) == 200
    assert secretary.answer == {"asked": [], "given": []}
