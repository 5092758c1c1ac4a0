from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server import vp8

KEY, DELTA = b"\x00key", b"\x01delta"


def test_the_usual_form_stays_as_it_is() -> None:
    payload = bytes([0x90, 0xE0, 0x80 | 0x12, 0x34, 0x56, 0x20]) + KEY
    assert vp8.normal(payload, vp8.NONE) == (payload, 0x1234, 0x56)


def test_a_short_picture_id_becomes_long_and_is_counted_on() -> None:
    payload = bytes([0x90, 0x80, 0x02]) + DELTA
    assert vp8.normal(payload, vp8.NONE) == (bytes([0x90, 0x80, 0x80, 0x02]) + DELTA, 2, vp8.NONE)
    assert vp8.normal(payload, 127)[1] == 130, "seven bits wrapped"
    assert vp8.normal(payload, 0x7FFF)[1] == 2, "fifteen bits wrapped"
    assert vp8.normal(bytes([0x90, 0x80, 0x7F]) + DELTA, 130)[1] == 127, "a late picture"


def test_a_descriptor_without_numbers_stays() -> None:
    assert vp8.normal(b"\x10" + KEY, 5) == (b"\x10" + KEY, vp8.NONE, vp8.NONE)


def test_the_key_frame_index_is_left_out() -> None:
    with_both = bytes([0x90, 0xF0, 0x80, 0x01, 0x07, 0x60 | 0x1F]) + KEY
    assert vp8.normal(with_both[:1] + with_both[1:], vp8.NONE)[1:] == (1, 7)
    alone = bytes([0x90, 0x10, 0x1F]) + KEY
    assert vp8.normal(alone, vp8.NONE)[0] == b"\x10" + KEY


def test_key_frames_are_known_by_the_header() -> None:
    assert vp8.starts_keyframe(b"\x10" + KEY)
    assert not vp8.starts_keyframe(b"\x10" + DELTA)
    assert vp8.starts_keyframe(bytes([0x90, 0x80, 0x81, 0x01, 0x00]))
    assert not vp8.starts_keyframe(bytes([0x11, 0x00])), "another partition"
    assert not vp8.starts_keyframe(bytes([0x00, 0x00])), "not the start of a partition"
    assert not vp8.starts_keyframe(b"")


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=12) | st.binary(max_size=12).map(lambda rest: b"\x90" + rest),
    st.integers(-1, 0x7FFF),
    st.integers(0, 0x7FFF),
    st.integers(0, 0xFF),
)
def test_numbers_given_are_the_numbers_read(payload: bytes, near: int, picture: int, index: int) -> None:
    plain, number, base = vp8.normal(payload, near)
    assert vp8.starts_keyframe(plain) == vp8.starts_keyframe(payload)
    if number == vp8.NONE:
        assert base == vp8.NONE
        return
    changed = vp8.renumbered(plain, picture, index if base != vp8.NONE else vp8.NONE)
    assert vp8.normal(changed, vp8.NONE) == (changed, picture, index if base != vp8.NONE else vp8.NONE)
    assert len(changed) == len(plain)
    assert vp8.starts_keyframe(changed) == vp8.starts_keyframe(payload)
