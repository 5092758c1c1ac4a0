from __future__ import annotations

import gc
import weakref

from media_server.feed import OFF, Feed
from media_server.forward import Rtp, Shape
from media_server.meter import MOST_EXPECTED, Meter
from media_server.rtcp import Block
from media_server.track import Track
from tests.media_server.cameras import Simulcast, Viewer


def block(highest: int, lost: int) -> Block:
    return Block(ssrc=99, highest=highest, lost=lost)


def playing() -> tuple[Simulcast, Viewer]:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    return camera, viewer


def test_loss_is_what_reports_add_since_the_last_one() -> None:
    _, viewer = playing()
    meter = Meter()
    meter.note_block(block(1000, 50), viewer.feed)
    assert meter.sample([viewer.feed], 1.0).loss is None, "the first report is the beginning"
    meter.note_block(block(1100, 60), viewer.feed)
    assert meter.sample([viewer.feed], 2.0).loss == 0.1
    meter.note_block(block(1200, 55), viewer.feed)
    assert meter.sample([viewer.feed], 3.0).loss == 0.0, "late packets came in"


def test_what_was_lost_before_the_server_is_not_the_subscribers_fault() -> None:
    camera, viewer = playing()
    meter = Meter()
    meter.note_block(block(1000, 0), viewer.feed)
    for _ in range(10):
        camera.packets("f", size=1)
        camera.frame()
    meter.note_block(block(1100, 10), viewer.feed)
    assert meter.sample([viewer.feed], 1.0).loss == 0.0


def test_what_is_lost_is_told_and_what_has_ended_is_forgotten() -> None:
    camera, viewer = playing()
    meter = Meter()
    assert meter.note_block(block(1000, 50), viewer.feed) == 0
    assert meter.note_block(block(1100, 60), viewer.feed) == 10
    assert meter.note_block(block(1100 + 2 * MOST_EXPECTED, 900), viewer.feed) == 0, "nonsense"
    meter.forget(99)
    assert meter.note_block(block(1300, 80), viewer.feed) == 0, "a new beginning"
    layers = [weakref.ref(each) for each in camera.track.layers.values()]
    del camera, viewer
    gc.collect()
    assert [each() for each in layers] == [None] * 3, "a meter keeps no layer and none of its packets"


def test_few_packets_are_kept_until_they_tell_something() -> None:
    _, viewer = playing()
    meter = Meter()
    for number in range(3):
        meter.note_block(block(1000 + 10 * number, number), viewer.feed)
    assert meter.sample([viewer.feed], 1.0).loss == 0.1


def test_packets_asked_for_again_count_though_reports_hide_them() -> None:
    camera, viewer = playing()
    meter = Meter()
    meter.sample([viewer.feed], 0.0)
    for _ in range(20):
        camera.frame()
    before, lost = len(viewer.got), [each.sequence for each in viewer.got[-8:]]
    viewer.feed.resend(lost, 0)
    viewer.feed.resend(lost, 0)
    viewer.feed.resend([(lost[-1] + 100) % 0x10000], 0)
    assert meter.sample([viewer.feed], 1.0).loss == 8 / before
    for _ in range(20):
        camera.frame()
    assert meter.sample([viewer.feed], 2.0).loss == 0.0


def test_what_is_sent_and_said_is_told_once() -> None:
    camera, viewer = playing()
    meter = Meter()
    meter.sample([viewer.feed], 0.0)
    before = viewer.feed.sent()[1]
    camera.frame()
    meter.note_estimate(123_000)
    first = meter.sample([viewer.feed], 2.0)
    assert first.sent == (viewer.feed.sent()[1] - before) * 8 / 2
    assert (first.estimate, first.highest) == (123_000, 2)
    camera.track.allow(viewer.feed, OFF)
    second = meter.sample([viewer.feed], 3.0)
    assert (second.estimate, second.highest, second.sent) == (None, OFF, 0.0)


def test_sound_counts_in_what_is_lost_and_not_in_what_is_sent() -> None:
    """Clients estimate by their video alone: sound would make a small picture look starved."""
    track = Track("TR_1", "audio", 99)
    layer, feed = track.layer(5, ""), Feed(Shape(111, 1), lambda _: None, lambda _: None)
    track.connect("an", feed)
    meter = Meter()
    for number in range(3):
        packet = Rtp(111, False, number, number * 960, 5, {}, b"sound")
        layer.note(packet, number / 50)
        track.take(layer, packet, number / 50)
        meter.note_block(block(1000 + 50 * number, 5 * number), feed)
    sample = meter.sample([], 1.0)
    assert (sample.loss, sample.highest, sample.sent) == (0.1, OFF, 0.0)
    assert feed.sent()[1] > 0
