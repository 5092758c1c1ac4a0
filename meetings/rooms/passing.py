"""Signalling of the media server under the pages' own address, where pages come by https and it speaks plainly.

Browsers let no page that came by https open a plain socket (mixed content), and a hall accepts one certificate only.
Sound and pictures do not come this way: they are encrypted by themselves, between the phone and the media server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from yarl import URL

PATH = "/media"
_KINDS = ("/rtc", "/rtc/v1")  # what livekit-client opens; the calls of servers stay inside
_MOST = 1 << 20  # bytes of one message
_PATIENCE_S = 5.0  # for the connection; what is passed lasts as long as it lasts
_TOLD = ("Authorization", "User-Agent")

_Socket = web.WebSocketResponse | ClientWebSocketResponse


def seen_from(request: web.Request, address: str, public_url: str = "") -> str:
    """Where the browser of this request finds the media server at `address` (empty: none runs)."""
    secure = public_url.startswith("https://") if public_url else request.secure
    if not secure or not address.startswith(("http://", "ws://")):
        return address
    return (public_url.rstrip("/") or f"https://{request.host}") + PATH


class Passing:
    """`address()`: the media server, as this machine reaches it. Tokens are judged there, here nobody is asked."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def routes(self) -> list[web.RouteDef]:
        """Sockets, and the question why one was refused."""
        sockets = [web.get(PATH + kind, self.connect) for kind in _KINDS]
        return [*sockets, *(web.get(f"{PATH}{kind}/validate", self.ask) for kind in _KINDS)]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """GET /media/rtc: until either end closes."""
        near = web.WebSocketResponse(max_msg_size=_MOST, compress=False)
        if not near.can_prepare(request):
            raise web.HTTPNotFound
        patience = ClientTimeout(total=None, connect=_PATIENCE_S, sock_connect=_PATIENCE_S)
        async with ClientSession(timeout=patience) as session:
            try:
                far = await session.ws_connect(
                    self._there(request), headers=_told(request), max_msg_size=_MOST, autoclose=False
                )
            except WSServerHandshakeError as refused:
                return web.Response(status=refused.status)
            except (ClientError, TimeoutError, OSError):
                return web.Response(status=503)
            async with far:
                await near.prepare(request)
                await _carry(near, far)
        return near

    async def ask(self, request: web.Request) -> web.Response:
        """GET /media/rtc/validate."""
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=_PATIENCE_S)) as session,
                session.get(self._there(request), headers=_told(request), allow_redirects=False) as answer,
            ):
                text = (await answer.content.read(_MOST)).decode(errors="replace")
                return web.Response(status=answer.status, text=text)
        except (ClientError, TimeoutError, OSError):
            return web.Response(status=503)

    def _there(self, request: web.Request) -> URL:
        """The same question at the media server. Raises HTTPServiceUnavailable while none runs."""
        if not (address := self._address()):
            raise web.HTTPServiceUnavailable
        http = address.replace("ws", "http", 1) if address.startswith("ws") else address
        asked = request.rel_url.raw_path_qs  # raw_path may hold a whole address (RFC 9112, June 2022, 3.2.2)
        return URL(http.rstrip("/") + asked.removeprefix(PATH), encoded=True)


def _told(request: web.Request) -> Mapping[str, str]:
    return {name: request.headers[name] for name in _TOLD if name in request.headers}


async def _carry(near: web.WebSocketResponse, far: ClientWebSocketResponse) -> None:
    """Until one end closes; then the other is closed with the same code."""
    ways = [asyncio.create_task(_one_way(near, far)), asyncio.create_task(_one_way(far, near))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    code = near.close_code or far.close_code or 1000
    await asyncio.gather(near.close(code=code), far.close(code=code), return_exceptions=True)


async def _one_way(source: _Socket, sink: _Socket) -> None:
    while True:
        message = await source.receive()
        if message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        else:
            return
