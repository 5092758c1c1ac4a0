from __future__ import annotations

import re
from typing import Any

import aiohttp
from livekit import api

from media_server.testing import KEY, SECRET, RunningServer
from tests.media_server.people import People, until

PERSON = "Nguyễn Văn Bí Mật"
SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"\})? \d+(\.\d+)?$')


def admin(room: str, **grants: Any) -> dict[str, str]:
    token = (
        api.AccessToken(KEY, SECRET)
        .with_identity("kẻ quản")
        .with_grants(api.VideoGrants(room=room, **grants))
        .to_jwt()
    )
    return {"Authorization": f"Bearer {token}"}


async def _get(server: RunningServer, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url + path, headers=headers) as response,
    ):
        return response.status, await response.text()


def value(page: str, sample: str) -> float:
    return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith(sample + " "))


async def test_metrics_count_a_meeting_and_name_nobody(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("họp kín", each) for each in (PERSON, "bình")]
    await people.speak(an)
    await until(lambda: binh.heard(PERSON, 440.0))
    status, page = await _get(server, "/metrics")
    assert status == 200
    assert value(page, "livekit_room_total") == 1
    assert value(page, "livekit_participant_total") == 2
    assert value(page, 'livekit_track_published_total{kind="audio"}') == 1
    assert value(page, "livekit_track_subscribed_total") == 1
    assert value(page, 'livekit_packet_total{direction="incoming"}') > 20
    assert value(page, 'livekit_packet_bytes{direction="outgoing"}') > 1000
    assert value(page, "livekit_packet_unreceived_total") == 0
    assert value(page, "livekit_forward_latency_seconds_count") > 10
    assert value(page, "livekit_event_loop_lag_seconds_count") > 1
    assert value(page, "livekit_signal_connections") == 2
    assert all(
        line.startswith("# ") or SAMPLE.match(line) for line in page.splitlines() if "_bucket" not in line
    )
    assert "Bí Mật" not in page and "kín" not in page


async def test_metrics_are_for_this_machine_or_a_token(server: RunningServer) -> None:
    behind_proxy = {"X-Forwarded-For": "192.0.2.9"}
    assert (await _get(server, "/metrics", behind_proxy))[0] == 401
    assert (await _get(server, "/metrics", behind_proxy | admin("", room_list=True)))[0] == 200
    assert (await _get(server, "/metrics", behind_proxy | admin("họp", room_join=True)))[0] == 401


async def test_the_administrator_of_a_room_sees_how_everybody_is_connected(
    people: People, server: RunningServer
) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/debug/rooms/họp", headers=admin("họp", room_admin=True)) as response,
    ):
        told = await response.json()
    assert told["room"]["name"] == "họp"
    seen = {each["info"]["identity"]: each for each in told["participants"]}
    assert seen["bình"]["subscriptions"] == [seen["an"]["info"]["tracks"][0]["sid"]]
    assert seen["an"]["legs"]["publisher"]["connected"]
    assert seen["an"]["legs"]["publisher"]["path"] == "udp"


async def test_nobody_else_sees_a_room(server: RunningServer) -> None:
    assert (await _get(server, "/debug/rooms/họp"))[0] == 401
    assert (await _get(server, "/debug/rooms/họp", admin("họp khác", room_admin=True)))[0] == 401
    assert (await _get(server, "/debug/rooms/họp", admin("họp", room_join=True)))[0] == 401
    assert (await _get(server, "/debug/rooms/họp", admin("họp", room_admin=True)))[0] == 404


async def test_health_says_when_the_server_drains(server: RunningServer) -> None:
    assert await _get(server, "/healthz") == (200, "OK")
    await server.server.hall.close()
    assert await _get(server, "/healthz") == (503, "draining")
