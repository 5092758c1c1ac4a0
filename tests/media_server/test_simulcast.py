from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from livekit.protocol import rtc as wire

from media_server.publication import Publication
from media_server.testing import Lossy, RunningServer
from tests.media_server.people import Client, People, until

SIZES = {0: (320, 180), 1: (640, 360), 2: (960, 540)}
LOW, MEDIUM, HIGH = 0, 1, 2


def _camera(server: RunningServer) -> Publication:
    return next(e for e in server.server.hall.rooms["họp"].all_publications() if e.kind == "video")


def _choose(client: Client, quality: int) -> None:
    for publication in client.room.remote_participants["an"].track_publications.values():
        publication.set_video_quality(cast(Any, quality))


def _sees(client: Client, quality: int) -> Callable[[], bool]:
    return lambda: client.seen("frame")[-1:] == [SIZES[quality]]


async def _three_people(people: People, **options: Any) -> list[Client]:
    an = await people.join("họp", "an", **options)
    others = [await people.join("họp", each) for each in ("bình", "chi")]
    await people.show(an, 960, 540, simulcast=True)
    await until(lambda: all(each.seen("frame") for each in others))
    return [an, *others]


async def test_two_subscribers_see_the_same_camera_in_different_sizes(
    people: People, server: RunningServer
) -> None:
    _, binh, chi = await _three_people(people)
    await until(_sees(chi, HIGH))
    for quality in (LOW, HIGH, MEDIUM, LOW):
        _choose(binh, quality)
        await until(_sees(binh, quality))
        assert _sees(chi, HIGH)()
    layers = _camera(server).track.layers.values()
    assert {each.rank for each in layers} == {LOW, MEDIUM, HIGH}


async def test_a_publisher_is_told_what_nobody_wants_and_stops_sending_it(
    people: People, server: RunningServer
) -> None:
    _, binh, chi = await _three_people(people, dynacast=True)
    track = _camera(server).track
    for client in (binh, chi):
        _choose(client, LOW)
    best = next(each for each in track.layers.values() if each.rank == HIGH)
    await until(lambda: not best.groups)

    async def is_silent() -> bool:
        before = best.reception.highest
        await asyncio.sleep(0.7)
        return best.reception.highest == before

    async with asyncio.timeout(20):
        while not await is_silent():
            pass
    _choose(chi, HIGH)
    await until(_sees(chi, HIGH))
    await until(_sees(binh, LOW))


async def test_who_sees_nothing_of_a_camera_is_sent_nothing(people: People, server: RunningServer) -> None:
    await _three_people(people)
    track = _camera(server).track
    room = server.server.hall.rooms["họp"]
    for each in ("bình", "chi"):
        room.participants[each].downlink.set_settings(track.sid, wire.UpdateTrackSettings(disabled=True))
    before = track.packets
    await asyncio.sleep(0.5)
    assert track.packets == before and not track.watched


@pytest.mark.long
async def test_a_weak_connection_gets_less_then_no_video_and_then_all_of_it_again(
    people: People, server: RunningServer
) -> None:
    _, binh, chi = await _three_people(people)
    weak = server.server.hall.rooms["họp"].participants["bình"]
    lossy = Lossy(weak, every=3)
    state = next(iter(weak.downlink.subscriptions.values()))
    await until(lambda: state.feed.ceiling < HIGH)
    await until(lambda: state.paused)
    assert lossy.dropped and _sees(chi, HIGH)()
    lossy.heal()
    binh.events.clear()
    await until(lambda: not state.paused and _sees(binh, HIGH)(), 90)


async def test_a_little_loss_is_made_good_without_anybody_noticing(
    people: People, server: RunningServer
) -> None:
    _, binh, chi = await _three_people(people)
    await until(_sees(binh, HIGH))
    room = server.server.hall.rooms["họp"]
    lossy = Lossy(room.participants["bình"], every=20)
    binh.events.clear()
    chi.events.clear()
    await until(lambda: lossy.dropped >= 10 and len(chi.seen("frame")) >= 40)
    assert len(binh.seen("frame")) >= 0.7 * len(chi.seen("frame"))
    subscription = next(iter(room.participants["bình"].downlink.subscriptions.values()))
    assert subscription.feed.ceiling == HIGH and not subscription.paused
