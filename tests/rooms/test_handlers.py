"""Rooms over HTTP: a ticket as JSON, typed refusals, and the media server's webhook without a session."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from meetings.convening.rules import Mode
from meetings.kernel.ids import new_id
from meetings.rooms.handlers import RoomsHandlers
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.rules import room_name
from meetings.rooms.service import RoomsService
from tests.attendance.world import MEMBER, SECRETARY, World
from tests.browser import Browser, browsing


@pytest.fixture
async def browser(world: World, rooms: RoomsService) -> AsyncIterator[Browser]:
    handlers = RoomsHandlers(rooms)
    async with browsing(world, handlers.endpoints(), handlers.routes()) as made:
        yield made


async def test_a_ticket(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    said = await browser.post(f"/meetings/{sitting.id}/ticket", MEMBER)
    assert said.status == 200
    assert said.json.pop("token")
    assert said.json.pop("expires_at").endswith("Z")
    assert said.json == {
        "url": "ws://media.invalid",
        "room": room_name(sitting.id),
        "identity": world.member(MEMBER),
        "role": "member",
        "publish": ["camera", "microphone"],
    }
    assert (await browser.post(f"/meetings/{sitting.id}/ticket")).status == 401
    assert (await browser.post("/meetings/x/ticket", MEMBER)).code == (422, "bad-id")


async def test_removal_and_return(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    body = {"member": world.member(MEMBER), "reason": "gây mất trật tự"}

    async def posts(name: str, who: str, content: object = None) -> tuple[int, str]:
        return (await browser.post(f"/meetings/{sitting.id}/{name}", who, content)).code

    assert await posts("removals", MEMBER, body) == (403, "no-power")
    assert await posts("removals", SECRETARY, body) == (200, "")
    assert await posts("ticket", MEMBER) == (403, "removed-from-room")
    assert await posts("readmissions", SECRETARY, body) == (200, "")
    assert await posts("ticket", MEMBER) == (200, "")
    assert await posts("removals", SECRETARY, body | {"member": new_id()}) == (404, "no-such-member")
    wrong: tuple[object, ...] = ({}, body | {"reason": 7}, body | {"more": 1}, [], "x")
    for bad in wrong:
        assert await posts("removals", SECRETARY, bad) == (422, "bad-body")
    assert await posts("removals", SECRETARY, body | {"member": "x"}) == (422, "bad-body")
    for line in ("", "a" * 300):
        assert (await posts("removals", SECRETARY, body | {"reason": line}))[0] == 422
    assert await posts("removals", SECRETARY, body | {"member": "x"}) == (422, "bad-body")


async def test_a_webhook_needs_a_signature_and_no_session(
    world: World, browser: Browser, gateway: MemoryGateway
) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    body, authorization = gateway.join(room_name(sitting.id), world.member(MEMBER))

    async def status(data: bytes, headers: dict[str, str]) -> int:
        return (await browser.ask("POST", "/livekit/webhook", data=data, headers=headers)).status

    assert await status(body, {"Authorization": authorization}) == 200
    assert await status(body, {"Authorization": authorization}) == 200
    assert await status(body + b" ", {"Authorization": authorization}) == 403
    assert await status(body, {}) == 403
    assert await status(b"[]", {"Authorization": gateway.sign(b"[]")}) == 422
