from __future__ import annotations

import itertools
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.forward import (
    CACHE_PACKETS,
    Rtp,
    Shape,
    Track,
    fan_out,
    read_rtp,
    starts_keyframe,
    write_rtp,
)

KEY = bytes([0x10, 0x00]) + b"key"
DELTA = bytes([0x10, 0x01]) + b"delta"


def packet(sequence: int, timestamp: int = 0, payload: bytes = b"sound", ssrc: int = 5) -> Rtp:
    return Rtp(96, False, sequence & 0xFFFF, timestamp, ssrc, {}, payload)


def test_a_packet_is_read_with_its_extensions_and_padding() -> None:
    head = struct.pack("!BBHLL", 0xB1, 0x80 | 111, 9, 10, 11)
    ext = struct.pack("!HH", 0xBEDE, 1) + bytes([0x30, 0x85, 0x00, 0x00])
    read = read_rtp(head + b"CSRC" + ext + b"opus" + b"\x00\x00\x03")
    assert read == Rtp(111, True, 9, 10, 11, {3: b"\x85"}, b"opus")


def test_two_byte_extensions_are_read() -> None:
    head = struct.pack("!BBHLL", 0x90, 111, 9, 10, 11)
    ext = struct.pack("!HH", 0x1000, 1) + bytes([0x03, 0x01, 0x85, 0x00])
    read = read_rtp(head + ext + b"x")
    assert read is not None and read.extensions == {3: b"\x85"}


def test_the_level_goes_on_under_the_subscribers_number() -> None:
    given_packet = Rtp(63, True, 1, 2, 3, {3: b"\x85", 4: b"1"}, b"opus")
    out = read_rtp(write_rtp(given_packet, Shape(111, 1), 3))
    assert out == Rtp(111, True, 1, 2, 3, {1: b"\x85"}, b"opus")
    plain = read_rtp(write_rtp(given_packet, Shape(96, 0, 77), 3))
    assert plain == Rtp(96, True, 1, 2, 77, {}, b"opus")


def test_every_sink_gets_the_same_bytes_written_once_per_shape() -> None:
    first, second, other = list[bytes](), list[bytes](), list[bytes]()
    fan_out(
        packet(1),
        3,
        [(Shape(111, 1), first.append), (Shape(111, 1), second.append), (Shape(100, 0), other.append)],
    )
    assert first[0] is second[0]
    assert other[0][1] == 100


def test_a_muted_track_is_silent_and_goes_on_without_a_hole() -> None:
    track = Track("TR_1", "audio", 99)
    layer = track.layer(5, "")
    first = track.accept(layer, packet(10, 1000), 1.0)
    track.mute(muted=True)
    assert track.accept(layer, packet(11, 1960), 1.02) is None
    track.mute(muted=False)
    later = track.accept(layer, packet(500, 500_000), 11.0)
    assert first is not None and later is not None
    assert (later.sequence, later.ssrc) == (first.sequence + 1, 99)
    assert later.timestamp == first.timestamp + 480_000
    assert track.outgoing_time(500_000) == later.timestamp


def test_video_begins_with_a_key_frame_and_climbs_to_the_best_layer() -> None:
    track = Track("TR_1", "video", 99)
    low, high = track.layer(1, "q"), track.layer(2, "f")
    low.last_seen = high.last_seen = 1.0
    assert track.accept(low, packet(1, payload=DELTA), 1.0) is None
    assert track.accept(low, packet(2, payload=KEY), 1.0) is not None
    assert track.upgradable(1.1)
    assert track.wants_keyframe(1.1) is high
    assert track.wants_keyframe(1.2) is None, "asked too soon"
    up = track.accept(high, packet(900, 50, KEY), 1.2)
    assert up is not None and up.sequence == 3
    assert track.accept(low, packet(3, payload=KEY), 1.3) is None, "the better layer is live"
    assert not track.upgradable(1.3)
    high.last_seen, low.last_seen = 1.2, 3.0
    assert track.upgradable(3.0)
    assert track.accept(low, packet(4, payload=KEY), 3.0) is not None


def test_packets_already_sent_are_found_again() -> None:
    track = Track("TR_1", "audio", 99)
    layer = track.layer(5, "")
    for number in range(CACHE_PACKETS + 5):
        track.accept(layer, packet(number, number), number / 50)
    assert track.cached(4) is None
    found = track.cached(1000)
    assert found is not None and found.sequence == 1000


def test_missing_packets_are_asked_for_three_times() -> None:
    layer = Track("TR_1", "video", 99).layer(5, "")
    layer.note(packet(1), 0.0)
    assert layer.note(packet(4), 0.0) == [2, 3]
    assert layer.note(packet(2), 0.1) == []
    assert [layer.again() for _ in range(4)] == [[3], [3], [3], []]


def test_key_frames_are_known_by_the_vp8_header() -> None:
    assert starts_keyframe(KEY)
    assert not starts_keyframe(DELTA)
    assert starts_keyframe(bytes([0x90, 0x80, 0x81, 0x01, 0x00]))
    assert not starts_keyframe(bytes([0x11, 0x00])), "another partition"
    assert not starts_keyframe(b"")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=64))
def test_no_payload_harms_the_key_frame_check(payload: bytes) -> None:
    assert starts_keyframe(payload) in (True, False)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=64) | st.binary(max_size=64).map(lambda rest: b"\xb0\x60" + rest))
def test_no_bytes_harm_the_reader(data: bytes) -> None:
    read = read_rtp(data)
    if read is not None:
        assert read_rtp(write_rtp(read, Shape(111, 1), 3)) is not None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["packet", "mute", "unmute"]), max_size=60), st.integers(0, 65535))
def test_outgoing_numbers_never_jump(acts: list[str], sequence: int) -> None:
    track, sent = Track("TR_1", "audio", 99), list[int]()
    layer = track.layer(5, "")
    for at, act in enumerate(acts):
        if act != "packet":
            track.mute(muted=act == "mute")
            continue
        sequence += 1
        out = track.accept(layer, packet(sequence, sequence * 960), at / 50)
        sent += [out.sequence] if out is not None else []
    assert all((b - a) & 0xFFFF == 1 for a, b in itertools.pairwise(sent))
