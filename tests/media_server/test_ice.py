from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from aioice import stun

from media_server.doors import Caps, Doors
from media_server.ice import IceMux, IceSession, candidate_lines
from tests.media_server.strangers import check


@pytest.fixture
async def mux() -> AsyncIterator[IceMux]:
    opened = IceMux()
    await opened.open(Doors(addresses=["127.0.0.1"]))
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


async def test_a_good_check_opens_the_path_both_ways(mux: IceMux, client: socket.socket) -> None:
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
async def test_a_bad_check_is_not_answered(mux: IceMux, client: socket.socket, wrong: str) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    ufrag = "x" * 8 if wrong == "ufrag" else session.current.ufrag
    pwd = "x" * 24 if wrong == "pwd" else session.current.pwd
    client.sendto(check(ufrag, pwd), mux.addresses()[0])
    await asyncio.sleep(0.1)
    assert session.selected is None
    with pytest.raises(BlockingIOError):
        client.recv(100)


async def test_after_a_restart_both_credentials_work(mux: IceMux, client: socket.socket) -> None:
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


async def test_of_paths_nominated_at_first_sight_the_best_is_used(mux: IceMux, client: socket.socket) -> None:
    """Firefox checks each of its addresses so, in any order, and listens on the best one."""
    session = IceSession(mux, lambda _: None, lambda _: None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.setblocking(False)
        for sock, priority in ((client, 1862270975), (other, 1853824767), (client, 1862270975)):
            sock.sendto(
                check(session.current.ufrag, session.current.pwd, priority=priority), mux.addresses()[0]
            )
            await _answer(sock)
        session.send(b"\x80down")
        assert await _answer(client) == b"\x80down"
        session.restart()
        other.sendto(check(session.current.ufrag, session.current.pwd), mux.addresses()[0])
        await _answer(other)
        session.send(b"\x80again")
        assert await _answer(other) == b"\x80again", "what was before an ICE restart no longer counts"


async def test_a_closing_session_leaves_a_path_that_another_took_over(
    mux: IceMux, client: socket.socket
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


async def test_strange_checks_of_one_session_are_shed_and_its_own_go_on(
    mux: IceMux, client: socket.socket
) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    good = check(session.current.ufrag, session.current.pwd)
    client.sendto(good, mux.addresses()[0])
    await _answer(client)
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    forged = check(session.current.ufrag, "x" * 24)
    for _ in range(500):
        other.sendto(forged, mux.addresses()[0])
    other.close()
    client.sendto(good, mux.addresses()[0])
    assert stun.parse_message(await _answer(client)).message_class == stun.Class.RESPONSE
    assert mux.traffic.strangers == 500


async def test_a_peer_over_its_cap_is_not_heard(client: socket.socket) -> None:
    mux = IceMux(Caps(packets=10))
    await mux.open(Doors(addresses=["127.0.0.1"], tcp=False))
    media: list[bytes] = []
    session = IceSession(mux, lambda _: None, media.append)
    client.sendto(check(session.current.ufrag, session.current.pwd), mux.addresses()[0])
    await _answer(client)
    for _ in range(50):
        client.sendto(b"\x80media", mux.addresses()[0])
    await asyncio.sleep(0.05)
    assert len(media) == 10
    assert mux.traffic.shed == 40
    mux.close()


async def test_ipv6_is_served() -> None:
    mux = IceMux()
    try:
        await mux.open(Doors(addresses=["::1"]))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    session = IceSession(mux, lambda _: None, lambda _: None)
    host, port = mux.addresses()[0]
    assert mux.candidates()[0].split()[4:] == ["::1", str(port), "typ", "host"]
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind(("::1", 0))
        sock.sendto(check(session.current.ufrag, session.current.pwd), (host, port))
        seen = stun.parse_message(await _answer(sock)).attributes["XOR-MAPPED-ADDRESS"]
        assert seen == sock.getsockname()[:2]
    mux.close()


async def test_udp_and_tcp_share_the_number_of_the_port() -> None:
    mux = IceMux()
    await mux.open(Doors(addresses=["127.0.0.1"]))
    assert mux.door.addresses() == mux.addresses()
    mux.close()
    await mux.open(Doors(addresses=["127.0.0.1"], udp=False))
    assert mux.addresses() == []
    assert [each.split()[2] for each in mux.candidates()] == ["tcp"]
    mux.close()


async def test_a_taken_tcp_port_leaves_udp(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        mux = IceMux()
        await mux.open(Doors(addresses=["127.0.0.1"], port=port))
        assert mux.addresses() == [("127.0.0.1", port)]
        assert mux.door.addresses() == []
        mux.close()
        with pytest.raises(OSError, match="in use"):
            await mux.open(Doors(addresses=["127.0.0.1"], tcp_port=port))
    assert [record.getMessage() for record in caplog.records] == ["TCP port taken, no media over TCP"]


async def test_addresses_outside_a_nat_are_announced_before_the_own_ones() -> None:
    mux = IceMux()
    await mux.open(Doors(addresses=["127.0.0.1"], announced=["203.0.113.7", "2001:db8::7"], tcp=False))
    port = str(mux.addresses()[0][1])
    assert [each.split()[4:6] for each in mux.candidates()] == [["203.0.113.7", port], ["127.0.0.1", port]]
    mux.close()


def test_candidates_come_best_first() -> None:
    lines = candidate_lines([("192.0.2.1", 7), ("2001:db8::1", 7)], [("192.0.2.1", 8)])
    assert [each.split()[2] for each in lines] == ["udp", "udp", "tcp"]
    assert lines[2].endswith(" 192.0.2.1 8 typ host tcptype passive")
    priorities = [int(each.split()[3]) for each in lines]
    assert priorities == sorted(priorities, reverse=True)
    assert len({each.split()[0] for each in lines}) == 3, "a foundation each"


async def test_a_session_keeps_sixteen_paths_and_the_one_in_use(mux: IceMux, client: socket.socket) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    client.sendto(check(session.current.ufrag, session.current.pwd), mux.addresses()[0])
    await _answer(client)
    for _ in range(20):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.setblocking(False)
            other.sendto(
                check(session.current.ufrag, session.current.pwd, nominate=False), mux.addresses()[0]
            )
            await _answer(other)
    assert len(session.paths) == 16
    session.send(b"\x80down")
    assert await _answer(client) == b"\x80down"
