from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from aioice import stun

from media_server.doors import Caps, Doors
from media_server.ice import IceMux, IceSession
from media_server.paths import Frames, TcpPath
from media_server.testing import running_server
from tests.media_server.people import People, until
from tests.media_server.strangers import check, framed

CAPS = Caps(tcp_backlog=50_000, tcp_waiting_per_address=3)


@pytest.fixture
async def mux() -> AsyncIterator[IceMux]:
    opened = IceMux(CAPS)
    await opened.open(Doors(addresses=["127.0.0.1"], udp=False))
    yield opened
    opened.close()
    await asyncio.sleep(0)


async def _dial(mux: IceMux) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = mux.door.addresses()[0]
    return await asyncio.open_connection(host, port)


async def _packet(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))


async def _ended(reader: asyncio.StreamReader) -> bool:
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            return await reader.read() == b""
    return True


async def _drained(sock: socket.socket) -> bytes:
    """Everything until nothing more comes."""
    sock.setblocking(False)
    got = bytearray()
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(0.3):
                got += await asyncio.get_running_loop().sock_recv(sock, 65536)
    return bytes(got)


async def test_a_connection_carries_checks_handshake_and_media(mux: IceMux) -> None:
    dtls: list[bytes] = []
    media: list[bytes] = []
    session = IceSession(mux, dtls.append, media.append)
    reader, writer = await _dial(mux)
    writer.write(framed(check(session.current.ufrag, session.current.pwd)))
    answer = stun.parse_message(await _packet(reader))
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == writer.get_extra_info("sockname")
    stream = framed(b"\x16handshake", b"", b"\x80media")
    writer.write(stream[:5])
    await asyncio.sleep(0.02)
    writer.write(stream[5:])
    await until(lambda: media)
    assert (dtls, media) == ([b"\x16handshake"], [b"\x80media"])
    session.send(b"\x80down")
    assert await _packet(reader) == b"\x80down"
    assert not mux.door.waiting
    session.close()
    assert await _ended(reader)
    await until(lambda: not mux.door.connections)
    writer.close()


@pytest.mark.parametrize(
    "first",
    [b"\x16no check first", b"\x80media", check("nobody", "x" * 24)],
    ids=["a handshake", "media", "a check of nobody"],
)
async def test_who_shows_no_credentials_is_cut_off(mux: IceMux, first: bytes) -> None:
    reader, writer = await _dial(mux)
    writer.write(framed(first))
    assert await _ended(reader)
    writer.close()


async def test_waiting_connections_of_one_address_are_few(mux: IceMux) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    inside = [await _dial(mux)]
    inside[0][1].write(framed(check(session.current.ufrag, session.current.pwd)))
    await _packet(inside[0][0])
    idle = [await _dial(mux) for _ in range(3)]
    refused = await _dial(mux)
    assert await _ended(refused[0])
    session.send(b"\x80down")
    assert await _packet(inside[0][0]) == b"\x80down"
    for _, writer in (*inside, *idle, refused):
        writer.close()
    await until(lambda: not mux.door.connections)
    assert not mux.door.waiting


async def test_a_slow_reader_loses_packets_and_memory_stays_bounded(mux: IceMux) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(mux.door.addresses()[0])
        sock.sendall(framed(check(session.current.ufrag, session.current.pwd)))
        await until(lambda: session.selected is not None)
        for _ in range(5000):
            session.send(b"\x80" + bytes(1199))
        await asyncio.sleep(0.01)
        assert mux.traffic.dropped > 1000
        assert isinstance(session.selected, TcpPath)
        answer, *packets = Frames().feed(await _drained(sock))
        assert answer[0] == 1
        assert all(len(each) == 1200 for each in packets)
        assert len(packets) == 5000 - mux.traffic.dropped
    session.close()


async def test_when_a_connection_breaks_the_session_uses_another(mux: IceMux) -> None:
    session = IceSession(mux, lambda _: None, lambda _: None)
    dialled = [await _dial(mux) for _ in range(2)]
    for reader, writer in dialled:
        writer.write(framed(check(session.current.ufrag, session.current.pwd)))
        await _packet(reader)
    dialled[1][1].close()
    await until(lambda: len(session.paths) == 1)
    session.send(b"\x80down")
    assert await _packet(dialled[0][0]) == b"\x80down"
    dialled[0][1].close()
    await until(lambda: session.selected is None)


async def test_sdk_clients_meet_where_udp_is_blocked() -> None:
    async with running_server(auto_create=True, rtc_transports=("tcp",)) as server:
        async with People(server) as people:
            an, binh = [await people.join("họp", each) for each in ("an", "bình")]
            await people.speak(an)
            await people.show(an)
            await until(lambda: binh.heard("an", 440.0))
            await until(lambda: binh.seen("frame"))
            await binh.room.local_participant.publish_data(b"nghe", reliable=True)
            await until(lambda: an.seen("data_received"))
            paths = [
                each.downlink.transport.ice.selected
                for each in server.server.hall.rooms["họp"].participants.values()
            ]
            assert all(isinstance(path, TcpPath) for path in paths)
        await until(lambda: not server.server.mux.door.connections)
