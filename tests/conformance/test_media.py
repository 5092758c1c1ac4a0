from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.conformance.pictures import looked_at
from tests.media_server.people import Client, People, until

SHOWN = (200, 30)  # red and green of People.show; its blue grows


@pytest.mark.point(3)
async def test_a_tone_is_heard_both_ways(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await people.speak(an, 440.0)
    await people.speak(binh, 660.0)
    await until(lambda: binh.heard("an", 440.0) and an.heard("bình", 660.0))


@pytest.mark.point(4)
async def test_a_picture_keeps_its_size_and_colour(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    pictures = looked_at(binh)
    await people.show(an, 640, 360)
    await until(lambda: "an" in pictures and pictures["an"].size == (640, 360))
    await until(lambda: all(abs(a - b) < 40 for a, b in zip(pictures["an"].colour, SHOWN, strict=False)))


@pytest.mark.point(5)
async def test_the_highest_simulcast_layer_arrives_and_a_lower_one_on_demand(
    people: People, room: str
) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    pictures = looked_at(binh)
    await people.show(an, 1280, 720, simulcast=True)
    await until(lambda: "an" in pictures and pictures["an"].size == (1280, 720))
    [publication] = binh.room.remote_participants["an"].track_publications.values()
    publication.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_LOW)
    await until(lambda: 0 < pictures["an"].size[0] <= 320)
    publication.set_video_quality(rtc.VideoQuality.VIDEO_QUALITY_HIGH)
    await until(lambda: pictures["an"].size == (1280, 720))


@pytest.mark.point(6)
async def test_muting_and_unmuting_are_seen_and_heard(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    published = await people.speak(an)
    assert isinstance(published.track, rtc.LocalAudioTrack)
    await until(lambda: binh.heard("an", 440.0))
    published.track.mute()
    await until(lambda: binh.seen("track_muted"))
    await asyncio.sleep(0.5)
    published.track.unmute()
    await until(lambda: binh.seen("track_unmuted"))
    binh.samples["an"].clear()
    await until(lambda: binh.heard("an", 440.0))


@pytest.mark.point(11)
async def test_four_people_publish_and_unpublish_three_times(people: People, room: str) -> None:
    four = [await people.join(room, name) for name in ("an", "bình", "chi", "dũng")]
    for turn in range(3):
        await _speak_and_stop(people, four, turn)


async def _speak_and_stop(people: People, four: list[Client], turn: int) -> None:
    hertz = {each: 400.0 + 100 * (4 * turn + index) for index, each in enumerate(four)}
    sids = [(await people.speak(each, hertz[each])).sid for each in four]
    await until(lambda: all(_hears_everybody(each, hertz) for each in four))
    for each, sid in zip(four, sids, strict=True):
        await each.room.local_participant.unpublish_track(sid)
    await until(lambda: all(len(each.seen("track_unpublished")) == 3 * (turn + 1) for each in four))


def _hears_everybody(listener: Client, hertz: dict[Client, float]) -> bool:
    others = {who: tone for who, tone in hertz.items() if who is not listener}
    return all(listener.heard(who.room.local_participant.identity, tone, 0.5) for who, tone in others.items())


@pytest.mark.point(12)
async def test_tracks_are_taken_and_let_go_at_will(people: People, room: str) -> None:
    an = await people.join(room, "an")
    binh = await people.join(room, "bình", auto_subscribe=False)
    sid = (await people.speak(an)).sid
    await until(lambda: binh.seen("track_published"))
    assert binh.seen("track_subscribed") == []
    publication = binh.room.remote_participants["an"].track_publications[sid]
    await _take_and_let_go(binh, publication)
    await _take_and_let_go(binh, publication)


async def _take_and_let_go(listener: Client, publication: rtc.RemoteTrackPublication) -> None:
    turn = len(listener.seen("track_subscribed")) + 1
    publication.set_subscribed(True)
    await until(lambda: len(listener.seen("track_subscribed")) == turn and listener.heard("an", 440.0))
    publication.set_subscribed(False)
    await until(lambda: len(listener.seen("track_unsubscribed")) == turn)


@pytest.mark.point(23)
async def test_who_speaks_is_told_to_everybody(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    published = await people.speak(an)
    assert isinstance(published.track, rtc.LocalAudioTrack)
    await until(lambda: _speaking(binh) == {"an"} and _speaking(an) == {"an"})
    published.track.mute()
    await until(lambda: _speaking(binh) == set())


def _speaking(client: Client) -> set[str]:
    told = client.seen("active_speakers_changed")
    return {each.identity for each in told[-1]} if told else set()
