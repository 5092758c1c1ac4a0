from __future__ import annotations

import aiohttp
import pytest
from livekit import api

from tests.conformance.targets import Target
from tests.media_server.hooks import Hooks
from tests.media_server.people import People, until

ENDED = ["participant_joined", "track_published", "track_unpublished", "participant_left"]


@pytest.mark.point(20)
async def test_a_life_in_a_room_is_told_signed_and_in_order(
    lk: api.LiveKitAPI, target: Target, people: People, room: str
) -> None:
    hooks = _hooks(target)
    await lk.room.create_room(api.CreateRoomRequest(name=room))
    an, binh = await people.join(room, "an", name="Nguyễn Văn An"), await people.join(room, "bình")
    sid = (await people.speak(an)).sid
    await until(lambda: binh.heard("an", 440.0))
    await an.room.local_participant.unpublish_track(sid)
    await until(lambda: binh.seen("track_unpublished"))
    await an.room.disconnect()
    await binh.room.disconnect()
    await until(lambda: hooks.names().count("participant_left") == 2)
    await lk.room.delete_room(api.DeleteRoomRequest(room=room))
    await until(lambda: "room_finished" in hooks.names())
    assert (hooks.names()[0], hooks.names()[-1]) == ("room_started", "room_finished")
    assert (hooks.names("an"), hooks.names("bình")) == (ENDED, ["participant_joined", "participant_left"])
    assert hooks.refused == []
    assert len({each.id for each in hooks.events}) == len(hooks.events)
    assert {each.room.name for each in hooks.events} == {room}
    [joined] = [
        each
        for each in hooks.events
        if each.event == "participant_joined" and each.participant.identity == "an"
    ]
    assert (joined.participant.name, joined.participant.sid) == (
        "Nguyễn Văn An",
        an.room.local_participant.sid,
    )
    assert all(each["Content-Type"] == "application/webhook+json" for each in hooks.headers)


@pytest.mark.point(20)
async def test_what_was_tampered_with_is_refused(lk: api.LiveKitAPI, target: Target, room: str) -> None:
    hooks = _hooks(target)
    await lk.room.create_room(api.CreateRoomRequest(name=room))
    await until(lambda: hooks.names() == ["room_started"])
    headers = {"Authorization": hooks.headers[0]["Authorization"], "Content-Type": "application/webhook+json"}
    async with aiohttp.ClientSession() as session:
        await session.post(hooks.url, data=b'{"event": "room_finished"}', headers=headers)
    assert (hooks.names(), len(hooks.refused)) == (["room_started"], 1)


def _hooks(target: Target) -> Hooks:
    if target.hooks is None:
        pytest.skip("the webhooks of this server go elsewhere")
    return target.hooks
