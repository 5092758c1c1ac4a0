"""The agenda over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from meetings.agenda.handlers import AgendaHandlers
from meetings.agenda.service import AgendaService
from meetings.kernel.ids import new_id
from tests.attendance.web import Client, Phone, application
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, World

Serve = Callable[..., Awaitable[Client]]


@pytest.fixture
async def client(world: World, agenda: AgendaService, aiohttp_client: Serve) -> Client:
    return await aiohttp_client(application(world, AgendaHandlers(agenda).endpoints()))


async def test_an_agenda_is_suggested_planned_run_and_read(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}/agenda", Phone(client, SECRETARY)
    assert await secretary.get(path, cell_type="students") == 200
    assert sum(line["minutes"] for line in secretary.answer["suggested"]) == 90
    assert await secretary.put(path, {"template": "students"}) == 200
    first = secretary.answer["items"][0]
    assert await secretary.post(f"/agenda-items/{first['id']}/start") == 200
    member = Phone(client, MEMBER)
    assert await member.get(path) == 200
    assert member.answer["live"] == first["id"]
    ended = {"conclusion": "Nhất trí."}
    assert await secretary.post(f"/agenda-items/{first['id']}/stop", ended) == 200
    assert (secretary.answer["state"], secretary.answer["conclusion"]) == ("done", "Nhất trí.")
    assert await secretary.put(path, {"items": []}) == 409


async def test_without_a_choice_the_lines_are_those_of_the_cells_own_kind(
    world: World, client: Client
) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}/agenda", Phone(client, SECRETARY)
    assert await secretary.get(path) == 200
    own = [line["title"] for line in secretary.answer["suggested"]]
    assert await secretary.get(path, cell_type="residential") == 200
    assert [line["title"] for line in secretary.answer["suggested"]] == own
    assert await secretary.put(path, {"template": "own"}) == 200
    assert [item["title"] for item in secretary.answer["items"]] == own


async def test_what_does_not_fit_is_refused_and_changes_nothing(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}/agenda", Phone(client, SECRETARY)
    item = {"title": "Thảo luận", "planned_minutes": 30}
    wrong: list[object] = [
        {"items": [{**item, "planned_minutes": 0}]},
        {"items": [{**item, "title": ""}]},
        {"items": [{**item, "state": "live"}]},
        {"items": [item] * 61},
        {"template": "village"},
        {"items": "all"},
    ]
    for body in wrong:
        assert await secretary.put(path, body) == 422, body
    assert await secretary.put(path, {"items": [{**item, "id": new_id()}]}) == 404
    for label, status in (("", 401), (MEMBER, 403), (STRANGER, 404)):
        assert await Phone(client, label).put(path, {"items": [item]}) == status
    assert await secretary.post(f"/agenda-items/{new_id()}/start") == 404
    assert await secretary.get(path) == 200
    assert secretary.answer["items"] == []
