"""A TCP proxy in front of the signal connection, which can be cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

ABSENT = b"HTTP/1.1 404 Not Found\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Carries bytes both ways until `cut`; answers 404 to paths that begin with `absent`."""

    def __init__(self, target: str, absent: str = "") -> None:
        self.to(target)
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.connections = 0
        self.paths: list[str] = []
        self._absent = absent
        self.silent = False  # takes connections and says nothing, as a network that is away

    def to(self, target: str) -> None:
        """From now on to that server."""
        parts = urlsplit(target)
        self._host, self._port = str(parts.hostname), int(parts.port or 0)

    def cut(self) -> None:
        """Break every connection at once, without a goodbye."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        """Cut, and wait for the carriers."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Its first request tells the path; `paths` holds those let through."""
        self.connections += 1
        self._writers.append(writer)  # at once: browsers open connections ahead of their words
        if self.silent or not (line := await reader.readline()):
            return
        path = line.decode("latin-1").partition(" ")[2].partition("?")[0].partition(" ")[0]
        if self._absent and path.startswith(self._absent):
            writer.write(ABSENT)
            await writer.drain()
            writer.close()
            return
        self.paths.append(path)
        try:
            far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        except OSError:  # the server is away
            writer.close()
            return
        far_writer.write(line)
        self._writers.append(far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(_carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def proxied(target: str, absent: str = "") -> AsyncIterator[Proxy]:
    """A proxy to the server at this address."""
    proxy = Proxy(target, absent)
    listener = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        listener.close()
        await proxy.close()
