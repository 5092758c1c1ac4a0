from __future__ import annotations

import asyncio
import logging
import time

import aiohttp
import pytest
from livekit import api
from livekit.protocol.room import CreateRoomRequest

from media_server.hall import STOPPED_S
from media_server.testing import RunningServer, running_server
from tests.media_server.people import People, until


class Poison(Exception):
    """Something nobody thought of."""


async def _poison(server: RunningServer, name: str) -> None:
    """A room whose every tick fails."""
    room = server.server.hall.create(CreateRoomRequest(name=name))

    def fail(_now: float) -> None:
        raise Poison

    setattr(room, "tick", fail)  # noqa: B010 - a method is replaced on purpose, on one instance


async def _health(server: RunningServer) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/healthz") as response:
        return response.status


async def test_a_room_that_fails_stops_no_other_and_is_told_once(
    server: RunningServer, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    await _poison(server, "hỏng")
    await asyncio.sleep(0.5)
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0) and binh.seen("active_speakers_changed"))
    assert await _health(server) == 200
    failures = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert [each.getMessage() for each in failures] == ["room failed at its tick"]


async def test_an_unknown_source_poisons_nothing(server: RunningServer, people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    permission = api.ParticipantPermission(can_subscribe=True, can_publish=True)
    permission.can_publish_sources.append(99)  # type: ignore[arg-type] # a number of a later protocol
    async with api.LiveKitAPI(server.url, server.key, server.secret) as lk:
        change = api.UpdateParticipantRequest(room="họp", identity="an", permission=permission)
        assert (await lk.room.update_participant(change)).identity == "an"
        await an.room.disconnect()
        await until(lambda: binh.seen("participant_disconnected"))
        await asyncio.sleep(0.3)
        listed = await lk.room.list_participants(api.ListParticipantsRequest(room="họp"))
    assert [each.identity for each in listed.participants] == ["bình"]
    assert await _health(server) == 200


async def test_health_tells_of_a_clock_that_stands_still() -> None:
    async with running_server(auto_create=True) as server:
        hall = server.server.hall
        await until(lambda: hall.ticks(time.monotonic()))
        assert not hall.ticks(time.monotonic() + STOPPED_S)

        def fail(_now: float) -> None:
            raise Poison

        setattr(hall, "_tick", fail)  # noqa: B010 - as above
        await until(lambda: not hall.ticks(time.monotonic()))
        assert await _health(server) == 503
    # the server stops in spite of it: leaving the block raises nothing


async def test_a_participant_that_fails_to_leave_keeps_nobody_from_being_told(
    server: RunningServer, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]

    def fail() -> None:
        raise Poison

    room = server.server.hall.rooms["họp"]
    setattr(room.participants["an"], "info", fail)  # noqa: B010 - as above
    async with api.LiveKitAPI(server.url, server.key, server.secret) as lk:
        await lk.room.delete_room(api.DeleteRoomRequest(room="họp"))
    await until(lambda: binh.seen("disconnected"))
    assert "participant did not leave in order" in [each.getMessage() for each in caplog.records]
    assert an.room.name == "họp"
