from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server import rtcp
from media_server.feed import MOST_RESENT, Feed
from media_server.forward import Rtp, Shape
from media_server.layers import LAYER_DEAD_S
from media_server.track import Track
from tests.media_server.cameras import FRAME_S, Simulcast, Viewer


def test_everybody_gets_the_layer_it_may_have() -> None:
    camera = Simulcast()
    low, high = Viewer(camera.track, "low"), Viewer(camera.track, "high")
    camera.track.allow(low.feed, 0)
    camera.frame()
    assert low.got == high.got == [], "nothing before a key frame"
    camera.frame(key="qhf")
    camera.frame()
    assert set(low.rids) == {"q"} and high.rids[-1] == "f"
    low.check()
    high.check()


def test_a_change_of_layers_waits_for_a_key_frame_of_the_new_one() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    camera.track.allow(viewer.feed, 1)
    camera.frame(key="q")
    assert viewer.rids[-1] == "f", "it goes on until the other begins"
    assert [each.rank for each in camera.track.keyframes_due(camera.now)] == [1]
    camera.frame(key="h")
    assert viewer.rids[-1] == "h"
    viewer.check()


def test_key_frames_are_asked_for_once_in_a_while_and_until_they_come() -> None:
    camera = Simulcast()
    Viewer(camera.track, "an")
    Viewer(camera.track, "bình")
    camera.frame()
    assert len(camera.track.keyframes_due(camera.now)) == 1
    assert camera.track.keyframes_due(camera.now + 0.1) == []
    assert len(camera.track.keyframes_due(camera.now + 1)) == 1
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    assert camera.track.keyframes_due(camera.now + 9) == []


def test_a_subscriber_that_lost_a_key_frame_gets_another() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="f")
    assert viewer.feed.layer is camera.layer("f")
    camera.layer("f").keyframe_wanted = True
    assert camera.track.keyframes_due(camera.now) == [camera.layer("f")]
    camera.frame(key="f")
    assert camera.track.keyframes_due(camera.now + 9) == []


def test_when_the_best_layer_ends_the_next_one_takes_its_place() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    camera.rids = "qh"
    for _ in range(int((LAYER_DEAD_S + 0.2) / FRAME_S)):
        camera.frame()
    assert viewer.feed.target is camera.layer("h")
    camera.frame(key="h")
    assert viewer.rids[-1] == "h"
    camera.rids = "qhf"
    camera.frame(key="f")
    assert viewer.rids[-1] == "f", "the key frame it comes back with is not missed"
    viewer.check()


def test_a_camera_of_one_layer_is_not_lost_by_those_who_want_little() -> None:
    camera = Simulcast(rids="f")
    viewer = Viewer(camera.track, "an")
    camera.track.allow(viewer.feed, 0)
    camera.frame(key="f")
    camera.frame(key="f")
    assert viewer.rids[-1] == "f"
    camera.track.allow(viewer.feed, -1)
    assert not camera.track.watched
    count = len(viewer.got)
    camera.frame(key="f")
    assert len(viewer.got) == count


def test_who_shares_everything_shares_the_bytes() -> None:
    camera = Simulcast()
    viewers = [Viewer(camera.track, str(each)) for each in range(5)]
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    groups = camera.layer("f").groups
    assert [len(sends) for _, sends in groups] == [5]
    camera.track.mute(muted=True)
    camera.track.mute(muted=False)
    camera.frame(key="f")
    assert [len(sends) for _, sends in camera.layer("f").groups] == [5]
    camera.track.allow(viewers[0].feed, 0)
    camera.frame(key="q")
    camera.track.allow(viewers[0].feed, 2)
    camera.frame(key="f")
    assert sorted(len(sends) for _, sends in camera.layer("f").groups) == [1, 4]


def test_a_layer_nobody_takes_costs_nothing() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="f")
    before = camera.layer("q").packets
    camera.frame()
    assert camera.layer("q").packets == before
    camera.track.disconnect("an")
    before = camera.track.packets
    camera.frame(key="qhf")
    assert camera.track.packets == before
    viewer.check()


def test_a_late_packet_goes_only_to_those_who_miss_it() -> None:
    camera = Simulcast()
    early = Viewer(camera.track, "early")
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    held = camera.packets("f")
    late = Viewer(camera.track, "late")
    camera.frame(key="f")
    camera.deliver("f", held)
    assert len(late.got) == 2
    assert sorted(each.sequence for each in early.got[-4:]) != [each.sequence for each in early.got[-4:]]
    early.got.sort(key=lambda each: (each.sequence - 40000) % 0x10000)
    late.check()


def test_audio_starts_at_once_and_goes_on_after_a_pause_without_a_hole() -> None:
    track = Track("TR_1", "audio", 99)
    viewer = Viewer(track, "an")
    layer = track.layer(5, "")

    def say(sequence: int, timestamp: int, now: float) -> None:
        packet = Rtp(111, False, sequence, timestamp, 5, {}, b"sound")
        layer.note(packet, now)
        track.take(layer, packet, now)

    say(10, 1000, 1.0)
    track.mute(muted=True)
    say(11, 1960, 1.02)
    track.mute(muted=False)
    say(500, 900_000, 11.0)
    assert [each.sequence for each in viewer.got] == [10, 11]
    assert viewer.got[1].timestamp - viewer.got[0].timestamp == 480_000, (
        "its clock jumped: the time that passed"
    )
    track.mute(muted=True)
    track.mute(muted=False)
    say(501, 900_990, 11.02)
    assert (viewer.got[2].sequence, viewer.got[2].ssrc) == (12, 99)
    assert viewer.got[2].timestamp - viewer.got[1].timestamp == 990, "its clock went on"


def test_what_was_lost_is_sent_again_in_the_subscribers_numbers() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    for key in ("qhf", "qhf", "", ""):
        camera.frame(key=key)
    for ceiling in (0, 1, 2):
        camera.track.allow(viewer.feed, ceiling)
        camera.frame(key="qhf")
        camera.frame()
    sent = list(viewer.got)
    viewer.got.clear()
    viewer.feed.resend([each.sequence for each in sent], 0)
    assert viewer.got == sent
    assert (viewer.feed.take_missed(), viewer.feed.take_missed()) == (len(sent), 0)
    viewer.got.clear()
    viewer.feed.resend([(sent[-1].sequence + each) % 0x10000 for each in range(1, 40)], 0)
    assert viewer.got == [], "what was never sent cannot be sent again"


def test_nobody_can_ask_for_everything_over_and_over() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    number = viewer.got[-1].sequence
    viewer.got.clear()
    viewer.feed.resend([number] * 2 * MOST_RESENT, 0)
    assert len(viewer.got) == MOST_RESENT
    assert viewer.feed.take_missed() == 1
    viewer.feed.resend([number], 0)
    assert len(viewer.got) == MOST_RESENT + 1


def test_a_publisher_that_begins_a_new_stream_is_followed() -> None:
    track = Track("TR_1", "audio", 99)
    viewer = Viewer(track, "an")
    for number in range(40):
        layer = track.layer(5 if number < 20 else 6, "")
        packet = Rtp(111, False, number * (1 if number < 20 else 100), number * 960, layer.ssrc, {}, b"sound")
        layer.note(packet, 1 + number / 50)
        track.take(layer, packet, 1 + number / 50)
        track.look()
    assert {each.sequence for each in viewer.got[:21]} == set(range(21))
    assert viewer.feed.layer is track.layer(6, "")


def test_the_clock_goes_on_exactly_where_sender_reports_tell_it() -> None:
    camera = Simulcast()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="qhf")
    camera.frame(key="qhf")
    for rid in "qhf":
        rtp_time = (int(camera.now * 90000) + ord(rid) * 7_000_000) % (1 << 32)
        camera.layer(rid).report = rtcp.SenderReport(
            ssrc=ord(rid), ntp=int(camera.now * (1 << 32)), rtp_time=rtp_time
        )
        camera.track.report(camera.layer(rid))
    told = rtcp.read(viewer.rtcp[-1]).reports[0]
    assert (told.ssrc, told.rtp_time) == (99, viewer.got[-1].timestamp)
    camera.track.allow(viewer.feed, 0)
    camera.now += 0.004  # it comes a little late, its own clock says when it was taken
    last = viewer.got[-1].timestamp
    camera.frame(key="q")
    passed = (viewer.got[-1].timestamp - last) % (1 << 32)
    assert abs(passed - (FRAME_S + 0.004) * 90000) <= 2
    after = rtcp.read(viewer.rtcp[-1]).reports[0]
    seconds = (after.ntp - told.ntp) / (1 << 32)
    moved = (after.rtp_time - told.rtp_time) % (1 << 32)
    assert abs(moved - seconds * 90000) <= 2, "one clock for the subscriber"


ACTS = st.one_of(
    st.sampled_from(["frame", "mute", "unmute", "leave q", "leave f", "back", "report"]),
    st.sampled_from(["q", "h", "f", "qh", "hf", "qhf"]).map(lambda rids: f"key {rids}"),
    st.tuples(st.integers(0, 1), st.integers(-1, 2)).map(lambda pair: f"allow {pair[0]} {pair[1]}"),
    st.sampled_from(["q", "h", "f"]).map(lambda rid: f"padding {rid}"),
)


def _act(camera: Simulcast, viewers: list[Viewer], act: str) -> None:
    name, _, rest = act.partition(" ")
    if name in ("mute", "unmute"):
        camera.track.mute(muted=name == "mute")
    elif name == "allow":
        which, ceiling = rest.split()
        camera.track.allow(viewers[int(which)].feed, int(ceiling))
    elif name == "leave":
        camera.rids = camera.rids.replace(rest, "") or camera.rids
    elif name == "back":
        camera.rids = "qhf"
    elif name == "report":
        for layer in camera.track.layers.values():
            rtp_time = (int(camera.now * 90000) + layer.ssrc * 7_000_000) % (1 << 32)
            layer.report = rtcp.SenderReport(
                ssrc=layer.ssrc, ntp=int(camera.now * (1 << 32)), rtp_time=rtp_time
            )
    else:
        camera.frame(key=rest if name == "key" else "", padding=rest if name == "padding" else "")


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, max_size=60))
def test_whatever_changes_a_subscriber_sees_one_stream(acts: list[str]) -> None:
    camera = Simulcast()
    viewers = [Viewer(camera.track, "an"), Viewer(camera.track, "bình")]
    for act in acts:
        _act(camera, viewers, act)
    for viewer in viewers:
        viewer.check()
        sent = viewer.feed.sent()
        assert sent == (len(viewer.got), sum(len(each.payload) for each in viewer.got))


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(12)), st.integers(0, 11))
def test_packets_in_any_order_keep_their_places(order: list[int], join: int) -> None:
    camera = Simulcast(rids="f")
    camera.frame()
    viewer = Viewer(camera.track, "an")
    camera.frame(key="f")
    packets = [each for _ in range(6) for each in camera.packets("f")]
    for place, number in enumerate(order):
        if place == join:
            camera.track.connect("bình", Feed(Shape(96, 0), lambda _: None, lambda _: None))
        camera.deliver("f", [packets[number]])
    first = viewer.got[0].sequence
    numbers = [(each.sequence - first) % 0x10000 for each in viewer.got]
    assert sorted(numbers) == list(range(14)), "each once"
