from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.paths import BadFrame, Frames
from tests.media_server.strangers import framed


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=10), st.lists(st.integers(1, 50), max_size=20))
def test_however_the_stream_is_cut_the_packets_are_the_same(packets: list[bytes], cuts: list[int]) -> None:
    stream, frames, got = framed(*packets), Frames(), []
    for cut in cuts:
        got += frames.feed(stream[:cut])
        stream = stream[cut:]
    assert got + frames.feed(stream) == [each for each in packets if each]


def test_a_frame_too_long_is_refused() -> None:
    with pytest.raises(BadFrame):
        Frames().feed(b"GET / HTTP/1.1\r\n")
