"""Several processes behind one signalling address: each room lives in one of them, found by its name."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import room as api
from yarl import URL

from media_server.admission import Admission
from media_server.auth import NotAllowed, check_list, read_token
from media_server.config import MediaConfig
from media_server.http_door import LARGEST_BODY, HttpDoor, bracketed, cors, token_of
from media_server.interfaces import is_local
from media_server.metrics import CONTENT_TYPE, merged
from media_server.worker import Worker

log = logging.getLogger(__name__)

PASSED_ON = ("Authorization", "Content-Type", "User-Agent")
Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a worker said."""

    status: int
    body: bytes
    content_type: str


class Front:
    """The public address. It knows no room: it asks the worker that has it."""

    def __init__(self, config: MediaConfig) -> None:
        self.config = config
        self.workers = [Worker(number, config) for number in range(config.processes)]
        self.admission = Admission(config.limits)
        self.door = HttpDoor.within(config.limits)
        self.url = ""
        self._closing = False
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Start the workers, then listen. Raises OSError."""
        timeout = aiohttp.ClientTimeout(total=15)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        try:
            await asyncio.gather(*(each.start() for each in self.workers))
            port = await self.door.open(self._application(), self.config.host, self.config.port)
        except OSError:
            await self.stop()
            raise
        self.url = f"http://{bracketed(self.config.host)}:{port}"

    async def stop(self, *, drain_s: float = 0.0) -> None:
        """Let every worker tell its people to come back, then free everything."""
        self._closing = True
        await asyncio.gather(*(each.stop(drain_s) for each in self.workers))
        await self.door.close()
        if self._session is not None:
            await self._session.close()

    def media_addresses(self) -> list[str]:
        """`host:port` of every media socket of all workers."""
        return [address for each in self.workers for address in each.media]

    def _application(self) -> web.Application:
        app = web.Application(
            client_max_size=LARGEST_BODY, middlewares=[self.door.watch, cors, self.admission.watch]
        )
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/metrics", self._metrics),
                web.get("/debug/rooms/{room}", self._debug),
                web.get("/rtc", self._signal),
                web.get("/rtc/v1", self._signal),
                web.get("/rtc/validate", self._validate),
                web.get("/rtc/v1/validate", self._validate),
                web.post("/twirp/livekit.RoomService/ListRooms", self._list_rooms),
                web.post("/twirp/{service}/{call}", self._call),
            ]
        )
        return app

    async def _signal(self, request: web.Request) -> web.StreamResponse:
        worker = self._by_token(request)
        if self._session is None or not worker.url or self._closing:
            return web.Response(status=503)
        far_url = URL(worker.url + request.raw_path, encoded=True)
        try:
            far = await self._session.ws_connect(
                far_url, headers=_headers(request), max_msg_size=self.config.limits.signal_message
            )
        except aiohttp.WSServerHandshakeError:
            return _response(await self._ask(worker, request))  # once more, for the text of the refusal
        except aiohttp.ClientError:
            return web.Response(status=503)
        async with far:
            near = web.WebSocketResponse(max_msg_size=self.config.limits.signal_message, compress=False)
            if not near.can_prepare(request):
                return web.Response(status=404)
            await near.prepare(request)
            await _carry(near, far)
        return near

    async def _validate(self, request: web.Request) -> web.Response:
        return _response(await self._ask(self._by_token(request), request))

    async def _call(self, request: web.Request) -> web.Response:
        body = await request.read()
        return _response(await self._ask(self._by_room(_room_named(request, body)), request, body))

    async def _list_rooms(self, request: web.Request) -> web.Response:
        body = await request.read()
        answers = await asyncio.gather(*(self._ask(each, request, body) for each in self.workers))
        refusal = next((each for each in answers if each.status != 200), None)
        return _response(refusal or _together(answers))

    async def _debug(self, request: web.Request) -> web.Response:
        return _response(await self._ask(self._by_room(request.match_info["room"]), request))

    async def _health(self, request: web.Request) -> web.Response:
        answers = await asyncio.gather(*(self._ask(each, request) for each in self.workers))
        well = all(each.status == 200 for each in answers) and not self._closing
        return web.Response(status=200 if well else 503, text="OK" if well else "not all workers are up")

    async def _metrics(self, request: web.Request) -> web.Response:
        if not is_local(request.remote or "", request.headers):
            try:
                check_list(read_token(token_of(request), self.config.keys))
            except NotAllowed:
                return web.Response(status=401)
        answers = await asyncio.gather(*(self._ask(each, request) for each in self.workers))
        pages = {
            f'worker="{number}"': each.body.decode()
            for number, each in enumerate(answers)
            if each.status == 200
        }
        return web.Response(body=merged(pages).encode(), headers={"Content-Type": CONTENT_TYPE})

    async def _ask(self, worker: Worker, request: web.Request, body: bytes = b"") -> Answer:
        """The same request to a worker; 503 if it is down."""
        if self._session is None or not worker.url:
            return Answer(status=503, body=b"", content_type="text/plain")
        url = URL(worker.url + request.raw_path, encoded=True)
        try:
            async with self._session.request(
                request.method, url, data=body or None, headers=_headers(request)
            ) as answer:
                return Answer(
                    status=answer.status, body=await answer.read(), content_type=answer.content_type
                )
        except (aiohttp.ClientError, TimeoutError):
            return Answer(status=503, body=b"", content_type="text/plain")

    def _by_token(self, request: web.Request) -> Worker:
        try:
            return self._by_room(read_token(token_of(request), self.config.keys).room)
        except NotAllowed:
            return self.workers[0]  # any of them says what is wrong with it

    def _by_room(self, name: str) -> Worker:
        return self.workers[shard(name, len(self.workers))]


def shard(room: str, count: int) -> int:
    """Which of `count` workers has the room of this name: the same on every start."""
    return zlib.crc32(room.encode()) % count


async def _carry(near: web.WebSocketResponse, far: aiohttp.ClientWebSocketResponse) -> None:
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


async def _one_way(source: Socket, sink: Socket) -> None:
    while True:
        message = await source.receive()
        if message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        else:
            return


def _headers(request: web.Request) -> Mapping[str, str]:
    return {name: request.headers[name] for name in PASSED_ON if name in request.headers}


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)


def _room_named(request: web.Request, body: bytes) -> str:
    """The room a call is about: field 1 of every request that is about one room. Empty if it cannot be read."""
    try:
        if request.content_type == "application/json":
            given = json.loads(body)
            return str(given.get("room") or given.get("name") or "")
        return api.DeleteRoomRequest.FromString(body).room
    except (DecodeError, ValueError, AttributeError):
        return ""


def _together(answers: Sequence[Answer]) -> Answer:
    """The rooms of all workers as one answer."""
    if answers[0].content_type == "application/json":
        rooms = [room for each in answers for room in json.loads(each.body).get("rooms", [])]
        return Answer(status=200, body=json.dumps({"rooms": rooms}).encode(), content_type="application/json")
    listed = api.ListRoomsResponse()
    for each in answers:
        listed.MergeFromString(each.body)
    return Answer(status=200, body=listed.SerializeToString(), content_type="application/protobuf")
