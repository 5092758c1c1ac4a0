"""livekit-client among others: what they publish, take, allow, are called, and how they go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from livekit import api
from livekit.protocol import models

from tests.conformance.browsers import Join, Page, Told, counts, eventually, says
from tests.conformance.pictures import looked_at
from tests.media_server.people import Client, People, introduce, until

WEB_HERTZ = 660  # the only tone Firefox can give


@pytest.mark.point(7)
async def test_it_is_muted_from_outside(
    page: Page, join: Join, lk: api.LiveKitAPI, people: People, room: str
) -> None:
    an = await people.join(room, "an")
    await join()
    sid = await page.do("speak", WEB_HERTZ)
    await until(lambda: an.heard("web", WEB_HERTZ))
    mute = api.MuteRoomTrackRequest(room=room, identity="web", track_sid=sid, muted=True)
    await lk.room.mute_published_track(mute)
    await eventually(lambda: page.seen("trackMuted"))
    await until(lambda: an.seen("track_muted"))


@pytest.mark.point(10)
async def test_who_comes_late_finds_the_tracks(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await people.speak(an, 440.0)
    await people.show(an)
    await until(lambda: len(an.room.local_participant.track_publications) == 2)
    await join()
    await eventually(lambda: page.hears("an", 440.0))
    await eventually(lambda: page.do("look", "an"))
    await page.do("speak", WEB_HERTZ)
    await page.do("show", 640, 360, False)
    await until(lambda: len(an.seen("track_subscribed")) == 2)
    binh = await people.join(room, "bình")
    pictures = looked_at(binh)
    await until(lambda: binh.heard("web", WEB_HERTZ) and {"an", "web"} <= pictures.keys())


@pytest.mark.point(11)
async def test_four_people_publish_and_unpublish_three_times(
    page: Page, join: Join, people: People, room: str
) -> None:
    three = [await people.join(room, name) for name in ("an", "bình", "chi")]
    await join()
    for turn in range(3):
        hertz = {each.room.local_participant.identity: 400.0 + 90 * turn for each in three}
        await _speak_and_stop(people, three, page, hertz)
        ended = 3 * (turn + 1)
        await until(lambda: all(len(each.seen("track_unpublished")) == ended for each in three))  # noqa: B023 - awaited here
        await counts(page, "trackUnsubscribed", ended)


async def _speak_and_stop(
    people: People, three: list[Client], page: Page, hertz: Mapping[str, float]
) -> None:
    for each in three:
        each.forget()
    sids = [(await people.speak(each, hertz[each.room.local_participant.identity])).sid for each in three]
    await page.do("speak", WEB_HERTZ)
    await until(lambda: all(_hears_everybody(each, hertz) for each in three))
    for name, tone in hertz.items():
        await eventually(lambda name=name, tone=tone: page.hears(name, tone))  # type: ignore[misc]  # binds now
    await page.do("silence")
    for each, sid in zip(three, sids, strict=True):
        await each.room.local_participant.unpublish_track(sid)


def _hears_everybody(listener: Client, hertz: Mapping[str, float]) -> bool:
    me = listener.room.local_participant.identity
    others = {name: tone for name, tone in hertz.items() if name != me} | {"web": WEB_HERTZ}
    return all(listener.heard(name, tone) for name, tone in others.items())


@pytest.mark.point(12)
async def test_tracks_are_taken_and_let_go_at_will(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await join(auto_subscribe=False)
    await people.speak(an, 440.0)
    await eventually(lambda: page.seen("trackPublished"))
    for turn in range(2):
        await counts(page, "trackSubscribed", turn)
        await page.do("subscribe", "an", True)
        await counts(page, "trackSubscribed", turn + 1)
        await eventually(lambda: page.hears("an", 440.0))
        await page.do("subscribe", "an", False)
        await counts(page, "trackUnsubscribed", turn + 1)


@pytest.mark.point(13)
async def test_without_the_grant_it_publishes_nothing(
    page: Page, join: Join, people: People, room: str
) -> None:
    an = await people.join(room, "an")
    await join(can_publish_sources=["camera"])
    with pytest.raises(Told):
        await page.do("speak", WEB_HERTZ)
    await page.do("show", 640, 360, False)
    await until(lambda: an.seen("track_subscribed"))
    assert len(an.seen("track_published")) == 1


@pytest.mark.point(14)
async def test_it_says_who_may_listen(page: Page, join: Join, people: People, room: str) -> None:
    binh, chi = await people.join(room, "bình"), await people.join(room, "chi")
    await join()
    await page.do("allow", False, ["bình"])
    await asyncio.sleep(0.3)
    await page.do("speak", WEB_HERTZ)
    await until(lambda: binh.heard("web", WEB_HERTZ))
    assert chi.seen("track_subscribed") == []
    await page.do("allow", True, [])
    await until(lambda: chi.heard("web", WEB_HERTZ))


@pytest.mark.point(15)
async def test_a_second_device_takes_its_place(page: Page, join: Join, people: People, room: str) -> None:
    binh = await people.join(room, "bình")
    await join()
    await until(lambda: "web" in binh.room.remote_participants)
    second = await people.join(room, "web")
    await eventually(lambda: page.seen("disconnected"))
    assert await page.seen("disconnected") == [[models.DisconnectReason.DUPLICATE_IDENTITY]]
    sid = second.room.local_participant.sid
    await until(lambda: getattr(binh.room.remote_participants.get("web"), "sid", None) == sid)


@pytest.mark.point(16)
@pytest.mark.parametrize("whole_room", [False, True], ids=["removed", "room deleted"])
async def test_its_end_gives_the_reason(
    page: Page, join: Join, lk: api.LiveKitAPI, people: People, room: str, *, whole_room: bool
) -> None:
    an = await people.join(room, "an")
    await join()
    await until(lambda: "web" in an.room.remote_participants)
    if whole_room:
        await lk.room.delete_room(api.DeleteRoomRequest(room=room))
        reason = models.DisconnectReason.ROOM_DELETED
    else:
        await lk.room.remove_participant(api.RoomParticipantIdentity(room=room, identity="web"))
        reason = models.DisconnectReason.PARTICIPANT_REMOVED
    await eventually(lambda: page.seen("disconnected"))
    assert await page.seen("disconnected") == [[reason]]


@pytest.mark.point(22)
async def test_names_metadata_and_attributes_go_both_ways(
    page: Page, join: Join, people: People, room: str
) -> None:
    an = await people.join(room, "an", can_update_own_metadata=True)
    await join(can_update_own_metadata=True)
    await until(lambda: "web" in an.room.remote_participants)
    await page.do("rename", "Đ/c Ánh", "thư ký", {"tổ": "2", "vai": "thư ký"})
    other = an.room.remote_participants["web"]
    told = ("Đ/c Ánh", "thư ký", {"tổ": "2", "vai": "thư ký"})
    await until(lambda: (other.name, other.metadata, other.attributes) == told)
    await introduce(an, "Đ/c Ẩn", "bí thư", {"vai": "chủ trì"})
    await says(page, ["Đ/c Ẩn", "bí thư", {"vai": "chủ trì"}], "who", "an")


@pytest.mark.point(23)
async def test_who_speaks_is_told_both_ways(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await join()
    await page.do("speak", WEB_HERTZ)
    await says(page, ["web"], "speaking")
    await until(lambda: _speaking(an) == {"web"})
    await page.do("mute", True)
    await says(page, [], "speaking")
    await people.speak(an, 440.0)
    await says(page, ["an"], "speaking")
    await until(lambda: _speaking(an) == {"an"})


def _speaking(client: Client) -> set[str]:
    told = client.seen("active_speakers_changed")
    return {each.identity for each in told[-1]} if told else set()


@pytest.mark.point(24)
async def test_vietnamese_names_are_kept(page: Page, join: Join, people: People, room: str) -> None:
    name = "Nguyễn Thị Ẩn, tổ đảng Đồng Bằng"
    an = await people.join(room, name)
    await join(name="Đ/c Tuyết")
    await says(page, [name], "people")
    await until(lambda: "web" in an.room.remote_participants)
    assert an.room.remote_participants["web"].name == "Đ/c Tuyết"
    await an.room.local_participant.publish_data("kính chào", reliable=True, topic="lời chào")
    await eventually(lambda: page.seen("data"))
    assert await page.seen("data") == [["kính chào", name, "lời chào"]]
