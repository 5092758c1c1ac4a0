from __future__ import annotations

from livekit import api
from livekit.protocol import models

from media_server.testing import SECRET, RunningServer, running_server
from media_server.webhooks import Webhooks
from tests.media_server.hooks import receiving
from tests.media_server.people import People, until

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
        people = People(server)
        an = await people.join("Chi bộ 3", "Nguyễn Văn An")
        publication = await people.speak(an)
        room = server.server.hall.rooms["Chi bộ 3"]
        await until(room.all_publications)
        await an.room.local_participant.unpublish_track(publication.sid)
        await until(lambda: not room.all_publications())
        await people.close()
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
    sender = Webhooks(["http://127.0.0.1:9/none"], "testkey", SECRET, 2)
    for _ in range(5):
        sender.emit("room_started", models.Room(sid="RM_1"))
    assert (sender.waiting, sender.dropped) == (2, 3)
    await sender.drain(0.1)
    assert sender.waiting == 0
