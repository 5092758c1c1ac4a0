"""Rooms over HTTP: a ticket as JSON, typed refusals, and the media server's webhook without a session."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from meetings.convening.rules import Mode
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.kernel.asker import Asker
from meetings.kernel.ids import new_id
from meetings.rooms.handlers import RoomsHandlers
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.rules import room_name
from meetings.rooms.service import RoomsService
from tests.attendance.world import MEMBER, SECRETARY, World

Browser = TestClient[web.Request, web.Application]


@pytest.fixture
async def browser(world: World, rooms: RoomsService) -> AsyncIterator[Browser]:
    """A browser whose cookie is a label of the world."""

    async def authenticate(label: str) -> Asker | None:
        return world.asks(label)

    handlers = RoomsHandlers(rooms)
    app = web.Application(middlewares=[problems, identity(authenticate)])
    app.add_routes([*(one.route() for one in handlers.endpoints()), *handlers.routes()])
    async with TestClient(TestServer(app)) as client:
        yield client


def by(label: str) -> dict[str, str]:
    return {COOKIE_PLAIN: label}


async def test_a_ticket(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    path = f"/api/v1/meetings/{sitting.id}/ticket"
    async with browser.post(path, cookies=by(MEMBER)) as answer:
        said = await answer.json()
        assert answer.status == 200
    assert said.pop("token")
    assert said.pop("expires_at").endswith("Z")
    assert said == {
        "url": "ws://media.invalid",
        "room": room_name(sitting.id),
        "identity": world.member(MEMBER),
        "role": "member",
        "publish": ["camera", "microphone"],
    }
    async with browser.post(path) as answer:
        assert answer.status == 401


async def test_removal_and_return(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    base = f"/api/v1/meetings/{sitting.id}"
    body = {"member": world.member(MEMBER), "reason": "gây mất trật tự"}

    async def posts(name: str, who: str, content: object = None) -> tuple[int, str]:
        async with browser.post(f"{base}/{name}", json=content, cookies=by(who)) as answer:
            return answer.status, (await answer.json()).get("code", "")

    assert await posts("removals", MEMBER, body) == (403, "no-power")
    assert await posts("removals", SECRETARY, body) == (200, "")
    assert await posts("ticket", MEMBER) == (403, "removed-from-room")
    assert await posts("readmissions", SECRETARY, body) == (200, "")
    assert await posts("ticket", MEMBER) == (200, "")
    assert await posts("removals", SECRETARY, body | {"member": new_id()}) == (404, "no-such-member")
    wrong: tuple[object, ...] = ({}, body | {"reason": 7}, body | {"more": 1}, [], "x")
    for bad in wrong:
        assert await posts("removals", SECRETARY, bad) == (422, "bad-body")
    for line in ("", "a" * 300, "hai\ndòng"):
        assert await posts("removals", SECRETARY, body | {"reason": line}) == (422, "bad-text")
    assert await posts("removals", SECRETARY, body | {"member": "x"}) == (422, "bad-id")


async def test_a_webhook_needs_a_signature_and_no_session(
    world: World, browser: Browser, gateway: MemoryGateway
) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    body, authorization = gateway.join(room_name(sitting.id), world.member(MEMBER))
    path = "/api/v1/livekit/webhook"

    async def status(data: bytes, headers: dict[str, str]) -> int:
        async with browser.post(path, data=data, headers=headers) as answer:
            return answer.status

    assert await status(body, {"Authorization": authorization}) == 200
    assert await status(body, {"Authorization": authorization}) == 200
    assert await status(body + b" ", {"Authorization": authorization}) == 403
    assert await status(body, {}) == 403
    assert await status(b"[]", {"Authorization": gateway.sign(b"[]")}) == 422
