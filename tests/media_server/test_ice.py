from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from aioice import stun
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.ice import IceSession, UdpMux, binding_response, new_credentials, read_binding_request


def check(ufrag: str, pwd: str, *, nominate: bool = True) -> bytes:
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:client"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 1
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(pwd.encode())
    return bytes(message)


@pytest.fixture
async def mux() -> AsyncIterator[UdpMux]:
    opened = UdpMux()
    opened.open(["127.0.0.1"], 0)
    yield opened
    opened.close()


@pytest.fixture
def client() -> Iterator[socket.socket]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.setblocking(False)
    yield sock
    sock.close()


async def _answer(client: socket.socket) -> bytes:
    async with asyncio.timeout(5):
        return await asyncio.get_running_loop().sock_recv(client, 2000)


async def test_a_good_check_opens_the_path_both_ways(mux: UdpMux, client: socket.socket) -> None:
    dtls: list[bytes] = []
    media: list[bytes] = []
    session = IceSession(mux, dtls.append, media.append)
    server = mux.addresses()[0]
    client.sendto(b"\x80before the check", server)
    client.sendto(check(session.current.ufrag, session.current.pwd), server)
    answer = stun.parse_message(await _answer(client))
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == client.getsockname()
    client.sendto(b"\x16handshake", server)
    client.sendto(b"\x80media", server)
    client.sendto(b"\x80" * 1501, server)
    session.send(b"\x80down")
    assert await _answer(client) == b"\x80down"
    await asyncio.sleep(0.05)
    assert (dtls, media) == ([b"\x16handshake"], [b"\x80media"])


@pytest.mark.parametrize("wrong", ["ufrag", "pwd"])
async def test_a_bad_check_is_not_answered(mux: UdpMux, client: socket.socket, wrong: str) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    ufrag = "x" * 8 if wrong == "ufrag" else session.current.ufrag
    pwd = "x" * 24 if wrong == "pwd" else session.current.pwd
    client.sendto(check(ufrag, pwd), mux.addresses()[0])
    await asyncio.sleep(0.1)
    assert session.selected is None
    with pytest.raises(BlockingIOError):
        client.recv(100)


async def test_after_a_restart_both_credentials_work(mux: UdpMux, client: socket.socket) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    old = session.current
    session.restart()
    for each in (old, session.current):
        client.sendto(check(each.ufrag, each.pwd), mux.addresses()[0])
        assert stun.parse_message(await _answer(client)).message_class == stun.Class.RESPONSE
    for _ in range(20):
        session.restart()
    assert mux.sessions() == 4, "a client that restarts for ever is not remembered for ever"
    session.close()
    assert mux.sessions() == 0
    client.sendto(check(old.ufrag, old.pwd), mux.addresses()[0])
    await asyncio.sleep(0.1)
    with pytest.raises(BlockingIOError):
        client.recv(100)


async def test_a_closing_session_leaves_a_path_that_another_took_over(
    mux: UdpMux, client: socket.socket
) -> None:
    media: list[bytes] = []
    first = IceSession(mux, lambda _: None, lambda _: None)
    second = IceSession(mux, lambda _: None, media.append)
    for each in (first, second):
        client.sendto(check(each.current.ufrag, each.current.pwd), mux.addresses()[0])
        await _answer(client)
    first.close()
    client.sendto(b"\x80media", mux.addresses()[0])
    await asyncio.sleep(0.05)
    assert media == [b"\x80media"]


def test_candidates_name_every_socket() -> None:
    assert new_credentials() != new_credentials()
    assert UdpMux().candidates() == []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120) | st.binary(max_size=60).map(lambda rest: check("abcd", "p" * 22)[:30] + rest))
def test_no_datagram_harms_the_reader(datagram: bytes) -> None:
    request = read_binding_request(datagram)
    if request is not None:
        assert binding_response(request.message, ("127.0.0.1", 9), "pwd")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.integers(1, 255))
def test_one_changed_byte_of_what_is_signed_never_passes(position: int, change: int) -> None:
    good = check("abcd", "p" * 22)
    signed = len(good) - 8  # the fingerprint comes after the signature
    changed = bytearray(good)
    changed[position % signed] ^= change
    request = read_binding_request(bytes(changed))
    assert request is None or not request.message.check_message_integrity(b"p" * 22)
