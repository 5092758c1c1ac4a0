"""A client that only signals, message by message."""

from __future__ import annotations

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from livekit.protocol import rtc

from tests.media_server.people import Reachable, token


class Raw:
    """One signal connection; `heard` has every response so far."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[rtc.SignalResponse] = []

    async def say(self, **request: Any) -> None:
        """Send one request, by the name of its field."""
        await self.socket.send_bytes(rtc.SignalRequest(**request).SerializeToString())

    async def hear(self, kind: str) -> Any:
        """The next response of this kind."""
        async with asyncio.timeout(10):
            while True:
                response = rtc.SignalResponse.FromString((await self.socket.receive()).data)
                self.heard.append(response)
                if response.HasField(kind):
                    return getattr(response, kind)

    async def first(self) -> str:
        """The kind of the next response."""
        response = rtc.SignalResponse.FromString((await self.socket.receive(timeout=10)).data)
        return response.WhichOneof("message") or ""

    async def closed(self) -> int | None:
        """Hear the connection out; the code it was closed with."""
        async with asyncio.timeout(10):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                self.heard.append(rtc.SignalResponse.FromString(message.data))
        return self.socket.close_code


@asynccontextmanager
async def signalling(
    server: Reachable, room: str, identity: str, *, join: rtc.JoinRequest | None = None, **more: str
) -> AsyncIterator[Raw]:
    """Connect: in single mode with a join request, else in dual mode. `more` goes into the address."""
    path = "/rtc" if join is None else "/rtc/v1"
    params = {"access_token": token(server, room, identity, can_update_own_metadata=True), **more}
    if join is not None:
        params["join_request"] = wrapped(join.SerializeToString())
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.url + path, params=params) as socket,
    ):
        yield Raw(socket)


def wrapped(body: bytes, *, packed: bool = True) -> str:
    """The value of `join_request`."""
    kind = rtc.WrappedJoinRequest.GZIP if packed else rtc.WrappedJoinRequest.NONE
    request = rtc.WrappedJoinRequest(compression=kind, join_request=gzip.compress(body) if packed else body)
    return base64.urlsafe_b64encode(request.SerializeToString()).decode().rstrip("=")
