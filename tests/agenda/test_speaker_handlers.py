"""The speakers' list over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.agenda.handlers import AgendaHandlers
from meetings.agenda.service import AgendaService
from meetings.kernel.ids import new_id
from tests.agenda.test_handlers import Serve
from tests.attendance.web import Client, Phone, application
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, World


@pytest.fixture
async def client(world: World, agenda: AgendaService, aiohttp_client: Serve) -> Client:
    return await aiohttp_client(application(world, AgendaHandlers(agenda).endpoints()))


async def test_a_hand_is_raised_called_and_finished(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, member, secretary = (
        f"/meetings/{sitting.id}/speakers",
        Phone(client, MEMBER),
        Phone(client, SECRETARY),
    )
    body = {"id": new_id()}
    assert await member.post(path, body) == 200
    raised = member.answer
    assert (raised["state"], raised["number"], raised["member"]) == ("waiting", 1, world.member(MEMBER))
    assert await member.post(path, body) == 200
    assert member.answer == raised
    assert await secretary.post(path, {"id": new_id(), "member": world.member("o7")}) == 200
    assert await secretary.post(f"/speakers/{raised['id']}/call") == 200
    world.clock.move(timedelta(seconds=90))
    assert await member.get(path) == 200
    assert member.answer["speaking"]["seconds"] == 90
    assert [one["name"] for one in member.answer["waiting"]] == ["Người Thử O7"]
    assert await secretary.post(f"/speakers/{raised['id']}/finish") == 200
    assert await member.get(path) == 200
    assert member.answer["speaking"] is None
    assert [(one["id"], one["seconds"], one["spoke"]) for one in member.answer["done"]] == [
        (raised["id"], 90, True)
    ]


async def test_what_does_not_fit_is_refused(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, member = f"/meetings/{sitting.id}/speakers", Phone(client, MEMBER)
    for body in ({}, {"id": "x"}, {"id": new_id(), "item": new_id()}):
        assert await member.post(path, body) == 422, body
    assert await member.post(path, {"id": new_id(), "member": world.member("o7")}) == 403
    for label, status in (("", 401), (STRANGER, 404)):
        phone = Phone(client, label)
        assert await phone.post(path, {"id": new_id()}) == status
        assert await phone.get(path) == status
        assert await phone.post(f"/speakers/{new_id()}/call") in {401, 404}
    assert await member.get(path) == 200
    assert member.answer == {"speaking": None, "waiting": [], "done": []}
