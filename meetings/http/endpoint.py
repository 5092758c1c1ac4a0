"""One JSON endpoint: parse, one service call, answer. The same declaration makes the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from meetings.http.identity import ASKER
from meetings.http.language import LANGUAGE_QUERY
from meetings.http.shapes import Body, Nothing
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Invalid, NotSignedIn
from meetings.kernel.ids import Id, parse_id

API = "/api/v1"
_PREPARED: web.RequestKey[object] = web.RequestKey("prepared", object)

B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Body)


class BadBody(Invalid):
    """The body or query does not have the documented shape; `fields` says where."""

    code = "bad-body"
    message = "Nội dung gửi lên chưa đúng mẫu."

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        super().__init__()
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """What a handler gets: the request with its body and query already parsed. `prepared`: what the endpoint's
    `prepare` made."""

    request: web.Request
    body: B
    query: Q
    prepared: Any = None

    @property
    def asker(self) -> Asker:
        """Who asks. Raises NotSignedIn."""
        if ASKER not in self.request:
            raise NotSignedIn
        return self.request[ASKER]

    def id(self, name: str) -> Id:
        """An identifier from the path. Raises BadId."""
        return parse_id(self.request.match_info[name])

    def part(self, name: str) -> str:
        """Another part of the path, such as a month; the caller parses it."""
        return self.request.match_info[name]


Handler = Callable[[Call[Any, Any]], Awaitable[BaseModel | web.Response]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """A JSON endpoint under /api/v1.

    `anyone`: no sign-in needed. `own_key`: the body carries a client-made id, so that the write is safe to
    repeat by itself and the Idempotency-Key header is not used. `media`: the type of an answer that is a file.
    `prepare`: the slow part of an act, done before any unit of work is opened; it decides and keeps nothing, so
    the handler checks again whether what was made still fits.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answer: type[BaseModel] = Nothing
    body: type[Body] = Body
    query: type[Body] = Body
    status: int = 200
    anyone: bool = False
    own_key: bool = False
    media: str = "application/json"
    tags: tuple[str, ...] = field(default=())
    prepare: Callable[[Call[Any, Any]], Awaitable[object]] | None = None

    @property
    def url(self) -> str:
        """The whole path with its braces."""
        return API + self.path

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method not in {"GET", "HEAD"}

    def path_names(self) -> list[str]:
        """The names in braces."""
        return re.findall(r"{(\w+)}", self.path)

    def route(self) -> web.RouteDef:
        """The route for aiohttp."""
        return web.route(self.method, self.url, self._serve, name=None)

    async def make_ready(self, request: web.Request) -> None:
        """Do the slow part, once a request. Raises what `prepare` raises, NotSignedIn, BadBody."""
        if self.prepare is not None and _PREPARED not in request:
            request[_PREPARED] = await self.prepare(await self._call(request))

    async def _serve(self, request: web.Request) -> web.Response:
        await self.make_ready(request)
        answer = await self.handler(await self._call(request))
        if isinstance(answer, web.Response):
            return answer
        return web.Response(
            body=answer.model_dump_json().encode(), status=self.status, content_type="application/json"
        )

    async def _call(self, request: web.Request) -> Call[Any, Any]:
        if not self.anyone and ASKER not in request:
            raise NotSignedIn
        body, query = await self._body(request), self._query(request)
        return Call(request, body, query, request.get(_PREPARED))

    async def _body(self, request: web.Request) -> Body:
        raw = await request.read() if self.writes else b""
        return _parsed(lambda: self.body.model_validate_json(raw or b"{}"))

    def _query(self, request: web.Request) -> Body:
        if len(set(request.query)) != len(request.query):
            raise BadBody([("query", "repeated")])
        asked = {name: value for name, value in request.query.items() if name != LANGUAGE_QUERY}
        return _parsed(lambda: self.query.model_validate_strings(asked))


def _parsed(parse: Callable[[], Body]) -> Body:
    try:
        return parse()
    except ValidationError as exc:
        raise BadBody([(".".join(map(str, e["loc"])), e["type"]) for e in exc.errors()]) from None
