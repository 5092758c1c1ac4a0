"""A line that is cut is dead for those on it, and goes through for the next call."""

from __future__ import annotations

import asyncio

import pytest

from demo.line import Line


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


async def _calls(line: Line) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(line.url.rpartition(":")[2]))
    writer.write(b"a lo")
    assert await reader.readexactly(4) == b"a lo"
    return reader, writer


async def test_a_cut_call_ends_and_the_next_is_counted() -> None:
    async with await asyncio.start_server(_echo, "127.0.0.1", 0) as far:
        line = Line("127.0.0.1", far.sockets[0].getsockname()[1])
        await line.start()
        reader, first = await _calls(line)
        assert line.accepted == 1
        line.cut()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        assert line.accepted == 1
        _, second = await _calls(line)
        assert line.accepted == 2
        for writer in (first, second):
            writer.close()
        await line.stop()
