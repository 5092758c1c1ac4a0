from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.forward import Rtp, Shape, fan_out, primary, read_rtp, write_rtp


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
        [(Shape(111, 1), [first.append, second.append]), (Shape(100, 0), [other.append])],
    )
    assert first[0] is second[0]
    assert other[0][1] == 100


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=64) | st.binary(max_size=64).map(lambda rest: b"\xb0\x60" + rest))
def test_no_bytes_harm_the_reader(data: bytes) -> None:
    read = read_rtp(data)
    if read is not None:
        assert read_rtp(write_rtp(read, Shape(111, 1), 3)) is not None


def test_a_packet_of_padding_keeps_its_number() -> None:
    padding = read_rtp(struct.pack("!BBHLL", 0xA0, 96, 7, 8, 9) + bytes(30) + b"\x1f")
    assert padding is not None and padding.payload == b""
    out = read_rtp(write_rtp(padding, Shape(96, 0, sequence=3), 0))
    assert out is not None and (out.sequence, out.payload) == (10, b"")


def test_a_shape_shifts_every_number_around() -> None:
    payload = bytes([0x90, 0xE0, 0xFF, 0xFF, 0xFF, 0x20]) + b"frame"
    given_packet = Rtp(96, False, 0xFFFF, 0xFFFFFFFF, 3, {}, payload, 0x7FFF, 0xFF)
    out = read_rtp(write_rtp(given_packet, Shape(96, 0, sequence=2, time=3, picture=4, index=5), 0))
    assert out is not None and (out.sequence, out.timestamp) == (1, 2)
    assert out.payload == bytes([0x90, 0xE0, 0x80, 0x03, 0x04, 0x20]) + b"frame"


def test_older_audio_goes_only_to_those_who_understand_it() -> None:
    red = bytes([0x80 | 111, 0x0F, 0x00 | 0x00, 3]) + bytes([111]) + b"old" + b"new"
    given_packet = Rtp(63, False, 1, 2, 3, {}, red, red=True)
    with_red = read_rtp(write_rtp(given_packet, Shape(111, 0, red_type=63), 0))
    without = read_rtp(write_rtp(given_packet, Shape(111, 0), 0))
    assert with_red is not None and (with_red.payload_type, with_red.payload) == (63, red)
    assert without is not None and (without.payload_type, without.payload) == (111, b"new")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=3), st.binary(min_size=1, max_size=20))
def test_the_newest_audio_is_found_behind_any_older_audio(older: list[bytes], newest: bytes) -> None:
    heads = b"".join(struct.pack("!BBH", 0x80 | 111, 0, len(each)) for each in older)
    assert primary(heads + bytes([111]) + b"".join(older) + newest) == newest


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_no_redundant_payload_harms(payload: bytes) -> None:
    assert payload.endswith(primary(payload))
