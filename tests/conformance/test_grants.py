from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.media_server.people import People, introduce, until


@pytest.mark.point(13)
async def test_without_the_grant_nothing_is_published(people: People, room: str) -> None:
    an = await people.join(room, "an", can_publish=False)
    binh = await people.join(room, "bình", can_publish_sources=["camera"])
    told = await asyncio.gather(people.speak(an), people.speak(binh), return_exceptions=True)
    assert [type(each).__name__ for each in told] == ["PublishTrackError", "PublishTrackError"]
    assert isinstance(await people.show(binh), rtc.LocalTrackPublication)


@pytest.mark.point(13)
async def test_without_the_grant_nothing_is_received(people: People, room: str) -> None:
    an, chi = await people.join(room, "an"), await people.join(room, "chi")
    guest = await people.join(room, "khách", can_subscribe=False)
    await people.speak(an)
    await until(lambda: chi.heard("an", 440.0))
    assert guest.seen("track_subscribed") == []


@pytest.mark.point(13)
async def test_without_the_grant_no_data_is_sent(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình", can_publish_data=False)
    await binh.room.local_participant.publish_data("không được phép", reliable=True)
    chi = await people.join(room, "chi")
    await until(lambda: "chi" in an.room.remote_participants)
    await chi.room.local_participant.publish_data("được phép", reliable=True)
    await until(lambda: an.seen("data_received"))
    assert [each.data.decode() for each in an.seen("data_received")] == ["được phép"]


@pytest.mark.point(13)
async def test_a_hidden_one_hears_but_is_not_seen(people: People, room: str) -> None:
    an = await people.join(room, "an")
    observer = await people.join(room, "giám sát", hidden=True, can_publish=False)
    await people.speak(an)
    await until(lambda: observer.heard("an", 440.0))
    assert an.room.remote_participants == {}
    assert an.seen("participant_connected") == []


@pytest.mark.point(14)
async def test_the_publisher_says_who_may_listen(people: People, room: str) -> None:
    an, binh, chi = [await people.join(room, name) for name in ("an", "bình", "chi")]
    only_binh = rtc.ParticipantTrackPermission(participant_identity="bình", allow_all=True)
    an.room.local_participant.set_track_subscription_permissions(
        allow_all_participants=False, participant_permissions=[only_binh]
    )
    await asyncio.sleep(0.3)
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    assert chi.seen("track_subscribed") == []
    an.room.local_participant.set_track_subscription_permissions(allow_all_participants=True)
    await until(lambda: chi.heard("an", 440.0))


@pytest.mark.point(22)
async def test_name_metadata_and_attributes_change_for_everybody(people: People, room: str) -> None:
    an = await people.join(room, "an", can_update_own_metadata=True)
    binh = await people.join(room, "bình")
    me = an.room.local_participant
    await introduce(an, "Đ/c Ánh", "thư ký", {"tổ": "2", "vai": "thư ký"})
    other = binh.room.remote_participants["an"]
    await until(
        lambda: (
            (other.name, other.metadata, other.attributes)
            == ("Đ/c Ánh", "thư ký", {"tổ": "2", "vai": "thư ký"})
        )
    )
    await me.set_attributes({"tổ": ""})
    await until(lambda: other.attributes == {"vai": "thư ký"})
    assert {"participant_name_changed", "participant_metadata_changed", "participant_attributes_changed"} <= {
        kind for kind, _ in binh.events
    }


@pytest.mark.point(22)
async def test_without_the_grant_metadata_stays(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await an.room.local_participant.set_metadata("tự phong")  # the SDK keeps the refusal to itself
    await an.room.local_participant.publish_data("xong", reliable=True)
    await until(lambda: binh.seen("data_received"))
    assert binh.room.remote_participants["an"].metadata == ""
