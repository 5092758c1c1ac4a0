"""What a hostile client can make the server do and hold by SCTP."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcsctptransport import RTCSctpTransport
from hypothesis import given, settings

from bench.media.client import Client as LoadClient
from media_server import transport
from media_server.config import Limits
from media_server.testing import RunningServer, running_server
from media_server.transport import LARGEST_MESSAGE, MOST_CHANNELS, MOST_CHUNKS, MOST_STREAMS, WINDOW
from tests.media_server.associations import (
    FIRST,
    LAST,
    TAG,
    UNORDERED,
    chunk,
    data,
    opening,
    packet,
    together,
)
from tests.media_server.hostile import PARSERS
from tests.media_server.people import People, token, until
from tests.media_server.test_fuzz import mangled

UNBOUNDED = 1 << 40
BEGUN = 1000  # the number before the first chunk


def association(bytes_per_s: int = UNBOUNDED) -> Any:
    """The server's end of one that is set up, with nobody to answer."""
    dtls = RTCDtlsTransport(transport._DtlsPipe(), [transport.new_certificate()])  # type: ignore[arg-type] # as there
    made: Any = transport._Sctp(dtls, bytes_per_s)
    made._local_verification_tag = TAG
    made._last_received_tsn = BEGUN
    made._data_channel_id = 1
    made._remote_port = 5000
    made._set_state(RTCSctpTransport.State.ESTABLISHED)
    return made


async def take(made: Any, chunks: Iterable[bytes]) -> None:
    """Everything, in packets."""
    for each in together(chunks):
        await made._handle_data(packet(each))


def held(made: Any) -> int:
    """Chunks kept."""
    return max(
        sum(len(each.reassembly) for each in made._inbound_streams.values()), len(made._sack_misordered)
    )


@pytest.mark.parametrize("flags", [FIRST | LAST, FIRST, UNORDERED, UNORDERED | FIRST | LAST])
async def test_what_is_ahead_of_a_gap_is_bounded(flags: int) -> None:
    made = association()
    await take(made, (data(BEGUN + 2 + each, b"x", flags=flags) for each in range(12_000)))
    assert 0 < held(made) <= MOST_CHUNKS
    await take(made, (data(BEGUN + 2 + 12_000 + each, bytes(1000), flags=flags) for each in range(1000)))
    assert held(made) <= MOST_CHUNKS


async def test_what_fills_the_gap_is_taken_and_then_everything_goes() -> None:
    made, got = association(), list[bytes]()
    made._data_channel_receive = _noting(got)
    chunks = [data(BEGUN + 2 + each, b"%d" % each, seq=each + 1) for each in range(MOST_CHUNKS)]
    await take(made, chunks)
    assert held(made) == MOST_CHUNKS and got == []
    await take(made, [data(BEGUN + 1, b"first")])
    assert got == [b"first", *(b"%d" % each for each in range(MOST_CHUNKS))]
    assert held(made) == 0 and made._advertised_rwnd == WINDOW


async def test_fragments_that_never_end_are_bounded() -> None:
    made = association()
    await take(made, (data(BEGUN + 1 + each, bytes(1000), flags=FIRST * (not each)) for each in range(2000)))
    assert WINDOW - made._advertised_rwnd <= WINDOW + LARGEST_MESSAGE + 1000
    made = association()
    await take(made, (data(BEGUN + 1 + each, b"", flags=FIRST * (not each)) for each in range(12_000)))
    assert held(made) <= 2 * MOST_CHUNKS


async def test_messages_that_are_never_due_are_bounded() -> None:
    made = association()
    await take(made, (data(BEGUN + 1 + each, b"x", seq=5) for each in range(12_000)))
    assert held(made) <= 2 * MOST_CHUNKS


async def test_channels_and_streams_are_few() -> None:
    made = association()
    for each in range(200):
        await take(made, [data(made._last_received_tsn + 1, opening("kênh"), stream=each, kind=50)])
    assert len(made._data_channels) == MOST_CHANNELS
    assert len(made._inbound_streams) <= MOST_STREAMS


async def test_data_beyond_the_bound_of_bytes_is_not_acknowledged() -> None:
    made = association(bytes_per_s=10_000)
    await take(made, (data(BEGUN + 1 + each, bytes(1000), seq=each) for each in range(1000)))
    assert 20 < made._last_received_tsn - BEGUN < 100


@settings(max_examples=60, deadline=None, derandomize=True)
@given(mangled(PARSERS["SCTP chunks"].samples))
def test_no_chunks_are_too_much_for_an_association(chunks: bytes) -> None:
    async def bear() -> None:
        made = association()
        async with asyncio.timeout(5):
            await made._handle_data(packet(chunks))
            await made._handle_data(packet(data(made._last_received_tsn + 1, b"x")))
        await made._abort()

    asyncio.run(bear())


def _noting(got: list[bytes]) -> Any:
    async def note(_stream: int, _kind: int, payload: bytes) -> None:
        got.append(payload)

    return note


@asynccontextmanager
async def rogue(server: RunningServer, room: str) -> AsyncIterator[tuple[Any, Any]]:
    """An authenticated client that sends what it likes: its end of an association, and the server's."""
    async with aiohttp.ClientSession() as http:
        client = LoadClient(http, transport.new_certificate())
        await asyncio.wait_for(client.join(server.url, token(server, room, "kẻ lạ")), 20)
        theirs: Any = client.subscriber.transport._sctp
        ours: Any = server.server.hall.rooms[room].participants["kẻ lạ"].downlink.transport._sctp
        await until(
            lambda: theirs._remote_verification_tag and theirs._association_state.name == "ESTABLISHED"
        )
        yield theirs, ours
        await client.close()


async def test_an_authenticated_client_with_hostile_chunks_disturbs_nobody(
    server: RunningServer, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    an, binh = await people.join("họp", "an"), await people.join("họp", "bình")
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    async with rogue(server, "họp") as (theirs, ours):
        begun, tag = ours._last_received_tsn, theirs._remote_verification_tag
        hostile = [chunk(4, b"\xc0\x00\x00\x00"), chunk(130, bytes(12))]
        hostile += [data(begun + 2 + each, b"x", flags=FIRST) for each in range(3000)]
        hostile += [data(begun + 1 + each, opening("x"), stream=each, kind=50) for each in range(40)]
        ranges = struct.pack("!LLHH", 1, 1 << 17, 250, 0) + struct.pack("!HH", 1, 65535) * 250
        hostile += [chunk(3, ranges)] * 30
        hostile += list(PARSERS["SCTP chunks"].samples)
        for number, body in enumerate(together(hostile)):
            await theirs.transport._send_data(packet(body, tag))
            if number % 10 == 0:
                await asyncio.sleep(0.01)
        await until(lambda: held(ours) > 0)
        binh.forget()
        await until(lambda: binh.heard("an", 440.0))
        assert held(ours) <= 2 * MOST_CHUNKS
        assert len(ours._data_channels) <= MOST_CHANNELS
        dropped = [each for each in caplog.records if each.getMessage() == "SCTP chunks dropped"]
        assert len(dropped) <= 2, "each end says so once"
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert not binh.seen("reconnecting")


async def test_data_is_slowed_down_and_none_of_it_is_lost() -> None:
    rate, size, count = 100_000, 15_000, 70
    async with (
        running_server(auto_create=True, limits=Limits(peer_data_bytes=rate)) as server,
        People(server) as people,
    ):
        an, binh = [await people.join("họp", each) for each in ("an", "bình")]
        burst, began = rate * transport.DATA_BURST_S, asyncio.get_running_loop().time()

        async def flood() -> None:
            for number in range(count):
                await an.room.local_participant.publish_data(bytes([number]) * size, reliable=True)

        task = asyncio.create_task(flood())
        got: list[Any] = []
        while len(got) < count:
            await asyncio.sleep(0.05)
            got = binh.seen("data_received")
            assert len(got) * size <= burst + rate * (asyncio.get_running_loop().time() - began) + size
        await task
        assert [each.data[0] for each in got] == list(range(count))
        assert not (an.seen("reconnecting") or binh.seen("reconnecting"))
