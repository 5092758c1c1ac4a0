"""Parsers of everything a stranger may send: they refuse in words of their own, or read; nothing else happens."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media_server.join import BadJoin, inflate
from tests.media_server.hostile import PARSERS

SHORT = settings(max_examples=60, deadline=None, derandomize=True)
LONG = settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mangled(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """A good sample with a few bytes changed, cut out, put in or doubled; or nothing of the kind."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    body = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(["change", "cut", "put", "double"])):
            case "change" if at < len(body):
                body[at] = draw(st.integers(0, 255))
            case "cut":
                del body[at : at + draw(st.integers(1, 16))]
            case "put":
                body[at:at] = draw(st.binary(min_size=1, max_size=8))
            case _:
                body[at:at] = body[at : at + draw(st.integers(1, 40))]
    return bytes(body)


@pytest.mark.parametrize("name", PARSERS)
def test_no_bytes_are_too_much(name: str) -> None:
    @SHORT
    @given(mangled(PARSERS[name].samples))
    def bear(body: bytes) -> None:
        PARSERS[name].bear(body)

    bear()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PARSERS)
def test_no_bytes_are_too_much_for_long(name: str) -> None:
    @LONG
    @given(mangled(PARSERS[name].samples))
    def bear(body: bytes) -> None:
        PARSERS[name].bear(body)

    bear()


@pytest.mark.parametrize("name", PARSERS)
def test_good_samples_are_read(name: str) -> None:
    parser = PARSERS[name]
    assert all(parser.read(sample) for sample in parser.samples), "otherwise nothing but refusals is fuzzed"


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(200 << 20), compresslevel=9, mtime=0)
    tracemalloc.start()
    try:
        with pytest.raises(BadJoin, match="too large"):
            inflate(bomb, 256 << 10)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
