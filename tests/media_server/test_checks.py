from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.checks import binding_response, new_credentials, peek_ufrag, read_binding_request
from tests.media_server.strangers import check

PWD = "p" * 22


def test_credentials_are_never_the_same() -> None:
    assert new_credentials() != new_credentials()


def test_the_fragment_is_read_without_the_rest() -> None:
    assert peek_ufrag(check("abcd", PWD)) == "abcd"


@pytest.mark.parametrize(
    "datagram",
    [b"", b"\x00" * 19, b"\x01\x01" + check("abcd", PWD)[2:], check("abcd", PWD)[:-1], b"\x00" * 40],
)
def test_what_is_no_request_has_no_fragment(datagram: bytes) -> None:
    assert peek_ufrag(datagram) == ""


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120) | st.binary(max_size=60).map(lambda rest: check("abcd", PWD)[:30] + rest))
def test_no_datagram_harms_the_reader(datagram: bytes) -> None:
    request = read_binding_request(datagram)
    if request is not None:
        assert binding_response(request.message, ("127.0.0.1", 9), "pwd")
    assert isinstance(peek_ufrag(datagram), str)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.integers(1, 255))
def test_one_changed_byte_of_what_is_signed_never_passes(position: int, change: int) -> None:
    good = check("abcd", PWD)
    signed = len(good) - 8  # the fingerprint comes after the signature
    changed = bytearray(good)
    changed[position % signed] ^= change
    request = read_binding_request(bytes(changed))
    assert request is None or not request.message.check_message_integrity(PWD.encode())
