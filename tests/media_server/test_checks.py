from __future__ import annotations

import struct

import pytest
from aioice import stun
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.checks import binding_response, new_credentials, peek_ufrag, read_binding_request
from tests.media_server.strangers import check

PWD = "p" * 22
ADDRESSES = st.ip_addresses().map(str)
DATAGRAMS = st.binary(max_size=120) | st.binary(max_size=60).map(lambda rest: check("abcd", PWD)[:30] + rest)


def library_says(datagram: bytes) -> tuple[str, bool] | None:
    """Fragment and nomination, if a general STUN library takes the datagram for a request signed with `PWD`."""
    try:
        message = stun.parse_message(datagram)
        username = str(message.attributes["USERNAME"])
    except (ValueError, KeyError, IndexError, struct.error):
        return None
    if message.message_class != stun.Class.REQUEST or not message.check_message_integrity(PWD.encode()):
        return None
    return username.partition(":")[0], "USE-CANDIDATE" in message.attributes


def we_say(datagram: bytes) -> tuple[str, bool] | None:
    """The same by us."""
    request = read_binding_request(datagram)
    if request is None or not request.is_signed_with(PWD):
        return None
    return request.ufrag, request.nominated


def test_credentials_are_never_the_same() -> None:
    assert new_credentials() != new_credentials()


def test_the_fragment_is_read_without_the_rest() -> None:
    assert peek_ufrag(check("abcd", PWD)) == "abcd"


@pytest.mark.parametrize(
    "datagram",
    [b"", b"\x00" * 19, b"\x01\x01" + check("abcd", PWD)[2:], check("abcd", PWD)[:-1], b"\x00" * 40],
    ids=["empty", "short", "an answer", "cut off", "without a cookie"],
)
def test_what_is_no_request_has_no_fragment(datagram: bytes) -> None:
    assert peek_ufrag(datagram) == ""


@pytest.mark.parametrize("nominate", [True, False])
def test_a_request_means_the_same_as_to_a_library(nominate: bool) -> None:
    datagram = check("abcd", PWD, nominate=nominate)
    assert we_say(datagram) == library_says(datagram) == ("abcd", nominate)
    other = read_binding_request(datagram)
    assert other is not None and other.priority == 1
    assert not other.is_signed_with("x" * 22)


@settings(max_examples=100, deadline=None)
@given(ADDRESSES, st.integers(0, 65535), st.binary(min_size=12, max_size=12))
def test_an_answer_is_what_a_library_reads(host: str, port: int, transaction: bytes) -> None:
    answer = stun.parse_message(binding_response(transaction, (host, port), PWD))
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.transaction_id == transaction
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == (host, port)
    assert answer.check_message_integrity(PWD.encode())
    assert "FINGERPRINT" in answer.attributes


@settings(max_examples=100, deadline=None)
@given(DATAGRAMS)
def test_no_datagram_harms_the_reader(datagram: bytes) -> None:
    assert we_say(datagram) is None
    assert isinstance(peek_ufrag(datagram), str)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.integers(1, 255))
def test_a_request_with_one_changed_byte_is_what_it_is_to_a_library(position: int, change: int) -> None:
    good = check("abcd", PWD)
    at = position % len(good)
    changed = bytearray(good)
    changed[at] ^= change
    assert we_say(bytes(changed)) == library_says(bytes(changed))
    assert we_say(bytes(changed)) is None or at >= len(good) - 8, "the checksum is not signed"
