from __future__ import annotations

import struct

import pytest

from media_server.sctp import MOST_CONTROL, MOST_PARAMETERS, MOST_RESETS, is_bearable, within
from tests.media_server.associations import chunk, data, packet

INIT = struct.pack("!LLHHL", 1, 1 << 17, 16, 16, 1)
PARAMETER = struct.pack("!HH", 0xC000, 4)
ENDLESS = struct.pack("!HH", 0xC000, 0)


def sack(*ranges: tuple[int, int]) -> bytes:
    body = struct.pack("!LLHH", 1, 1 << 17, len(ranges), 0)
    return chunk(3, body + b"".join(struct.pack("!HH", *each) for each in ranges))


@pytest.mark.parametrize(
    "chunks",
    [
        chunk(1, INIT),
        chunk(1, INIT + PARAMETER + struct.pack("!HH", 0x8008, 6) + b"\xc0\x82"),
        chunk(4, PARAMETER) + chunk(130, PARAMETER * 2),
        b"".join(data(each, b"x") for each in range(60)) + sack((2, 3), (5, 400)),
        chunk(192, struct.pack("!LHH", 7, 1, 2)),
    ],
    ids=["init", "init with parameters", "heartbeat and reset", "data and acknowledgement", "forward"],
)
def test_what_clients_send_is_borne(chunks: bytes) -> None:
    assert is_bearable(packet(chunks))


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6, 9, 130])
def test_a_parameter_that_leads_nowhere_is_not(kind: int) -> None:
    before = INIT if kind in (1, 2) else b""
    assert is_bearable(packet(chunk(kind, before + PARAMETER)))
    assert not is_bearable(packet(chunk(kind, before + PARAMETER + ENDLESS)))


def test_chunks_that_lead_nowhere_are_not() -> None:
    assert not is_bearable(packet(struct.pack("!BBH", 0, 0, 0) + bytes(20)))
    assert not is_bearable(packet(struct.pack("!BBH", 0, 0, 200) + bytes(20)))


def test_more_work_than_a_client_asks_for_is_not() -> None:
    assert is_bearable(packet(chunk(192, b"") * MOST_CONTROL))
    assert not is_bearable(packet(chunk(192, b"") * (MOST_CONTROL + 1)))
    assert is_bearable(packet(chunk(4, PARAMETER * MOST_PARAMETERS)))
    assert not is_bearable(packet(chunk(4, PARAMETER * (MOST_PARAMETERS + 1))))
    assert not is_bearable(packet(chunk(130, PARAMETER * (MOST_RESETS + 1))))


def test_only_what_was_sent_is_acknowledged() -> None:
    assert list(within([(1, 65535)] * 200, 40)) == [(1, 40)]
    assert list(within([(2, 3), (3, 9), (5, 400)], 40)) == [(2, 3), (5, 40)]
    assert list(within([(0, 5), (9, 8), (50, 60)], 40)) == []
