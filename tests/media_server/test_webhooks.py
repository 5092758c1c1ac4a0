from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from livekit import api
from livekit.protocol import models

from media_server.outbox import Outbox
from media_server.testing import SECRET, RunningServer, running_server
from media_server.webhooks import Clock, Patience, Webhooks
from tests.media_server.hooks import Hooks, free_port, receiving
from tests.media_server.people import People, until

ROOM = models.Room(sid="RM_1", name="họp")
LIFE = ["participant_joined", "track_published", "track_unpublished", "participant_left"]


async def test_a_life_in_a_room_is_told_signed_and_in_order() -> None:
    async with receiving() as hooks, running_server(webhook_urls=[hooks.url]) as server:
        await _live(server)
        await until(lambda: hooks.names()[-1:] == ["room_finished"])
        assert hooks.refused == []
        assert hooks.names()[0] == "room_started"
        assert hooks.names("Nguyễn Văn An") == LIFE
        assert len({each.id for each in hooks.events}) == len(hooks.events)
        headers = hooks.headers[0]
        assert headers["Content-Type"] == "application/webhook+json"
        assert not headers["Authorization"].startswith("Bearer")
        finished = hooks.events[-1]
        assert finished.room.name == "Chi bộ 3"
        assert finished.room_end_reason == models.RoomEndReason.ROOM_END_API_DELETE


async def _live(server: RunningServer) -> None:
    async with api.LiveKitAPI(server.url, server.key, server.secret) as lk:
        await lk.room.create_room(api.CreateRoomRequest(name="Chi bộ 3"))
        async with People(server) as people:
            an = await people.join("Chi bộ 3", "Nguyễn Văn An")
            publication = await people.speak(an)
            room = server.server.hall.rooms["Chi bộ 3"]
            await until(room.all_publications)
            await an.room.local_participant.unpublish_track(publication.sid)
            await until(lambda: not room.all_publications())
        await until(lambda: not room.participants)
        await lk.room.delete_room(api.DeleteRoomRequest(room="Chi bộ 3"))


async def test_a_failed_delivery_is_tried_again_in_order() -> None:
    async with receiving() as hooks:
        hooks.failures = 2
        sender = Webhooks([hooks.url], "testkey", SECRET, 10)
        for event in ("room_started", "participant_joined", "room_finished"):
            sender.emit(event, models.Room(sid="RM_1", name="họp"))
        await until(lambda: len(hooks.events) == 3)
        await sender.drain(1.0)
        assert hooks.names() == ["room_started", "participant_joined", "room_finished"]


async def test_a_full_queue_drops_and_counts() -> None:
    sender = Webhooks(["http://127.0.0.1:9/none"], "testkey", SECRET, 20)
    for _ in range(30):
        sender.emit("track_published", ROOM)
    assert (sender.counts.waiting, sender.counts.dropped) == (18, 12), "a tenth is kept for people"
    for _ in range(5):
        sender.emit("participant_left", ROOM)
    assert (sender.counts.waiting, sender.counts.dropped) == (20, 15)
    await sender.drain(0.1)
    assert sender.counts.waiting == 0


async def test_an_event_that_is_refused_for_good_does_not_hold_up_the_next() -> None:
    async with receiving() as hooks:
        hooks.failures, hooks.failing_status = 3, 422
        patience = Patience(first_s=0.01, refusals=3, refused_s=0.0)
        sender = Webhooks([hooks.url], "testkey", SECRET, 10, patience=patience)
        sender.emit("room_started", ROOM)
        sender.emit("room_finished", ROOM)
        await until(lambda: sender.counts.waiting == 0)
        await sender.drain(1.0)
    assert hooks.names() == ["room_finished"]
    assert (sender.counts.delivered, sender.counts.dropped) == (1, 1)


class Stepped:
    """A clock that goes on by as much as somebody waits. `until_s`: after so long the application is back."""

    def __init__(self, hooks: Hooks, until_s: float) -> None:
        self.begun = self.at = 1_800_000_000.0
        self._hooks = hooks
        self._until_s = until_s

    def now(self) -> float:
        return self.at

    async def wait(self, seconds: float) -> None:
        self.at += seconds
        if self.at - self.begun > self._until_s:
            self._hooks.failures = 0
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("minutes", "counted"), [pytest.param(10, (3, 0), id="down"), pytest.param(60, (0, 3), id="will not")]
)
async def test_a_proxys_404_loses_nothing_for_a_while(minutes: int, counted: tuple[int, int]) -> None:
    async with receiving() as hooks:
        hooks.failures, hooks.failing_status = 1_000_000, 404
        stepped = Stepped(hooks, minutes * 60)
        clock = Clock(now=stepped.now, wait=stepped.wait)
        sender = Webhooks([hooks.url], "testkey", SECRET, 10, clock=clock)
        for event in LIFE[:3]:
            sender.emit(event, ROOM)
        await until(lambda: sender.counts.waiting == 0)
        await sender.drain(1.0)
    assert hooks.names() == LIFE[: counted[0]]
    assert (sender.counts.delivered, sender.counts.dropped) == counted
    assert stepped.at - stepped.begun > min(minutes, 15) * 60


async def test_what_an_outage_and_a_restart_leave_is_delivered_in_order(tmp_path: Path) -> None:
    file = tmp_path / "media" / "webhooks.sqlite"
    port = free_port()
    rooms = [models.Room(sid=f"RM_{at}", name=f"họp {at}") for at in range(3)]
    url = f"http://127.0.0.1:{port}/hook"
    for part in range(3):  # three processes, none of which reaches the application
        sender = Webhooks([url], "testkey", SECRET, 1000, Outbox(file))
        await sender.start()
        assert sender.counts.waiting == part * 30
        for number in range(30):
            person = models.ParticipantInfo(identity=f"{part * 30 + number}")
            sender.emit("participant_joined", rooms[number % 3], person)
        await sender.drain(0.0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with receiving(port) as hooks:
        sender = Webhooks([url], "testkey", SECRET, 1000, Outbox(file))
        await sender.start()
        await until(lambda: len(hooks.events) == 90)
        await sender.drain(5.0)
        for room in rooms:
            told = [int(each.participant.identity) for each in hooks.events if each.room.name == room.name]
            assert told == sorted(told)
            assert len(told) == 30
    last = Webhooks([url], "testkey", SECRET, 1000, Outbox(file))
    await last.start()
    assert last.counts.waiting == 0
    await last.drain(0.0)


async def test_events_for_an_address_that_is_no_more_are_dropped_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.sqlite"
    urls = [f"http://127.0.0.1:{free_port()}/{name}" for name in "ab"]
    sender = Webhooks(urls, "testkey", SECRET, 10, Outbox(file))
    await sender.start()
    sender.emit("room_started", ROOM)
    await sender.drain(0.0)
    later = Webhooks(urls[:1], "testkey", SECRET, 10, Outbox(file))
    await later.start()
    assert (later.counts.waiting, later.counts.dropped) == (1, 1)
    await later.drain(0.0)


async def test_a_room_in_a_track_event_is_named_and_no_more() -> None:
    async with receiving() as hooks:
        sender = Webhooks([hooks.url], "testkey", SECRET, 10)
        sender.emit("track_published", models.Room(sid="RM_1", name="họp", metadata="{}"))
        await until(lambda: hooks.events)
        await sender.drain(1.0)
        assert (hooks.events[0].room.name, hooks.events[0].room.metadata) == ("họp", "")
